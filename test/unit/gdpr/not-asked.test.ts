// What the receipt says of stores that nobody has asked, and that a folder has none besides.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { notAsked, requireStore, storesOf } from '../../../src/cli/gdpr/stores'
import { readSettings } from '../../../src/cli/read-settings'
import { dataVolumes, storesByVariable } from '../../../src/pipeline/deployment/data-volumes'
import { generateFiles } from '../../../src/pipeline/deployment/generate'
import { planOf } from '../../../src/pipeline/deployment/plan'
import { profiles } from '../../../src/pipeline/deployment/profiles'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-stores-'))
  for (const name of Object.keys(process.env)) if (/^(?:AFN|LANGFUSE|XDG)_/.test(name)) vi.stubEnv(name, undefined)
  // a machine without an afn-otel up, a cache and logs
  vi.stubEnv('HOME', folder)
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const options = () => ({
  settings: readSettings(),
  audit: { folder, keys: path.join(folder, 'ring.json'), log: { erase: async () => false } as never },
  data: undefined,
  prometheus: undefined,
})
const everyVariable: Record<keyof typeof storesByVariable, string> = {
  AFN_DATA_DIR: 'data',
  AFN_TEMPO_URL: 'http://tempo:3200',
  LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
  AFN_PROMETHEUS_URL: 'http://prometheus:9090',
  AFN_PROMETHEUS_MEDIUM: 'http://prometheus-medium:9090',
  AFN_PROMETHEUS_LOW: 'http://prometheus-low:9090',
  AFN_LOKI_URL: 'http://loki:3100',
  AFN_LOG_DIR: 'logs',
  AFN_COLLECTOR_LOG_DIR: 'collector-logs',
  AFN_COST_DATABASE: 'cost.db',
}
const places = ['AFN_DATA_DIR', 'AFN_LOG_DIR', 'AFN_COLLECTOR_LOG_DIR', 'AFN_COST_DATABASE']

it('each variable names a store, and without any of them all are said not to have been asked', () => {
  expect(notAsked(options(), 0).map(({ what }) => what)).toEqual(Object.values(storesByVariable))
  expect(() => requireStore(storesOf(options()), readSettings())).toThrow(
    /no telemetry store is configured.*AFN_TEMPO_URL/,
  )
  for (const name of ['data', 'logs', 'collector-logs']) mkdirSync(path.join(folder, name))
  for (const name of ['data/afn.duckdb', 'cost.db']) writeFileSync(path.join(folder, name), '')
  for (const [name, value] of Object.entries(everyVariable))
    vi.stubEnv(name, places.includes(name) ? path.join(folder, value) : value)
  vi.stubEnv('LANGFUSE_SECRET_KEY', 'sk-lf-1')
  const names = storesOf(options()).map(({ name }) => name)
  expect(names.filter(name => name !== 'spool')).toEqual(['embedded', 'tempo', 'langfuse', 'prometheus', 'prometheus-medium', 'prometheus-low', 'loki', 'log-files', 'collector-logs', 'cost', 'audit']) // biome-ignore format: one line
  requireStore(storesOf(options()), readSettings())
  const left = notAsked(options(), 0).map(({ what }) => what)
  expect(left).toEqual(Object.values(dataVolumes).flatMap(volume => (typeof volume === 'object' ? volume.what : [])))
})

it.each(['laptop', 'single'] as const)('every volume of %s is a store, or the receipt says why it is none', profile => {
  const files = generateFiles(planOf(profile, { langfuse: true }))
  const { services, volumes } = parse(files.find(({ path }) => path === 'compose.yaml')!.content) as {
    services: Record<string, { volumes?: string[] }>
    volumes: object
  }
  const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes.map(mount => mount.split(':')[0]!))
  const named = [...new Set(mounted.filter(mount => !/^[./]/.test(mount)))]
  expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted())
  expect(named.filter(name => !(name in dataVolumes))).toEqual([])
})

it('every disk of a cluster is of a store, or of what the receipt names', () => {
  const files = generateFiles(planOf('cluster', { langfuse: true }))
  const disks = files
    .filter(({ path }) => path.startsWith('k8s/'))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
    .flatMap(({ kind, metadata, spec }) => {
      if (kind === 'PersistentVolumeClaim') return metadata.name as string
      return (spec?.volumeClaimTemplates ?? []).map(() => metadata.name as string)
    })
  const known = ['alert-receiver', 'alertmanager', 'cost-budget-data', 'loki', 'otel-gateway', 'prometheus', 'prometheus-low', 'prometheus-medium', 'tempo'] // biome-ignore format: one line
  expect([...new Set(disks)].filter(name => !known.includes(name))).toEqual([])
  expect(Object.keys(profiles)).toEqual(['laptop', 'single', 'cluster'])
})
