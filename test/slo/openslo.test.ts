// OpenSLO v1 in and out. Foreign oracles: `oslo validate` (OSLO_BIN), OpenSLO's own JSON Schema and examples (a folder in the cache or
// OPENSLO_DIR), and promtool for every query that an import makes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Ajv from 'ajv'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { exportOpenSlo } from '../../src/monitoring/slo/openslo/export'
import { importOpenSlo } from '../../src/monitoring/slo/openslo/import'
import { readSlos } from '../../src/monitoring/slo/read'
import type { Slo } from '../../src/monitoring/slo/spec'
import { filesOf } from '../../src/monitoring/slo/write'
import { findOslo, findPrometheus } from '../support/binaries.mjs'
import { cacheFolder } from '../support/cache.mjs'
import { oddFiles } from './odd'
import { oddSlos } from './odd-slos'

const foundOslo = findOslo()
const oslo = 'missing' in foundOslo ? undefined : foundOslo.binary
if ('missing' in foundOslo) writeSync(1, `skipped: openslo by oslo: ${foundOslo.missing}\n`)
const examples = process.env.OPENSLO_DIR ?? path.join(cacheFolder(), 'openslo')
const hasExamples = existsSync(examples)
if (!hasExamples) writeSync(1, `skipped: OpenSLO's own examples: neither OPENSLO_DIR nor ${examples} is there\n`)
const foundPrometheus = findPrometheus()
const promtool = 'missing' in foundPrometheus ? undefined : foundPrometheus.promtool
if (!promtool)
  writeSync(1, 'skipped: queries of OpenSLO by promtool: there is none; PROMETHEUS_BIN names a Prometheus with one\n')

const folder = mkdtempSync(path.join(tmpdir(), 'afn-openslo-'))
const slosIn = (text: string): readonly Slo[] => {
  const { slos, mistakes } = readSlos(text)
  expect(mistakes).toEqual([])
  return slos
}
const textOf = (objects: readonly object[]) =>
  objects.map(object => stringify(object, { aliasDuplicateObjects: false })).join('---\n')
const imported = (text: string) => importOpenSlo([{ file: 'x.yaml', text }])

const all: [string, string][] = [
  ['the defaults', defaultSloFile()],
  ['the defaults of a service', defaultSloFile('shop')],
  ['odd ones', oddSlos],
  ...Object.entries(oddFiles),
]

