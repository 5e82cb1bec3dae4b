// The rule files in `afn-otel up` next to promtool, which has Prometheus' own engine: the same series, minute by minute. What our engine
// recorded and which alerts fire, with all labels and words, is what promtool is told to expect.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { RuleEngine } from '../../src/backend/alerts/rule-engine'
import type { Selector } from '../../src/backend/promql/ast'
import { Labels, METRIC } from '../../src/backend/promql/labels'
import { sampleText } from '../../src/backend/promql/numbers'
import { parse } from '../../src/backend/promql/parse'
import type { Expressions } from '../../src/backend/promql/patterns'
import { acceptedSeries } from '../../src/backend/promql/patterns'
import { RecordSource } from '../../src/backend/promql/points/record-source'
import { Sources } from '../../src/backend/promql/points/sources'
import { appRules } from '../../src/monitoring/pipeline-rules/rules'
import { readSlos } from '../../src/monitoring/slo/read'
import { type RuleGroup, renderRules } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { isLong } from '../support/long'

const promtool = inject('promtool')

const MINUTE = 60_000
const DAY = 1_440

const { slos, mistakes } = readSlos(`version: prometheus/v1
service: shop
labels: { team: "{{ braces }}" }
slos:
  - name: availability
    objective: 99.9
    description: Answers {{ of }} the shop
    sli:
      ratio:
        metric: http.server.request.duration
        type: histogram
        bad: [{ http.response.status_code: { regex: "5.." } }]
    alerting:
      name: Shop
      page_alert: { labels: { who: "{{ $labels.sloth_service | toUpper }}!" }, annotations: { more: "{{ printf \\"%.2f\\" $value }}" } }
  - name: latency
    objective: 95
    period: 7d
    sli: { latency: { metric: http.server.request.duration, threshold: 2s } }
    exclude: [{ days: [thursday], from: "06:00", to: "06:30" }]
  - name: by-query
    objective: 99
    sli:
      events:
        error_query: sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_server_request_duration_seconds_count[{{.window}}]))
  - name: broken
    objective: 50
    sli:
      events:
        error_query: sum(rate(http_server_request_duration_seconds_count[{{.window}}])) * 2
        total_query: sum(rate(http_server_request_duration_seconds_count[{{.window}}]))
  - name: raw
    objective: 99
    sli: { raw: { error_ratio_query: 'sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[{{.window}}])) / sum(rate(http_server_request_duration_seconds_count[{{.window}}]))' } }
`)

/** Conditions and words that no rule of ours has. */
const odd: RuleGroup = {
  name: 'odd',
  rules: [
    { record: 'odd:level', expr: 'level * 2', labels: { made: 'here', zone: '' } },
    {
      alert: 'Kept',
      expr: 'odd:level > 100',
      for: '3m',
      keep_firing_for: '7m',
      labels: { severity: 'odd', size: '{{ if gt $value 150.0 }}large{{ else }}small{{ end }}' },
      annotations: {
        numbers:
          '{{ $value }} {{ $value | humanize }} {{ humanize1024 2048.5 }} {{ humanizeDuration 90061.5 }} {{ humanizePercentage 0.12345 }}',
        small:
          '{{ humanize 0.00012345 }} {{ humanizeDuration 0.0123 }} {{ humanize 0.0 }} {{ printf "%5.1f|%-6s|%q|%v" 3.14159 "ab" "c" 1e-7 }}',
        time: '{{ humanizeTimestamp 1435065584.128 }} {{ parseDuration "1h30m" }}',
        texts:
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a group of an expression
          '{{ title "a bc" }} {{ "Ab" | toUpper }}{{- " cd " -}}{{ toLower "EF" }} {{ stripPort "a:80" }} {{ reReplaceAll "(.)b" "${1}x" "ab" }} {{ match "a.c" "xabcx" }}',
        range: '{{ range query "sort(level)" }}{{ .Labels.instance }}={{ .Value }},{{ end }}',
        nested:
          '{{ with $x := query "level == 61" }}{{ $x | first | label "instance" }}{{ else }}{{ if eq $labels.instance "a" }}none{{ else if true }}other{{ end }}{{ end }}',
        missing: '{{ $labels.nothing }}{{ .Labels.instance }} {{ $externalURL }}',
        list: '{{ range $i, $each := query "level" | sortByLabel "instance" }}{{ $i }}:{{ $each.Labels.instance }} {{ end }}{{ len "abc" }} {{ args 1 2 }}',
      },
    },
    { alert: 'Gone', expr: 'absent(level{instance="a"})', for: '2m' },
  ],
}

