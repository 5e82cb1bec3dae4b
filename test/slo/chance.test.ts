// Foreign oracle: promtool takes the rules of SLOs that are made by chance, and their six scenes hold.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { writtenFiles } from '../../src/monitoring/slo/output-files'
import { readSlos } from '../../src/monitoring/slo/read'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { isLong } from '../support/long'
import { Random } from '../support/random'
import { promtools } from './promtool'

if (promtools.length === 0) writeSync(1, 'skipped: SLOs by chance: there is no promtool\n')

const random = new Random(17)
const pick = <T>(list: readonly T[]): T => random.pick(list)

/** What breaks quotes, YAML, PromQL or templates. */
const texts = [
  'a"b',
  "it's",
  'back`tick',
  'back\\slash',
  '{{ $labels.x }}',
  'new\nline',
  'ü 日本',
  '',
  ' ',
  '}}',
  '$value',
  'a|b',
  '5..',
  '%',
]
const conditions = () => ({ [pick(['a.b', 'c-d', 'service.name'])]: pick(texts), q: { not: pick(texts) } })
const slis = [
  () => ({
    ratio: {
      metric: pick(['http.server.request.duration', 'a', 'a.b/c-d', 'x:y']),
      type: pick(['counter', 'histogram', 'native']),
      unit: pick(['s', 'ms', '1', '{x}', 'By']),
      where: conditions(),
      [pick(['bad', 'good'])]: [{ k: pick(texts) || 'x' }, { z: { not: pick(texts) } }],
    },
  }),
  () => ({
    latency: {
      metric: 'm.x',
      threshold: pick(['2s', '150ms', 0.25, 1e6, 1e-5, 3]),
      unit: pick(['s', 'ms']),
      native: random.chance(0.3),
      where: conditions(),
    },
  }),
  () => ({ evaluation: { name: pick(texts) || 'x' } }),
]
const slo = (number: number) => ({
  name: `slo-${number}`,
  objective: pick([0.5, 33.333, 50, 80, 90, 95, 99, 99.9, 99.95, 99.99, 99.999]),
  description: pick([...texts, '{{']),
  labels: { team: pick(texts), tier: pick(texts) },
  period: pick(['30d', '28d', '7d']),
  sli: pick(slis)(),
  alerting: { annotations: { note: pick(texts) }, labels: { more: pick(texts) } },
  exclude: random.chance(0.3) ? [{ days: ['sunday', 'friday'], from: '22:00', to: '03:00' }] : [],
  low_traffic: { failures: pick([1, 2, 50]), events: pick([0, 100]) },
})

describe.skipIf(promtools.length === 0)('SLOs by chance', () => {
  const count = isLong('slo') ? 60 : 4
  it(`${count} of them: their rules are taken, and their scenes hold`, { timeout: 600_000 }, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'slo-chance-'))
    try {
      const slos = Array.from({ length: count }, (_, at) => slo(at))
      const read = readSlos(stringify({ version: 'prometheus/v1', service: 'shop', slos }))
      expect(read.mistakes).toEqual([])
      const files = writtenFiles(ruleFiles(read.slos, { days: 40 }).made, 'of a test')
      mkdirSync(path.join(folder, 'rules/tests'), { recursive: true })
      for (const file of files) writeFileSync(path.join(folder, file.path), file.content)
      const [tests, rules] = [true, false].map(isTest =>
        files.filter(file => file.path.startsWith('rules/tests/') === isTest).map(file => path.join(folder, file.path)),
      ) as [string[], string[]]
      expect([tests.length, rules.length]).toEqual([count, count])
      for (const [name, binary] of promtools) {
        const { status, stdout, stderr } = spawnSync(binary, ['check', 'rules', ...rules], { encoding: 'utf8' })
        expect(status, `${name}: ${stdout}${stderr}`).toBe(0)
      }
      const [[name, newest]] = promtools as [[string, string]]
      if (name === 'promtool 2.42') return
      const { status, stdout, stderr } = spawnSync(newest, ['test', 'rules', ...tests], { encoding: 'utf8' })
      expect(status, `${stdout}${stderr}`).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
