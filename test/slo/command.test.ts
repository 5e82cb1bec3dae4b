import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { slo } from '../../src/cli/slo'
import { promtools } from './promtool'

let folder: string
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'slo-command-'))
  said = []
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation(line => void said.push(line))
  vi.stubEnv('PROMTOOL_BIN', path.join(folder, 'none'))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const one = (name: string, rest = '') => `
  - name: ${name}
    objective: 99.9
    ${rest || 'sli: { ratio: { metric: orders, bad: [{ outcome: failed }] } }'}`
const file = (...slos: string[]) => {
  const at = path.join(folder, 'slos.yaml')
  writeFileSync(at, `version: prometheus/v1\nservice: shop\nslos:${slos.join('')}\n`)
  return at
}
const generate = (at: string, ...more: string[]) =>
  slo(['generate', at, '--target', folder, '--retention', '32d', ...more])
const rules = () =>
  readdirSync(path.join(folder, 'rules'))
    .filter(name => name.endsWith('.yml'))
    .sort()

describe('afn-otel slo', () => {
  it('generate writes a file and a test for each SLO, once, and finds no drift then', async () => {
    const at = file(one('first'), one('second'))
    expect(await generate(at)).toBe(0)
    expect(rules()).toEqual(['slo-shop-first.yml', 'slo-shop-second.yml'])
    expect(readdirSync(path.join(folder, 'rules/tests')).sort()).toEqual([
      'slo-shop-first.test.yml',
      'slo-shop-second.test.yml',
    ])
    said = []
    expect(await generate(at)).toBe(0)
    expect(said).toEqual([])
    expect(await generate(at, '--check')).toBe(0)
  })

  it('an SLO with a mistake keeps the rules that it had, and the others are written', async () => {
    expect(await generate(file(one('first'), one('second')))).toBe(0)
    const before = readFileSync(path.join(folder, 'rules/slo-shop-first.yml'), 'utf8')
    const at = file(one('first', 'sli: { evaluation: 5 }'), one('second'), one('third'))
    expect(await generate(at)).toBe(1)
    expect(rules()).toEqual(['slo-shop-first.yml', 'slo-shop-second.yml', 'slo-shop-third.yml'])
    expect(readFileSync(path.join(folder, 'rules/slo-shop-first.yml'), 'utf8')).toBe(before)
    expect(said.join('\n')).toMatch(/slos\.yaml:6:\d+ slos\[0\]\.sli\.evaluation takes/)
  })

  it('rules of an SLO that is gone are removed, and what somebody else wrote stays', async () => {
    expect(await generate(file(one('first'), one('second')))).toBe(0)
    writeFileSync(path.join(folder, 'rules/slo-of-mine.yml'), 'groups: []\n')
    writeFileSync(path.join(folder, 'rules/slo-shop-third.yml'), 'groups: []\n')
    const at = file(one('second'), one('third'))
    said = []
    expect(await generate(at, '--check')).toBe(1)
    expect(said.join('\n')).toMatch(/slo-shop-first\.yml belongs to a deleted SLO/)
    expect(await generate(at)).toBe(1)
    expect(said.join('\n')).toMatch(/slo-shop-third\.yml was not written/)
    expect(rules()).toEqual(['slo-of-mine.yml', 'slo-shop-second.yml', 'slo-shop-third.yml'])
    expect(readFileSync(path.join(folder, 'rules/slo-shop-third.yml'), 'utf8')).toBe('groups: []\n')
  })

  it('a period that is longer than what is kept is refused with the arithmetic, and the others are written', async () => {
    const at = file(one('month'), `${one('week')}\n    period: 7d`)
    expect(await slo(['generate', at, '--target', folder, '--retention', '8d'])).toBe(1)
    expect(rules()).toEqual(['slo-shop-week.yml'])
    expect(said.join('\n')).toContain(
      'shop-month: a period of 30 days needs 31 days of data (30, plus one for the edge), but 8 are kept: its budget would cover only 8 of 30 days, 26.6667 %',
    )
    expect(await slo(['check', at, '--retention', '8d'])).toBe(1)
    expect(await slo(['check', at, '--retention', '31d'])).toBe(0)
  })

  it('for the pipeline, rules of a period that its first server does not keep are where no pattern of that server finds them', async () => {
    const at = file(one('month'))
    expect(await slo(['generate', at, '--target', folder])).toBe(0)
    expect(rules()).toEqual(['slo-shop-month.yml'])
    expect(readdirSync(path.join(folder, 'rules/period'))).toEqual(['slo.period-shop-month.yml'])
    const { rule_files } = parse(readFileSync(path.join(folder, 'rules/tests/slo-shop-month.test.yml'), 'utf8'))
    expect(rule_files).toEqual(['../slo-shop-month.yml', '../period/slo.period-shop-month.yml'])
    expect(await generate(at)).toBe(0)
    expect(said.join('\n')).toMatch(/removed .*slo\.period-shop-month\.yml/)
  })

  it('links lead where the settings say that the runbooks and Grafana are', async () => {
    const settings = path.join(folder, 'settings.yaml')
    writeFileSync(
      settings,
      'pipeline: { urls: { receiver: https://alerts.example/, grafana: https://grafana.example/ } }\n',
    )
    vi.stubEnv('AFN_CONFIG', settings)
    expect(await generate(file(one('first')))).toBe(0)
    const text = readFileSync(path.join(folder, 'rules/slo-shop-first.yml'), 'utf8')
    expect(text).toContain('runbook_url: https://alerts.example/runbooks/SLOFastBurn')
    expect(text).toContain('dashboard_url: https://grafana.example/explore?')
  })

  it('a file that is not there is named', async () => {
    expect(await slo(['check', path.join(folder, 'none.yaml')])).toBe(1)
    expect(said.join('\n')).toContain("none.yaml:1:1 it can't be read (ENOENT)")
  })

  it('test says that there is no promtool, and that nothing was tested', async () => {
    expect(await slo(['test', file(one('first')), '--retention', '32d'])).toBe(1)
    expect(said.join('\n')).toContain('promtool not found, nothing was tested')
  })

  it.skipIf(promtools.length === 0)(
    'test runs the six scenes, and generate leaves out what promtool refuses',
    async () => {
      vi.stubEnv('PROMTOOL_BIN', promtools[0]?.[1] ?? '')
      const at = file(
        one('first'),
        one('gauge', 'sli: { raw: { error_ratio_query: "1 - avg_over_time(up[{{.window}}])" } }'),
      )
      expect(await slo(['test', at, '--retention', '32d'])).toBe(0)
      expect(said.filter(line => line.startsWith('ok'))).toEqual([
        'ok      shop-first: six scenes',
        expect.stringMatching(/^ok {6}shop-gauge: rules accepted; no test generated/),
      ])
      // how many arguments a function takes, promtool alone knows
      const broken = 'sli: { raw: { error_ratio_query: "round(up, 1, 2) + avg_over_time(up[{{.window}}])" } }'
      expect(await generate(file(one('first'), one('broken', broken)))).toBe(1)
      expect(said.join('\n')).toContain('shop-broken: promtool rejects its rules')
      expect(rules()).toEqual(['slo-shop-first.yml'])
      expect(existsSync(path.join(folder, 'rules/tests/slo-shop-broken.test.yml'))).toBe(false)
    },
  )
})