const groups: RuleGroup[] = [
  ...ruleFiles(slos, { days: 40 }).made.flatMap(({ files }) => files.flatMap(file => file.groups)),
  ...(appRules({ alertsUrl: 'http://alerts', environment: 'production', language: 'en' }).groups as RuleGroup[]),
  odd,
]

/** A value for each minute; undefined: no sample. */
type Input = Readonly<Record<string, readonly (number | undefined)[]>>

/** Requests of a minute by their outcome. */
interface Traffic {
  readonly ok: number
  readonly failed: number
  readonly slow: number
}

function inputOf(minutes: number, traffic: (minute: number) => Traffic | undefined): Input {
  const base = 'service_name="shop",job="shop"'
  const totals = { ok: 0, failed: 0, slow: 0 }
  const rows = new Map<string, (number | undefined)[]>()
  const put = (series: string, value: number | undefined) => rows.set(series, [...(rows.get(series) ?? []), value])
  for (let minute = 0; minute <= minutes; minute++) {
    const now = traffic(minute)
    totals.ok += now?.ok ?? 0
    totals.failed += now?.failed ?? 0
    totals.slow += now?.slow ?? 0
    const name = 'http_server_request_duration_seconds'
    const there = (value: number) => (now ? value : undefined)
    put(`${name}_count{${base},http_response_status_code="200"}`, there(totals.ok + totals.slow))
    put(`${name}_count{${base},http_response_status_code="500"}`, there(totals.failed))
    for (const [le, more] of [
      ['1', 0],
      ['2.5', totals.slow / 4],
      ['+Inf', totals.slow],
    ] as const) {
      put(`${name}_bucket{${base},http_response_status_code="200",le="${le}"}`, there(totals.ok + more))
      put(`${name}_bucket{${base},http_response_status_code="500",le="${le}"}`, there(totals.failed))
    }
    put(`afn_redaction_errors_total{${base}}`, minute > 50 ? Math.floor(minute / 30) : 0)
    put(
      `system_filesystem_utilization_ratio{${base},system_filesystem_mountpoint="/data"}`,
      0.5 + (minute % 500) / 1_000,
    )
    put('level{instance="a",zone="z"}', minute % 240 < 30 ? 80 : minute % 240 < 34 ? 10 : minute > 400 ? undefined : 61)
    put('level{instance="b"}', 60 + 40 * Math.sin(minute / 20))
  }
  return Object.fromEntries(rows)
}

const expressions: Expressions = {
  matches: async (expression, values) => values.map(value => new RegExp(`^(?:${expression})$`, 's').test(value)),
  groups: async (expression, values) =>
    values.map(value => {
      const found = new RegExp(`^(?:${expression})$`, 's').exec(value)
      return found ? { numbered: found.map(one => one ?? ''), named: {} } : undefined
    }),
}

function labelsOf(series: string): Labels {
  const { matchers } = parse(series) as Selector
  return Labels.of(matchers.map(({ label, value }) => [label, value]))
}

function engineOf(input: Input): RuleEngine {
  const all = Object.entries(input).map(([series, values]) => {
    const there = values.flatMap((value, minute) => (value === undefined ? [] : [{ time: minute * MINUTE, value }]))
    return {
      labels: labelsOf(series),
      times: Float64Array.from(there, ({ time }) => time),
      values: Float64Array.from(there, ({ value }) => value),
    }
  })
  const stored = {
    async select(matchers: Parameters<Sources['select']>[0], from: number, to: number) {
      const isWanted = await acceptedSeries(
        matchers,
        all.map(({ labels }) => labels),
        expressions,
      )
      return all
        .filter((_, at) => isWanted[at])
        .map(({ labels, times, values }) => {
          const isIn = (_: number, at: number) => times[at]! > from && times[at]! <= to
          return { labels, times: times.filter(isIn), values: values.filter(isIn) }
        })
    },
    labels: () => Promise.resolve([]),
  }
  const engine: RuleEngine = new RuleEngine({
    groups,
    sourceOf: () => new Sources([stored, new RecordSource(() => engine.recorded, expressions)], expressions),
    externalUrl: 'http://up',
    started: 0,
  })
  return engine
}

