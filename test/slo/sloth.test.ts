// Foreign oracle: sloth 0.16, run on the same files.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { readSlos } from '../../src/slo/read'
import type { Rule, RuleGroup } from '../../src/slo/rule-file'
import { ruleFiles } from '../../src/slo/rule-files'
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

describe.skipIf(!sloth)('compat: sloth', () => {
  it.each(['30d', '28d', '7d'])('over %s every rule is the one that sloth makes, to 1e-9', period => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sloth-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const at = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), text)
      return path.join(folder, name)
    }
    const windows = mkdtempSync(path.join(folder, 'windows-'))
    writeFileSync(path.join(windows, '7d.yaml'), WEEK)
    const out = path.join(folder, 'rules.yml')
    const { status, stderr } = spawnSync(
      sloth,
      [
        ...['generate', '-i', at('slo.yml', FILE), '-o', out, '--default-slo-period', period],
        ...(period === '7d' ? ['--slo-period-windows-path', windows] : []),
      ],
      { encoding: 'utf8' },
    )
    expect(stderr).not.toContain('error:')
    expect(status).toBe(0)
    const theirs = (parse(readFileSync(out, 'utf8')) as { groups: RuleGroup[] }).groups

    const read = readSlos(FILE.replace('service:', `period: ${period}\ncompat: sloth\nservice:`))
    expect(read.mistakes).toEqual([])
    const { made, refused } = ruleFiles(read.slos, { days: 32 })
    expect(refused).toEqual([])
    const ours = made.flatMap(({ files }) => files).flatMap(({ groups }) => groups)
    expect(ours.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name))
    for (const [group, { rules }] of theirs.entries()) {
      const mine = ours[group]?.rules ?? []
      expect(mine).toHaveLength(rules.length)
      for (const [one, rule] of rules.entries()) expectSame(mine[one] as Rule, rule)
    }
  })
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
