/**
 * Generates tests for `promtool test rules`, one file per SLO, with six scenarios. The input are series of the SLI's metrics; the expected
 * results follow from the objective.
 */

import { alertName } from './alert-texts'
import { absentAfter, firingTiers } from './alerts'
import { filterOf, ratioRecord } from './recording-rules'
import { renderYaml } from './rule-file'
import type { RuleFile, RulesOfSlo } from './rule-files'
import { type EventKind, type SampleSeries, samplesOf, seriesOf } from './sample-series'
import { budgetOf, type Slo } from './spec'
import { canFire, periodSeconds, promDuration, tiersOf } from './windows'

export interface TestFile {
  /** Such as `slo-shop-availability.test.yml`. */
  readonly name: string
  readonly content: string
  /** Native histograms require Prometheus 3. */
  readonly isNative: boolean
}

/** Minutes between evaluations: smaller steps take promtool seconds without finding more. */
const STEP = 5

/** Events per minute, for some minutes. Without numbers, the series are missing. */
interface Phase {
  readonly minutes: number
  readonly good?: number
  readonly bad?: number
}

interface Scene {
  readonly name: string
  readonly phases: readonly Phase[]
  readonly expected: readonly Expected[]
}

interface Expected {
  /** Minutes from the start, a multiple of `STEP`. */
  readonly at: number
  readonly expr: string
  readonly samples: readonly { readonly labels: string; readonly value: number }[]
}

/**
 * @param pathOf returns the path of a rule file relative to the test
 * @param header comment lines, without `#`
 * @returns undefined if no sample series fit the SLI, such as for a query that is no ratio of counters
 */
export function testFile(
  { slo, files }: RulesOfSlo,
  pathOf: (file: RuleFile) => string,
  header: string,
): TestFile | undefined {
  const samples = samplesOf(slo.sli)
  if (!samples) return undefined
  const tests = scenesOf(slo).map(({ name, phases, expected }) => ({
    name,
    interval: '1m',
    input_series: samples.map(sample => ({ series: sample.series, values: valuesOf(sample, phases) })),
    promql_expr_test: expected.map(({ at, expr, samples: exp_samples }) => ({
      expr,
      eval_time: `${at}m`,
      exp_samples,
    })),
  }))
  const test = {
    rule_files: files.map(pathOf),
    evaluation_interval: `${STEP}m`,
    // the order matters: a rule that reads a record before its next evaluation finds a stale sample
    group_eval_order: files.flatMap(({ groups }) => groups).map(({ name }) => name),
    tests,
  }
  const isNative = samples.some(sample => 'threshold' in sample)
  return { name: `slo-${slo.id}.test.yml`, content: renderYaml(header, test), isNative }
}

function scenesOf(slo: Slo): Scene[] {
  const { failures, events } = slo.lowTraffic
  const mostFailures = Math.max(...Object.values(failures))
  const slow = slowBurn(slo)
  // enough traffic to pass both low-traffic guards after an hour
  const perMinute = Math.max(1_000, Math.ceil((4 * mostFailures) / (slow * 60)), Math.ceil(events / 15))
  const mixed = (minutes: number, share: number): Phase => ({
    minutes,
    good: perMinute * (1 - share),
    bad: perMinute * share,
  })
  const share = budgetOf(slo) / 10
  const absentMinutes = Math.ceil(absentAfter(slo) / 60 / STEP) * STEP
  const isAbsentKnown = slo.compat === undefined && slo.alerts.severities.metric_absent !== 'off'
  const [DAY, before] = [24 * 60, 30]
  const present = slo.alerts.expectsData === 'always' ? before : DAY + before
  const ratio = (window: string, value: number): Omit<Expected, 'at'> => ({
    expr: `max(abs(${ratioRecord(window)}${filterOf(slo)} - ${value})) < bool 1e-9`,
    samples: [{ labels: '{}', value: 1 }],
  })
  return [
    {
      name: 'healthy: a tenth of the budget burns, and nobody is called',
      phases: [mixed(90, share)],
      expected: [firing(slo, 80, []), { at: 80, ...ratio('1h', share) }],
    },
    {
      name: 'slow burn: the slowest alert alone fires',
      phases: [mixed(90, slow)],
      expected: [firing(slo, 80, firingAt(slo, slow)), { at: 80, ...ratio('6h', slow) }],
    },
    {
      name: 'fast burn: everything fails, and every alert about the budget fires',
      phases: [mixed(40, 1)],
      expected: [firing(slo, 30, firingAt(slo, 1)), { at: 30, ...ratio('5m', 1) }],
    },
    {
      name: 'recovery: no alert outlives its short window',
      phases: [mixed(60, 1), mixed(400, 0)],
      expected: [firing(slo, 60, firingAt(slo, 1)), { at: 80, ...ratio('5m', 0) }, firing(slo, 450, [])],
    },
    {
      name: 'no traffic: counters that stand still are no failure, and no NaN stays behind',
      phases: [mixed(30, 0), { minutes: 60, good: 0, bad: 0 }],
      expected: [firing(slo, 85, []), ...(slo.compat ? [] : withoutNaN(slo, 85))],
    },
    {
      name: 'missing metric: the series are gone, and that alone is said',
      phases: [mixed(present, 0), { minutes: absentMinutes + 20 }],
      expected: [
        firing(
          slo,
          present + absentMinutes + 15,
          isAbsentKnown ? [{ alertname: alertName(slo, 'metric_absent') }] : [],
        ),
      ],
    },
  ]
}

