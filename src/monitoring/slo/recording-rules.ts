/**
 * Recording rules. Names and labels are Sloth's, so that its dashboards work. Differences to Sloth: errors and events are recorded as well,
 * and windows are computed from their sums, so that all events have equal weight; a ratio without events has no sample, where Sloth's NaN
 * would persist for the rest of the period; and excluded times are omitted.
 */
import { burnRateExpr } from './burn-rate'
import { EXCLUDE_METRIC, excludedIn, excludedTimes } from './exclude'
import { increasesOf, inWindow, type Queries, queriesOf } from './queries'
import type { Rule, RuleGroup } from './rule-file'
import { budgetOf, parts, partsOf, type RawSli, type Slo, tidy } from './spec'
import { periodSeconds, promDuration, windowSeconds } from './windows'

/** Bad events per second, over 5 minutes and over an hour. */
export const errorsRecord = (window: '5m' | '1h'): string => `slo:sli_errors:rate${window}`
/** All events per second. */
export const eventsRecord = (window: '5m' | '1h'): string => `slo:sli_events:rate${window}`
/** The share of bad events. */
export const ratioRecord = (window: string): string => `slo:sli_error:ratio_rate${window}`

/** Number of bad events and of all events per minute. */
export const countRecords = { errors: 'slo:sli_errors:increase1m', total: 'slo:sli_events:increase1m' } as const

export const idLabels = ({ id, service, name }: Pick<Slo, 'id' | 'service' | 'name'>): Record<string, string> => ({
  sloth_id: id,
  sloth_service: service,
  sloth_slo: name,
})

/** Selects the records of an SLO, whose names need no escaping. */
export const filterOf = ({ id, service, name }: Slo, more: readonly string[] = []): string =>
  `{${[`sloth_id="${id}"`, `sloth_service="${service}"`, `sloth_slo="${name}"`, ...more].join(', ')}}`

const windows = windowSeconds.map(promDuration)

/** Rules for the server that has the apps' samples. */
export function sliGroup(slo: Slo): RuleGroup {
  const excluded: Rule[] =
    slo.exclude.length > 0 ? [{ record: EXCLUDE_METRIC, expr: excludedTimes(slo.exclude), labels: idLabels(slo) }] : []
  const rules = slo.sli.kind === 'raw' ? rawRules(slo, slo.sli) : countedRules(slo, slo.sli)
  return { name: `sloth-slo-sli-recordings-${slo.id}`, rules: [...excluded, ...rules] }
}

function countedRules(slo: Slo, sli: Exclude<Slo['sli'], RawSli>): Rule[] {
  const counts = (['5m', '1h'] as const).flatMap(window => {
    const { errors, total } = ofParts(slo, queriesOf(sli, window))
    return [
      windowRule(slo, window, eventsRecord(window), counted(slo, total, window, eventsRecord('5m'))),
      windowRule(slo, window, errorsRecord(window), counted(slo, errors, window, errorsRecord('5m'))),
    ]
  })
  const ratios = windows.map(window => windowRule(slo, window, ratioRecord(window), ratioOf(slo, window)))
  return [...counts, ...ratios]
}

/** One series per part of the objective. */
export function ofParts(slo: Slo, { errors, total }: Queries): Queries {
  const named = parts.filter(label => !partsOf(slo).includes(label))
  if (named.length === 0) return { errors, total }
  const all = (query: string) => `sum without (${named.join(', ')}) (${query})`
  return { errors: all(errors), total: all(total) }
}

/** Event counts for the period, evaluated at their own interval; none if the SLI consists of the user's queries. */
export function countGroups(slo: Slo): RuleGroup[] {
  const counts = increasesOf(slo.sli)
  if (!counts) return []
  const queries = ofParts(slo, counts)
  const rules = (['total', 'errors'] as const).map(of =>
    windowRule(slo, '1m', countRecords[of], `(${queries[of]})\nunless on()\n${excludedIn(slo, '5m')}`),
  )
  return [{ name: `sloth-slo-count-recordings-${slo.id}`, interval: '1m', rules }]
}

/**
 * For one hour, queries the counters themselves, because the 5-minute records would delay the fastest alert by two minutes. If part of that
 * hour is excluded, only the records reflect that.
 */
function counted(slo: Slo, query: string, window: '5m' | '1h', record: string): string {
  const outside = `(${query})\nunless on()\n${excludedIn(slo, window)}`
  if (window === '5m') return outside
  const inside = `${summed(slo, `avg_over_time(${record}${filterOf(slo)}[1h])`)}\nand on()\n${excludedIn(slo, window)}`
  return `(\n${outside}\n)\nor\n(\n${inside}\n)`
}

