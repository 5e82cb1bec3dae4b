// Foreign oracle: sloth 0.16, run on the same files.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { readSlos } from '../../src/monitoring/slo/read'
import type { Rule, RuleGroup } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { findSloth } from '../support/binaries.mjs'

const found = findSloth()
if ('missing' in found) writeSync(1, `skipped: equality with sloth: ${found.missing}\n`)
const sloth = 'missing' in found ? '' : found.binary

/** Of the first example of Sloth's own documentation, with labels at every level, and one of each other form. */
const FILE = `
version: prometheus/v1
service: k8s-apiserver
labels: { cluster: valhalla, component: kubernetes }
slos:
  - name: requests-availability
    objective: 99.9
    description: Availability of the API server.
    labels: { component: api, tier: "1" }
    sli:
      events:
        error_query: sum(rate(apiserver_request_total{code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(apiserver_request_total[{{ .window }}]))
    alerting:
      name: K8sApiserverAvailabilityAlert
      labels: { category: availability }
      annotations: { runbook: "https://example.com/a" }
      page_alert: { labels: { severity: critical } }
      ticket_alert: { labels: { severity: warning }, annotations: { runbook: "https://example.com/b" } }
  - name: requests-latency
    objective: 99
    sli:
      events:
        error_query: |
          (
            sum(rate(apiserver_request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
            -
            sum(rate(apiserver_request_duration_seconds_bucket{le="0.4",verb!="WATCH"}[{{.window}}]))
          )
        total_query: sum(rate(apiserver_request_duration_seconds_count{verb!="WATCH"}[{{.window}}]))
    alerting:
      name: K8sApiserverLatencyAlert
      page_alert: { disable: true }
  - name: raw.one
    objective: 73.337
    sli: { raw: { error_ratio_query: "1 - avg_over_time(up[{{.window}}])" } }
    alerting: { name: Raw, page_alert: { disable: true }, ticket_alert: { disable: true } }
  - name: by-route
    objective: 80
    sli:
      events:
        error_query: sum by (route) (rate(errors_total[{{.window}}]))
        total_query: sum by (route) (rate(requests_total[{{.window}}]))
    alerting: { name: ByRoute }
`
/** That of its repository; 30 and 28 days are built in. */
const WEEK = `
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 7d
  page: { quick: { errorBudgetPercent: 8, shortWindow: 5m, longWindow: 1h }, slow: { errorBudgetPercent: 12.5, shortWindow: 30m, longWindow: 6h } }
  ticket: { quick: { errorBudgetPercent: 20, shortWindow: 2h, longWindow: 1d }, slow: { errorBudgetPercent: 42, shortWindow: 6h, longWindow: 3d } }
`

/** What sloth makes of a file. */
function generated(text: string, period: string): RuleGroup[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'sloth-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [input, out, windows] = ['slo.yml', 'rules.yml', 'windows'].map(name => path.join(folder, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(windows)
  writeFileSync(path.join(windows, '7d.yaml'), WEEK)
  writeFileSync(input, text)
  const args = ['generate', '-i', input, '-o', out, '--default-slo-period', period]
  const ofWeek = period === '7d' ? ['--slo-period-windows-path', windows] : []
  const { status, stderr } = spawnSync(sloth, [...args, ...ofWeek], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return (parse(readFileSync(out, 'utf8')) as { groups: RuleGroup[] }).groups
}

/** What we make of it, with these lines before. */
function ours(text: string, ...lines: string[]): RuleGroup[] {
  const read = readSlos(text.replace('service:', [...lines, 'service:'].join('\n')))
  expect(read.mistakes).toEqual([])
  const { made, refused } = ruleFiles(read.slos, { days: 32 })
  expect(refused).toEqual([])
  return made.flatMap(({ files }) => files).flatMap(({ groups }) => groups)
}

describe.skipIf(!sloth)("Sloth's rules", () => {
  it.each(['30d', '28d', '7d'])('over %s every rule of compat: sloth is the one that sloth makes, to 1e-9', period => {
    const theirs = generated(FILE, period)
    const mine = ours(FILE, `period: ${period}`, 'compat: sloth')
    expect(mine.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name))
    for (const [group, { rules }] of theirs.entries()) {
      expect(mine[group]?.rules).toHaveLength(rules.length)
      for (const [one, rule] of rules.entries()) expectSame(mine[group]?.rules[one] as Rule, rule)
    }
  })

  it.each(['30d', '28d', '7d'])(
    "over %s our own rules record all that Sloth's dashboards ask for, with its labels",
    period => {
      const records = (groups: readonly RuleGroup[]) =>
        groups
          .flatMap(({ rules }) => rules)
          .filter(({ record }) => record !== undefined)
          .map(({ record, labels = {} }) => {
            const { sloth_version, sloth_mode, ...others } = labels
            return `${record} ${JSON.stringify(Object.entries(others).sort())}`
          })
      const mine = records(ours(FILE, `period: ${period}`))
      expect(records(generated(FILE, period)).filter(record => !mine.includes(record))).toEqual([])
    },
  )
})

/** Which program and which of its modes made a rule is no part of what it does. */
function expectSame(ours: Rule, theirs: Rule): void {
  const withoutMaker = ({ labels = {}, annotations = {}, ...rule }: Rule) => {
    const { sloth_version, sloth_mode, ...others } = labels
    return { ...rule, expr: shape(rule.expr), labels: others, annotations }
  }
  expect(withoutMaker(ours)).toEqual(withoutMaker(theirs))
  const [mine, wanted] = [ours.expr, theirs.expr].map(numbersIn) as [number[], number[]]
  for (const [at, number] of wanted.entries()) expect(Math.abs((mine[at] ?? Number.NaN) - number)).toBeLessThan(1e-9)
}

/** Numbers that are no part of a word, such as of `rate5m`. */
const NUMBER = /(?<![\w.:"])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.:"])/g
const numbersIn = (expr: string): number[] => (expr.match(NUMBER) ?? []).map(Number)
const shape = (expr: string): string =>
  expr
    .replace(NUMBER, '#')
    .replace(/\s+/g, ' ')
    .replace(/\( | \)/g, found => found.trim())
    .trim()