/** A share of bad events between the threshold of the slowest tier with an alert and that of the next tier. */
function slowBurn(slo: Slo): number {
  const all = slo.compat ? tiersOf(slo).filter(canFire) : firingTiers(slo)
  const thresholds = all.map(({ threshold }) => threshold).toSorted((a, b) => a - b)
  const [slowest = budgetOf(slo), next = 1] = thresholds
  return Math.sqrt(slowest * Math.min(next, 1))
}

/** The alerts of a constant share of bad events. */
function firingAt(slo: Slo, share: number): Record<string, string>[] {
  if (slo.compat === undefined)
    return firingTiers(slo)
      .filter(({ threshold }) => threshold < share)
      .map(({ name }) => ({ alertname: alertName(slo, name) }))
  const severities = tiersOf(slo)
    .filter(({ threshold, slothSeverity }) => threshold < share && !slo.alerts[slothSeverity].disabled)
    .map(({ slothSeverity }) => slothSeverity)
  return [...new Set(severities)].map(severity => ({ alertname: slo.alerts.name, sloth_severity: severity }))
}

function firing(slo: Slo, at: number, alerts: readonly Record<string, string>[]): Expected {
  const labels = slo.compat ? 'alertname, sloth_severity' : 'alertname'
  return {
    at,
    expr: `count by (${labels}) (ALERTS{sloth_id="${slo.id}", alertstate="firing"})`,
    samples: alerts.map(alert => ({ labels: seriesOf('', alert), value: 1 })),
  }
}

function withoutNaN(slo: Slo, at: number): Expected[] {
  const remaining = `slo:period_error_budget_remaining:ratio${filterOf(slo)}`
  const period = promDuration(periodSeconds[slo.period])
  return [
    { at, expr: `${ratioRecord('5m')}${filterOf(slo)}`, samples: [] },
    { at, expr: `count(abs(${remaining} - 1) < 1e-9)`, samples: [{ labels: '{}', value: 1 }] },
    { at, expr: `count(${ratioRecord(period)}${filterOf(slo)} == 0)`, samples: [{ labels: '{}', value: 1 }] },
  ]
}

/** promtool's notation: `a+bxn` means n+1 samples at intervals of a minute, and `_xn` means n missing ones. */
function valuesOf(sample: SampleSeries, phases: readonly Phase[]): string {
  const total = { good: 0, bad: 0 }
  const parts = phases.map(({ minutes, good, bad }, at) => {
    if (good === undefined || bad === undefined) return `_x${minutes}`
    const each = { good, bad }
    // the very first sample is the counter's initial 0
    const first = at === 0 ? total : sum(total, each)
    const repeats = at === 0 ? minutes : minutes - 1
    total.good += good * minutes
    total.bad += bad * minutes
    return 'threshold' in sample
      ? `${histogram(sample.threshold, first)}+${histogram(sample.threshold, each)}x${repeats}`
      : `${pick(sample.counts, first)}+${pick(sample.counts, each)}x${repeats}`
  })
  return parts.join(' ')
}

interface Events {
  readonly good: number
  readonly bad: number
}

const sum = (one: Events, other: Events): Events => ({ good: one.good + other.good, bad: one.bad + other.bad })

const pick = (counts: EventKind, { good, bad }: Events): number => ({ good, bad, all: good + bad, none: 0 })[counts]

/** Schema 0 has powers of two as bounds: one bucket lies below the threshold and one above. */
function histogram(threshold: number, { good, bad }: Events): string {
  if (!Number.isFinite(threshold)) {
    const count = threshold > 0 ? good : bad
    return `{{schema:0 sum:${count} count:${count} buckets:[${count}]}}`
  }
  const below = Math.floor(Math.log2(threshold)) - 1
  const above = Math.ceil(Math.log2(threshold)) + 2
  const empty = Array(above - below - 1).fill(0)
  return `{{schema:0 sum:${good + bad} count:${good + bad} offset:${below} buckets:[${[good, ...empty, bad].join(' ')}]}}`
}