describe.each(all)('%s', (name, file) => {
  it('come back from OpenSLO as they went', () => {
    const slos = slosIn(file)
    expect(imported(textOf(exportOpenSlo(slos)))).toEqual({ slos, remarks: [] })
  })

  it('come back from a file as they went', () => {
    const slos = slosIn(file)
    expect(
      slosIn(
        filesOf(slos)
          .map(one => stringify(one))
          .join('---\n'),
      ),
    ).toEqual(slos)
  })

  it.runIf(oslo)('are valid for oslo', () => {
    const at = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.yaml`)
    writeFileSync(at, textOf(exportOpenSlo(slosIn(file))))
    const { status, stderr } = spawnSync(oslo!, ['validate', '-f', at], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'Valid!\n' })
  })
})

const slo = (spec: string, more = '') => `apiVersion: openslo/v1
kind: SLO
metadata: { name: web }
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{ duration: 30d, isRolling: true }]
${spec.trim().replace(/^/gm, '  ')}
${more}`
const source = (query: string) => `{ metricSource: { type: Prometheus, spec: { query: '${query}' } } }`
const ratio = (parts: string) => `indicator: { metadata: { name: i }, spec: { ratioMetric: { ${parts} } } }`
const threshold = (query: string) => `indicator: { metadata: { name: i }, spec: { thresholdMetric: ${source(query)} } }`
const target = 'objectives: [{ target: 0.99 }]'
const W = '{{.window}}'

describe('an SLI of OpenSLO becomes a query', () => {
  it.each([
    [
      'bad of total, counters',
      ratio(`counter: true, bad: ${source('sum(e{a="b"})')}, total: ${source('sum(t)')}`),
      { kind: 'events', errorQuery: `sum(rate(e{a="b"}[${W}]))`, totalQuery: `sum(rate(t[${W}]))` },
    ],
    [
      'good of total, counters',
      ratio(`counter: true, good: ${source('sum(g)')}, total: ${source('sum(t) + sum(u offset 5m)')}`),
      {
        kind: 'events',
        errorQuery: `(sum(rate(t[${W}])) + sum(rate(u[${W}] offset 5m))) - (sum(rate(g[${W}])))`,
        totalQuery: `sum(rate(t[${W}])) + sum(rate(u[${W}] offset 5m))`,
      },
    ],
    [
      'bad of total, gauges',
      ratio(`bad: ${source('e')}, total: ${source('sum by (x) (t)')}`),
      { kind: 'events', errorQuery: `sum_over_time(e[${W}])`, totalQuery: `sum by (x) (sum_over_time(t[${W}]))` },
    ],
    [
      'queries with a range of their own',
      ratio(`bad: ${source('sum(rate(e[5m]))')}, total: ${source('sum(increase(t[1h]))')}`),
      { kind: 'events', errorQuery: `sum(rate(e[${W}]))`, totalQuery: `sum(increase(t[${W}]))` },
    ],
    [
      'queries with a window',
      ratio(`bad: ${source('sum(rate(e[{{ .window }}]))')}, total: ${source(`sum(rate(t[${W}]))`)}`),
      { kind: 'events', errorQuery: 'sum(rate(e[{{ .window }}]))', totalQuery: `sum(rate(t[${W}]))` },
    ],
    [
      'a ratio of failures',
      ratio(`rawType: failure, raw: ${source('error_ratio')}`),
      { kind: 'raw', errorRatioQuery: `avg_over_time((error_ratio)[${W}:1m])` },
    ],
    [
      'a ratio of successes with a window',
      ratio(`rawType: success, raw: ${source(`avg_over_time(ok[${W}])`)}`),
      { kind: 'raw', errorRatioQuery: `1 - (avg_over_time(ok[${W}]))` },
    ],
  ])('%s', (_, indicator, expected) => {
    const { slos, remarks } = imported(slo(`${indicator}\n${target}`))
    expect(remarks.filter(({ kind }) => kind === 'refused')).toEqual([])
    expect(slos).toMatchObject([{ id: 'shop-web', objective: 99, period: '30d', sli: expected }])
  })

  it.each([
    [
      'a threshold',
      threshold('sum(lag)'),
      'op: lte, value: 100',
      'Occurrences',
      `avg_over_time(((sum(lag)) > bool 100)[${W}:1m])`,
    ],
    ['a floor', threshold('up'), 'op: gte, value: 1', 'Occurrences', `avg_over_time(((up) < bool 1)[${W}:1m])`],
    [
      'slices by a ratio',
      ratio(`counter: true, bad: ${source('e')}, total: ${source('t')}`),
      'timeSliceTarget: 0.95, timeSliceWindow: 5m',
      'Timeslices',
      `avg_over_time((((rate(e[5m])) / ((rate(t[5m])) > 0)) > bool 0.05)[${W}:5m])`,
    ],
    [
      'the mean of slices, of a number of minutes',
      ratio(`counter: true, bad: ${source('e')}, total: ${source('t')}`),
      'timeSliceWindow: 2',
      'RatioTimeslices',
      `avg_over_time(((rate(e[2m])) / ((rate(t[2m])) > 0))[${W}:2m])`,
    ],
    [
      'slices by a threshold',
      threshold('lag'),
      'op: lt, value: 5, timeSliceTarget: 0.9, timeSliceWindow: 1m',
      'Timeslices',
      `avg_over_time(((avg_over_time(((lag) >= bool 5)[1m:1m])) > bool 0.1)[${W}:1m])`,
    ],
  ])('%s counts time', (_, indicator, objective, method, query) => {
    const text = slo(`${indicator}\nobjectives: [{ target: 0.99, ${objective} }]`).replace('Occurrences', method)
    const { slos, remarks } = imported(text)
    expect(remarks.filter(({ kind }) => kind === 'refused')).toEqual([])
    expect(slos).toMatchObject([{ sli: { kind: 'raw', errorRatioQuery: query } }])
    // it is said that events are not what counts
    expect(remarks.map(({ message }) => message).join()).toMatch(/time|slices/)
  })

  it.runIf(promtool)('that counts what the objective says, as arithmetic by hand has it', () => {
    const one = (text: string) => {
      const [found] = imported(text).slos
      if (found?.sli.kind !== 'raw') throw new Error('no query')
      return found.sli.errorRatioQuery.replaceAll(W, '1h')
    }
    const slices = 'timeSliceTarget: 0.95, timeSliceWindow: 1m'
    const byRatio = ratio(`counter: true, bad: ${source('e')}, total: ${source('t')}`)
    const file = path.join(folder, 'time.yaml')
    // in each ten minutes: the lag is above 100 in 3; 2 of 10 events a minute are bad in 4, and none else
    const test = {
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: 'lag', values: Array.from({ length: 121 }, (_, at) => (at % 10 < 3 ? 101 : 100)).join(' ') },
            { series: 't', values: '0+10x120' },
            {
              series: 'e',
              values: Array.from({ length: 121 }, (_, at) => 2 * (4 * Math.floor(at / 10) + Math.min(at % 10, 4))).join(
                ' ',
              ),
            },
          ],
          promql_expr_test: [
            [one(slo(`${threshold('lag')}\nobjectives: [{ target: 0.99, op: lte, value: 100 }]`)), 0.3],
            [
              one(
                slo(
                  `${byRatio.replaceAll('1m', '2m')}\nobjectives: [{ target: 0.99, ${slices.replace('1m', '2m')} }]`,
                ).replace('Occurrences', 'Timeslices'),
              ),
              0.4,
            ],
            [
              one(
                slo(`${byRatio}\nobjectives: [{ target: 0.99, timeSliceWindow: 2m }]`).replace(
                  'Occurrences',
                  'RatioTimeslices',
                ),
              ),
              0.08,
            ],
          ].map(([expr, value]) => ({
            expr: `round(${expr}, 0.01)`,
            eval_time: '2h',
            exp_samples: [{ labels: '{}', value }],
          })),
        },
      ],
    }
    writeFileSync(file, stringify(test))
    const { status, stderr, stdout } = spawnSync(promtool!, ['test', 'rules', file], { encoding: 'utf8' })
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' })
  })
})

describe('what has no equal is refused with its place', () => {
  it.each([
    ['a window by the calendar', slo(`${threshold('x')}\n${target}`).replace('isRolling: true', 'isRolling: false, calendar: { startTime: 2022-01-01 12:00:00, timeZone: Asia/Tokyo }'), 7, /calendar/], // biome-ignore format: one line
    ['another period', slo(`${threshold('x')}\n${target}`).replace('30d', '2w'), 7, /period 2w .*30d, 28d, 7d/],
    ['a composite', slo(`objectives: [{ target: 0.9, indicatorRef: a }]`), 8, /composite/],
    ['a query of another server', slo(`${threshold('x').replace('Prometheus', 'Datadog')}\nobjectives: [{ target: 0.9, op: lt, value: 1 }]`), 8, /Datadog .*no PromQL/], // biome-ignore format: one line
    ['a query that is none', slo(`${ratio(`bad: ${source('sum:x{*}.y')}, total: ${source('t')}`)}\n${target}`), 8, /no PromQL from/], // biome-ignore format: one line
    ['what is not linear', slo(`${ratio(`counter: true, bad: ${source('max(e)')}, total: ${source('t')}`)}\n${target}`), 8, /max\(e\) over a window/], // biome-ignore format: one line
    ['a slice that is too long', slo(`${ratio(`counter: true, bad: ${source('e')}, total: ${source('t')}`)}\nobjectives: [{ target: 0.9, timeSliceWindow: 1h }]`).replace('Occurrences', 'RatioTimeslices'), 9, /1h is longer than/], // biome-ignore format: one line
    ['an SLI that is nowhere', slo(`indicatorRef: gone\n${target}`), 8, /"gone" is in none/],
    ['an objective of 0', slo(`${ratio(`bad: ${source('e')}, total: ${source('t')}`)}\nobjectives: [{ target: 0 }]`), 9, /percentage above 0/], // biome-ignore format: one line
    ['two targets', slo(`${ratio(`bad: ${source('e')}, total: ${source('t')}`)}\nobjectives: [{ target: 0.9, targetPercent: 90 }]`), 9, /either target or/], // biome-ignore format: one line
    ['a threshold without a value', slo(`${threshold('x')}\n${target}`), 8, /op and value/],
    [
      'another version',
      slo(`${threshold('x')}\n${target}`).replace('openslo/v1', 'openslo/v2alpha'),
      1,
      /"openslo\/v1"/,
    ],
    ['an unknown key', slo(`${threshold('x')}\n${target}\nindicatorreff: a`), 10, /did you mean "indicatorRef"/],
    ['what is no YAML', 'a: [', 1, /./],
  ])('%s', (_, text, line, message) => {
    const { slos, remarks } = imported(text)
    expect(slos).toEqual([])
    const refused = remarks.filter(({ kind }) => kind === 'refused')
    expect(refused.map(one => one.line)).toContain(line)
    expect(refused.map(one => one.message).join('\n')).toMatch(message)
  })

  it('and the other objects of the file are imported all the same', () => {
    const good = slo(`${ratio(`bad: ${source('e')}, total: ${source('t')}`)}\n${target}`)
    const { slos, remarks } = imported(`${good.replace('30d', '2w')}\n---\n${good.replace('name: web', 'name: other')}`)
    expect(slos.map(({ id }) => id)).toEqual(['shop-other'])
    expect(remarks.filter(({ kind }) => kind === 'refused').map(({ line }) => line)).toEqual([7])
  })
})

describe('alerts of OpenSLO', () => {
  const policy = (name: string, severity: string, condition: string, more = 'alertWhenBreaching: true') => `---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: ${name} }
spec:
  ${more}
  conditions: [{ conditionRef: ${name} }]
  notificationTargets: [{ targetRef: ops }]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: ${name} }
spec: { severity: ${severity}, condition: { kind: burnrate, ${condition} } }
`
  const base = (...names: string[]) =>
    slo(
      `${ratio(`bad: ${source(`sum(rate(e[${W}]))`)}, total: ${source(`sum(rate(t[${W}]))`)}`)}\n${target}\nalertPolicies: [${names.map(name => `{ alertPolicyRef: ${name} }`).join(', ')}]`,
    )

  it('that are a tier of ours are that tier, with their severity; the others are off', () => {
    const text = `${base('fast', 'slow', 'none')}${policy('fast', 'high', 'op: gte, threshold: 14.4, lookbackWindow: 60m')}${policy('slow', 'page', 'op: gt, threshold: 1, lookbackWindow: 3d')}${policy('none', 'low', 'op: gt, threshold: 1, lookbackWindow: 1h', 'alertWhenNoData: true')}`
    const { slos, remarks } = imported(text)
    expect(slos[0]?.alerts.severities).toEqual({
      fast_burn: 'high',
      medium_burn: 'off',
      slow_burn: 'off',
      long_term_burn: 'low',
      metric_absent: 'low',
      data_invalid: 'medium',
    })
    expect(remarks.map(({ message }) => message)).toEqual([
      'the severity "page" became low; there are critical, high, medium, low',
    ])
  })

  it('that are none are said, and leave the usual ones', () => {
    const { slos, remarks } = imported(
      `${base('odd')}${policy('odd', 'page', 'op: gt, threshold: 2, lookbackWindow: 1h')}`,
    )
    expect(slos[0]?.alerts.severities.fast_burn).toBe('critical')
    expect(remarks.map(({ message }) => message)).toEqual([
      'a burn rate that is gt 2 in 1h has no equivalent among the alerts of 30d (above 14.4 in 1h, 6 in 6h, 3 in 1d, 1 in 3d); it is left out',
      'no policy has an equal here, so the SLO gets the usual alerts of its period',
    ])
  })

  it('that refer to nothing are said', () => {
    expect(imported(base('gone')).remarks).toMatchObject([
      { kind: 'changed', line: 10, message: 'the AlertPolicy "gone" is in none of the files; the policy is left out' },
    ])
  })
})

describe('an SLO that was exported and edited', () => {
  const [original] = slosIn(defaultSloFile('shop'))
  const text = textOf(exportOpenSlo([original!]))

  it('has what was edited', () => {
    const edited = text.replace('target: 0.999', 'target: 0.995').replace('severity: critical', 'severity: high')
    const [slo] = imported(edited).slos
    expect(slo).toEqual({
      ...original,
      objective: 99.5,
      alerts: { ...original!.alerts, severities: { ...original!.alerts.severities, fast_burn: 'high' } },
    })
  })

  it('has the queries that were edited, and not the SLI of the annotation', () => {
    const { slos, remarks } = imported(text.replaceAll('5..', '50.').replace('50.', '5..'))
    expect(slos[0]?.sli.kind).toBe('events')
    expect(remarks.map(({ message }) => message).join()).toContain('the queries have changed')
  })
})

describe.runIf(hasExamples)("OpenSLO's own files", () => {
  const files = hasExamples
    ? readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter(
        file => /\.(ya?ml|json)$/.test(file) && !/schema/.test(file),
      )
    : []
  const objectsIn = (text: string) =>
    parseAllDocuments(text).flatMap(document => [document.toJS()].flat() as { kind?: string; apiVersion?: string }[])

  it.each(files)('%s: each SLO is imported or refused, with a reason and a place', file => {
    const text = readFileSync(path.join(examples, file), 'utf8')
    const { slos, remarks } = importOpenSlo([{ file, text }])
    const wanted = objectsIn(text).filter(object => object?.kind === 'SLO')
    const refused = remarks.filter(({ kind }) => kind === 'refused')
    expect(slos.length + refused.length).toBeGreaterThanOrEqual(wanted.length)
    for (const { line, column, message } of remarks) {
      expect(line).toBeLessThanOrEqual(text.split('\n').length)
      expect(column).toBeGreaterThan(0)
      expect(message).toMatch(/\w/)
    }
  })

  it.runIf(oslo)('of version 1 that oslo takes have no mistake of form for us', () => {
    const taken = files.filter(file => {
      const text = readFileSync(path.join(examples, file), 'utf8')
      if (!objectsIn(text).every(object => object?.apiVersion === 'openslo/v1')) return false
      return spawnSync(oslo!, ['validate', '-f', path.join(examples, file)]).status === 0
    })
    expect(taken.length).toBeGreaterThan(10)
    const mistakes = taken.flatMap(file =>
      importOpenSlo([{ file, text: readFileSync(path.join(examples, file), 'utf8') }])
        .remarks.filter(({ kind, message }) => kind === 'refused' && /does not know|takes|has no "/.test(message))
        .map(({ message }) => `${file}: ${message}`),
    )
    expect(mistakes).toEqual([])
  })

  it('their JSON Schema, which ends in 2024, takes what is exported', () => {
    const schemas = path.join(examples, 'schema/schemas/v1')
    const read = (file: string) => JSON.parse(readFileSync(path.join(schemas, file), 'utf8'))
    const ajv = new Ajv({ strict: false, validateFormats: false })
    for (const part of readdirSync(path.join(schemas, 'parts'))) ajv.addSchema(read(`parts/${part}`))
    const validate = ajv.compile(read('openslo.schema.json'))
    const wrong = all.flatMap(([name, file]) =>
      exportOpenSlo(slosIn(file)).flatMap(object => {
        // it knows policies by name only, and neither of the two others
        const known = JSON.parse(JSON.stringify(object, (key, value) => (key === 'alertPolicies' ? undefined : value)))
        if (/rawType|targetPercent/.test(JSON.stringify(known)) || validate(known)) return []
        return [`${name}: ${ajv.errorsText(validate.errors).slice(-300)}`]
      }),
    )
    expect(wrong).toEqual([])
  })
})

it.runIf(promtool)('every query of an import is one for promtool', () => {
  const texts = [
    slo(`${ratio(`counter: true, good: ${source('sum(g)')}, total: ${source('sum(t)')}`)}\n${target}`),
    slo(`${threshold('sum(lag{a="b"})')}\nobjectives: [{ target: 0.9, op: gt, value: 1e3, timeSliceTarget: 1, timeSliceWindow: 1m }]`).replace('Occurrences', 'Timeslices'), // biome-ignore format: one line
  ]
  const rules = texts
    .flatMap(imported_ => imported(imported_).slos)
    .flatMap(({ sli }) => {
      const queries =
        sli.kind === 'events' ? [sli.errorQuery, sli.totalQuery] : sli.kind === 'raw' ? [sli.errorRatioQuery] : []
      return queries.map((expr, at) => ({ record: `a:b:c${at}`, expr: expr.replaceAll(W, '3d') }))
    })
  const file = path.join(folder, 'rules.yml')
  writeFileSync(file, stringify({ groups: [{ name: 'g', rules }] }))
  const { status, stdout, stderr } = spawnSync(promtool!, ['check', 'rules', '--lint=none', file], { encoding: 'utf8' })
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' })
})
