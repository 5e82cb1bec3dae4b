// `npm test` looks for servers of others and never makes one: what it takes, what it refuses, and what it says where it skips.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { collectorOfSuites } from '../collector/find'
import {
  alertmanagerFolder,
  findAlertmanager,
  findOldAlertmanager,
  findOldPromtool,
  findOslo,
  findPrometheus,
  findTempo,
  findWeaver,
  oldPromtoolFolder,
  prometheusFolder,
} from '../support/binaries.mjs'

const scratch = mkdtempSync(path.join(tmpdir(), 'afn-suite-binaries-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function program(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(scratch, 'of-a-test-'))
  vi.stubEnv('AFN_CACHE_DIR', path.join(folder, 'cache'))
  vi.stubEnv('PATH', path.join(folder, 'bin'))
  for (const name of [
    'OTELCOL_BIN',
    'PROMETHEUS_BIN',
    'PROMTOOL_OLD_BIN',
    'TEMPO_BIN',
    'ALERTMANAGER_BIN',
    'ALERTMANAGER_OLD_BIN',
    'OSLO_BIN',
    'WEAVER_BIN',
  ])
    vi.stubEnv(name, '')
  return () => vi.unstubAllEnvs()
})

describe('Prometheus', () => {
  it('is the one of PROMETHEUS_BIN, before the cache, before PATH', () => {
    const says3 = 'echo prometheus, version 3.16.0'
    const onPath = program(path.join(folder, 'bin'), 'prometheus', says3)
    expect(findPrometheus()).toEqual({ prometheus: onPath, promtool: undefined })
    const cached = program(prometheusFolder(), 'prometheus', says3)
    const promtool = program(prometheusFolder(), 'promtool', '')
    expect(findPrometheus()).toEqual({ prometheus: cached, promtool })
    const named = program(path.join(folder, 'own'), 'prom', says3)
    vi.stubEnv('PROMETHEUS_BIN', named)
    expect(findPrometheus()).toEqual({ prometheus: named, promtool: undefined })
  })

  it('of Debian is too old, and a newer one behind it is taken', () => {
    const old = program(path.join(folder, 'bin'), 'prometheus', 'echo prometheus, version 2.42.0 >&2')
    expect(findPrometheus()).toEqual({ missing: expect.stringMatching(`${old} is version 2.42; .*PROMETHEUS_BIN.*Go`) })
    const newer = program(path.join(folder, 'other'), 'prometheus', 'echo prometheus, version 3.0.1')
    vi.stubEnv('PATH', [path.join(folder, 'bin'), path.join(folder, 'other')].join(path.delimiter))
    expect(findPrometheus()).toMatchObject({ prometheus: newer })
  })
})

describe('of an old target', () => {
  it('promtool is one of Prometheus 2, though one of 3 stands before it', () => {
    program(path.join(folder, 'bin'), 'promtool', 'echo promtool, version 3.16.0')
    expect(findOldPromtool()).toEqual({
      missing: expect.stringMatching(/is version 3\.16; .*PROMTOOL_OLD_BIN.*Debian/),
    })
    const old = program(oldPromtoolFolder(), 'promtool', 'echo promtool, version 2.42.0+ds')
    expect(findOldPromtool()).toEqual({ binary: old })
  })

  it('Alertmanager is 0.25 and not 0.35, and the other way round', () => {
    program(path.join(folder, 'bin'), 'alertmanager', 'echo alertmanager, version 0.28.1')
    program(path.join(folder, 'bin'), 'prometheus-alertmanager', 'echo alertmanager, version 0.27.0')
    expect(findAlertmanager()).toEqual({ missing: expect.stringContaining('is version 0.28;') })
    expect(findOldAlertmanager()).toEqual({ missing: expect.stringContaining('is version 0.27;') })
  })

  it('Alertmanager without its amtool is none', () => {
    const alertmanager = program(alertmanagerFolder(), 'alertmanager', 'echo alertmanager, version 0.35.0')
    expect(findAlertmanager()).toEqual({ missing: `${alertmanager} has no amtool next to it` })
    const amtool = program(alertmanagerFolder(), 'amtool', '')
    expect(findAlertmanager()).toEqual({ alertmanager, amtool })
  })
})

it.each([
  ['oslo', 'OSLO_BIN', findOslo],
  ['weaver', 'WEAVER_BIN', findWeaver],
])('%s, which no registry has, is the one of %s or none', (name, variable, find) => {
  expect(find()).toEqual({ missing: expect.stringMatching(`${variable}.*no package registry`) })
  const binary = program(path.join(folder, 'own'), name, `echo ${name}`)
  vi.stubEnv(variable, binary)
  expect(find()).toEqual({ binary })
})

it('a variable that names no program is said, and nothing else taken in its place', () => {
  program(path.join(folder, 'bin'), 'tempo', 'echo tempo, version 3.1.0')
  vi.stubEnv('TEMPO_BIN', path.join(folder, 'nowhere'))
  expect(findTempo()).toEqual({ missing: expect.stringContaining(`TEMPO_BIN=${folder}/nowhere cannot be run`) })
})

it('where there is no Collector none is built, though there is Go', async () => {
  const called = path.join(folder, 'go-was-called')
  program(path.join(folder, 'bin'), 'go', `echo > ${called}`)
  expect(await collectorOfSuites()).toEqual({
    missing: expect.stringMatching(/OTELCOL_BIN is not set.*prepare-binaries/),
  })
  expect(existsSync(called)).toBe(false)
})