/** What promtool says of what our engine found. @param at minutes at which all is compared */
async function verdict(input: Input, at: readonly number[]): Promise<{ said: string; fired: ReadonlySet<string> }> {
  const engine = engineOf(input)
  const { signal } = new AbortController()
  const fired = new Set<string>()
  const alertNames = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []))
  const alert_rule_test: object[] = []
  const promql_expr_test: object[] = []
  for (const minute of at) {
    const time = minute * MINUTE
    await engine.evaluate(time, 0, signal)
    expect(engine.problems).toEqual([])
    const alerts = (await engine.alerts(signal)).filter(({ state }) => state === 'firing')
    for (const alertname of alertNames) {
      const those = alerts.filter(({ labels }) => labels.get('alertname') === alertname)
      if (those.length > 0) fired.add(alertname)
      alert_rule_test.push({
        eval_time: `${minute}m`,
        alertname,
        exp_alerts: those.map(({ labels, annotations }) => ({
          exp_labels: Object.fromEntries(labels.pairs.filter(([name]) => name !== 'alertname')),
          exp_annotations: annotations,
        })),
      })
    }
    const samples = engine.recorded.flatMap(one => {
      const found = one.stored(time - MINUTE, time)
      if (!found || found.times.at(-1) !== time || found.ends?.at(-1) === 1) return []
      return [{ labels: promqlOf(one.labels), value: Number(sampleText(found.values.at(-1)!)) }]
    })
    promql_expr_test.push({
      expr: '{__name__=~"slo:.+|odd:.+|ALERTS|sloth_slo_info|slo_exclude"}',
      eval_time: `${minute}m`,
      exp_samples: samples,
    })
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-rules-'))
  try {
    writeFileSync(path.join(folder, 'rules.yml'), renderRules('of a test', groups))
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      fuzzy_compare: true,
      group_eval_order: groups.map(({ name }) => name),
      tests: [
        {
          interval: '1m',
          external_url: 'http://up',
          input_series: Object.entries(input).map(([series, values]) => ({
            series,
            values: values.map(value => value ?? '_').join(' '),
          })),
          alert_rule_test,
          promql_expr_test,
        },
      ],
    }
    const file = path.join(folder, 'test.yml')
    writeFileSync(file, JSON.stringify(test))
    const { stdout, stderr } = await promisify(execFile)(promtool!, ['test', 'rules', file], {
      maxBuffer: 2 ** 28,
    }).catch(error => error as { stdout: string; stderr: string })
    return { said: `${stdout}${stderr}`.replaceAll(folder, '').trim(), fired }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const promqlOf = (labels: Labels): string =>
  `${labels.get(METRIC)}{${labels.pairs
    .filter(([name]) => name !== METRIC)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`

/** From the tenth minute on: until then promtool misses what is not there yet, and `up` does not, since it never was. */
const every = (minutes: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / minutes) }, (_, at) => (at + 1) * minutes).filter(at => at >= 10)

describe.skipIf(!promtool)('the rules of up say what Prometheus says of them', { timeout: 600_000 }, () => {
  it('has rules to compare', () => expect(mistakes).toEqual([]))

  it('in an hour that burns, and while it recovers and goes silent', async () => {
    const minutes = 10 * 60
    const input = inputOf(minutes, minute =>
      minute > 480 && minute < 570
        ? undefined
        : minute > 120 && minute <= 180
          ? { ok: 90, failed: 7, slow: 3 + (minute % 40) }
          : { ok: 100, failed: Number(minute % 300 === 0), slow: minute % 3 },
    )
    const { said, fired } = await verdict(
      input,
      every(1, minutes).filter(at => at % 10 === 0 || (at > 120 && at < 160) || at > 565),
    )
    expect(said.slice(0, 3_000)).toMatch(/SUCCESS$/)
    expect([...fired]).toEqual(
      expect.arrayContaining([
        'ShopFastBurn',
        'ShopMediumBurn',
        'ShopMetricAbsent',
        'BrokenDataInvalid',
        'Kept',
        'Gone',
        'AfnDiskFull',
      ]),
    )
  })

  it('in a healthy time: nothing of an objective fires', async () => {
    const minutes = (isLong('objectives') ? 7 : 1) * DAY
    const input = inputOf(minutes, minute => ({
      ok: 200 + (minute % 60),
      failed: Number(minute % 97 === 0),
      slow: minute % 5,
    }))
    const { said, fired } = await verdict(input, every(minutes / 24, minutes))
    expect(said.slice(0, 3_000)).toMatch(/SUCCESS$/)
    expect([...fired].filter(name => !/^(?:Kept|Gone|Afn|Broken)/.test(name))).toEqual([])
  })
})