/** Sums over the file's labels: after one is changed, series with its old value remain for the longest window. */
const summed = (slo: Slo, expr: string): string => `sum without (${ownLabels(slo).join(', ')}) (${expr})`

const ownLabels = (slo: Slo): string[] => [
  ...new Set(['sloth_window', ...Object.keys(idLabels(slo)), ...Object.keys(slo.labels)]),
]

function ratioOf(slo: Slo, window: string): string {
  const over = (record: (window: '5m' | '1h') => string) =>
    summed(
      slo,
      window === '5m' || window === '1h'
        ? `${record(window)}${filterOf(slo)}`
        : `sum_over_time(${record('5m')}${filterOf(slo)}[${window}])`,
    )
  return `${over(errorsRecord)}\n/\n(${over(eventsRecord)} > 0)`
}

function ratioOfCounts(slo: Slo, window: string): string {
  const over = (record: string) => summed(slo, `sum_over_time(${record}${filterOf(slo)}[${window}])`)
  return `${over(countRecords.errors)}\n/\n(${over(countRecords.total)} > 0)`
}

function rawRules(slo: Slo, sli: RawSli): Rule[] {
  return windows.map(window => {
    // comparisons drop NaN
    const query = `((${inWindow(sli.errorRatioQuery, window)}) >= -Inf)`
    const outside = `${query}\nunless on()\n${excludedIn(slo, window)}`
    const inside = `${summed(slo, `avg_over_time(${ratioRecord('5m')}${filterOf(slo)}[${window}])`)}\nand on()\n${excludedIn(slo, window)}`
    const expr = window === '5m' ? outside : `(\n${outside}\n)\nor\n(\n${inside}\n)`
    return windowRule(slo, window, ratioRecord(window), expr)
  })
}

/** The objective and its current burn rate. */
export function metaGroup(slo: Slo): RuleGroup {
  const budget = budgetOf(slo)
  const burn = summed(slo, burnRateExpr(slo, `${ratioRecord('5m')}${filterOf(slo)}`))
  return {
    name: `sloth-slo-meta-recordings-${slo.id}`,
    rules: metaRules(slo, String(budget), { 'slo:current_burn_rate:ratio': burn }),
  }
}

/** @param burns recorded expressions of the budget, by record name */
export function metaRules(slo: Slo, budget: string, burns: Readonly<Record<string, string>>): Rule[] {
  const labels = { ...idLabels(slo), ...slo.labels }
  const info = { sloth_mode: 'afn-otel', sloth_spec: 'prometheus/v1', sloth_objective: String(slo.objective) }
  return [
    { record: 'slo:objective:ratio', expr: `vector(${tidy(slo.objective / 100)})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(${budget})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${periodSeconds[slo.period] / 86_400})`, labels },
    ...Object.entries(burns).map(([record, expr]): Rule => ({ record, expr, labels })),
    { record: 'sloth_slo_info', expr: 'vector(1)', labels: { ...labels, ...info } },
  ]
}

/** Rules over the whole period, computed from records only, on a server that keeps them. Evaluated once per minute. */
export function periodGroup(slo: Slo): RuleGroup {
  const labels = { ...idLabels(slo), ...slo.labels }
  const window = promDuration(periodSeconds[slo.period])
  const filter = filterOf(slo)
  const average = (over: string) => summed(slo, `${over}(${ratioRecord('5m')}${filter}[${window}])`)
  const ofQueries = () =>
    slo.sli.kind === 'raw' ? `${average('sum_over_time')}\n/\n${average('count_over_time')}` : ratioOf(slo, window)
  const ratio = increasesOf(slo.sli) ? ratioOfCounts(slo, window) : ofQueries()
  return {
    name: `sloth-slo-period-recordings-${slo.id}`,
    interval: '1m',
    rules: [
      windowRule(slo, window, ratioRecord(window), ratio),
      {
        record: 'slo:period_burn_rate:ratio',
        expr: summed(slo, burnRateExpr(slo, `${ratioRecord(window)}${filter}`)),
        labels,
      },
      {
        record: 'slo:period_error_budget_remaining:ratio',
        expr: `1 - ${summed(slo, `slo:period_burn_rate:ratio${filter}`)}`,
        labels,
      },
    ],
  }
}

export const windowRule = (slo: Slo, window: string, record: string, expr: string): Rule => ({
  record,
  expr,
  labels: { ...idLabels(slo), sloth_window: window, ...slo.labels },
})
