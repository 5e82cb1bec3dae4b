/** PromQL for an SLI: the rates of bad events and of all events over a window. */
import type { Path } from '../../shared/config/checked-file'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import { type Estimate, estimateOf } from './estimated-edge'
import { expressionOf } from './matching'
import { groupingOf, problemInQuery, withoutComments } from './promql-validation'
import { type EventsSli, type LatencySli, type Matchers, type Metric, parts, type RatioSli, type Sli } from './spec'

export interface Queries {
  /** Bad events per second; may be empty or negative if the data is wrong. */
  readonly errors: string
  /** All events per second. */
  readonly total: string
}

/** @param window such as `5m`. Not for `raw`, which has no counts. */
export function queriesOf(sli: Exclude<Sli, { kind: 'raw' }>, window: string): Queries {
  if (sli.kind === 'events') return ofEvents(inWindow(sli.errorQuery, window), inWindow(sli.totalQuery, window))
  return ofCounters(sli, { of: selector => `rate(${selector}[${window}])` })
}

/** Which function of the counters behind a structured SLI to query. */
interface CounterQuery {
  /** Applied to a selector, such as rate(). */
  readonly of: (selector: string) => string
  /** Grouping labels in addition to those of the parts. */
  readonly by?: readonly string[]
}

const ofCounters = (sli: RatioSli | LatencySli, wanted: CounterQuery): Queries =>
  sli.kind === 'ratio' ? ofRatio(sli, wanted) : ofLatency(sli, wanted)

/**
 * The number of events in a long window, grouped by attributes.
 * @param attributes OpenTelemetry names
 */
export const eventsIn = (sli: RatioSli | LatencySli, window: string, attributes: readonly string[] = []): Queries =>
  ofCounters(sli, {
    of: selector => `increase(${selector}[${window}])`,
    by: attributes.map(attribute => labelName(attribute) ?? attribute),
  })

/** The sum of all counters; exists as long as any of them does, whatever their interval. */
export const counterOf = (sli: RatioSli | LatencySli): string => ofCounters(sli, { of: selector => selector }).total

const sumBy = ({ by = [] }: CounterQuery): string => `sum by (${[...parts, ...by].join(', ')}) `

/**
 * The increase of the counters per minute, evaluated every minute, so that its sum over any time is the number of events. A sum of rates is
 * not, because rate() extrapolates to the edges of its window: for rare errors, that is off by some percent.
 * @returns undefined if the SLI does not name its counters
 */
export function increasesOf(sli: Sli): Queries | undefined {
  if (sli.kind === 'events' || sli.kind === 'raw' || sli.metric.type === 'native') return undefined
  return ofCounters(sli, { of: risen })
}

/**
 * Covers the minute that ended two minutes ago. Samples of the last minute may still be in the Collector; they would be missing at the end
 * of this minute but present at the start of the next, and so be lost. A counter that fell was reset. A new counter increased from its
 * minimum in that minute, which is the 0 that Prometheus inserts at the start of our series.
 */
function risen(selector: string): string {
  const [before, after] = [`${selector} offset 3m`, `${selector} offset 2m`]
  return `((${after} - ${before} >= 0) or ${after} < ${before} or ${after} - min_over_time(${selector}[1m] offset 2m))`
}

/** Go's template syntax, as in Sloth. */
const WINDOW = /\{\{ *\.window *\}\}/g

export const inWindow = (query: string, window: string): string => withoutComments(query.trim().replace(WINDOW, window))

/** Whether the user's queries return events per second, rather than a number of events in the window. */
export const isPerSecond = (sli: Sli): boolean => sli.kind !== 'events' || /\b(i?rate|deriv)\s*\(/.test(sli.totalQuery)

/**
 * An error query is empty before the first error, which means no errors. For histogram buckets, however, an empty result means that the
 * bucket does not exist, which must not look healthy.
 */
function ofEvents(errors: string, total: string): Queries {
  const isOfBuckets = /\ble\s*(=|!)/.test(errors)
  return { errors: isOfBuckets ? errors : orZero(errors, total), total }
}

const orZero = (errors: string, total: string): string => `(${errors}) or (${total}) * 0`

function ofRatio({ metric, where, selects, alternatives }: RatioSli, wanted: CounterQuery): Queries {
  const sum = sumBy(wanted)
  const rates = (matchers: readonly Matchers[]) =>
    matchers.map(one => wanted.of(selector(metric, countOf(metric), one))).join(' or ')
  const summed = (rate: string) => (metric.type === 'native' ? `${sum}(histogram_count(${rate}))` : `${sum}(${rate})`)
  const total = summed(rates([where]))
  const selected = summed(rates(alternatives.map(alternative => [...where, ...alternative])))
  if (selects === 'bad') return { errors: orZero(selected, total), total }
  return { errors: `(${total}) - (${orZero(selected, total)})`, total }
}

/** Labels that distinguish processes. */
const PROCESS = ['job', 'service_name', 'instance']

function ofLatency({ metric, where, threshold }: LatencySli, wanted: CounterQuery): Queries {
  const of = (suffix: string) => wanted.of(selector(metric, suffix, where))
  const sum = sumBy(wanted)
  if (metric.type === 'native') {
    const all = `${sum}(${of('')})`
    const total = `histogram_count(${all})`
    // the fraction of an empty histogram is NaN
    return { errors: `(${total} * (1 - histogram_fraction(-Inf, ${threshold}, ${all})) >= 0) or ${total} * 0`, total }
  }
  const upTo = (edge: number) => wanted.of(selector(metric, '_bucket', where, `le=~${quoted(edgeExpression(edge))}`))
  const estimate = estimateOf(metric, threshold)
  const good = estimate ? `${upTo(threshold)} or ignoring(le) ${estimated(estimate, upTo)}` : upTo(threshold)
  // processes whose histogram lacks the boundary do not count at all
  const ofProcess = `sum by (${[...PROCESS, ...parts, ...(wanted.by ?? [])].join(', ')}) `
  const [all, fast] = [`${ofProcess}(${of('_count')})`, `${ofProcess}(${good})`]
  return { errors: `${sum}(${all} - ${fast})`, total: `${sum}(${all} and ${fast})` }
}

/** For series without a boundary at the threshold. */
const estimated = ({ lower, upper, share }: Estimate, upTo: (edge: number) => string): string =>
  `(${upTo(lower)} * ${shown(1 - share)} + ignoring(le) ${upTo(upper)} * ${shown(share)})`

const shown = (share: number): string => String(Number(share.toPrecision(12)))

/** Selectors that show whether a histogram has the boundary: all of its series, those at the boundary, and the native form. */
export function seriesOfEdge({ metric, where, threshold }: LatencySli): { all: string; edge: string; native: string } {
  return {
    all: selector(metric, '_bucket', where, 'le="+Inf"'),
    edge: atEdge({ metric, where }, threshold),
    native: selector(metric, '', where),
  }
}

/** Services whose histogram has no boundary at the threshold, nor adjacent ones to estimate from: their events are not counted. */
export function withoutEdge(sli: LatencySli): string {
  const { all, edge } = seriesOfEdge(sli)
  const estimate = estimateOf(sli.metric, sli.threshold)
  const rated = estimate ? `(${edge} or ignoring(le) ${atEdge(sli, estimate.lower)})` : edge
  return `group by (service_name) (${all} unless ignoring(le) ${rated})`
}

const atEdge = ({ metric, where }: Pick<LatencySli, 'metric' | 'where'>, edge: number): string =>
  selector(metric, '_bucket', where, `le=~${quoted(edgeExpression(edge))}`)

const countOf = ({ type }: Metric): string => (type === 'histogram' ? '_count' : '')

/** The metric's name in Prometheus, without a histogram's suffix. */
export const prometheusName = ({ name, unit, type }: Metric): string =>
  // the schema rejects names of which nothing would remain
  metricName(name, unit, type === 'counter' ? 'counter' : 'other') ?? name

function selector(metric: Metric, suffix: string, matchers: Matchers, more = ''): string {
  const parts = matchers.map(
    ({ attribute, operator, value }) => `${labelName(attribute) ?? attribute}${operator}${quoted(value)}`,
  )
  return `${prometheusName(metric)}${suffix}{${[...parts, ...(more ? [more] : [])].join(',')}}`
}

const quoted = (text: string): string => JSON.stringify(text)

/**
 * The label `le` of a bucket boundary. Prometheus 3 stores a scraped 2 as `2.0`; its OTLP receiver and Prometheus 2 store it as `2`.
 * Scraped values may have an exponent if they are very large or small.
 */
export function edgeExpression(edge: number): string {
  const plain = edge.toLocaleString('en-US', {
    useGrouping: false,
    maximumFractionDigits: 20,
    maximumSignificantDigits: 17,
  })
  const exponent = edge.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  const forms = [
    plain,
    ...(Number.isInteger(edge) ? [`${plain}.0`] : []),
    ...(edge >= 1e6 || edge < 1e-4 ? [exponent] : []),
  ]
  return forms.map(form => form.replace(/[.+]/g, '\\$&')).join('|')
}

/** Problems of the user's queries, each with its key in the SLI. */
export function problemsOfSli(sli: Sli): [Path, string][] {
  if (sli.kind === 'raw') return problemsOf(['raw', 'error_ratio_query'], sli.errorRatioQuery)
  if (sli.kind === 'events') return problemsOfEvents(sli)
  const expressions = [...sli.where, ...(sli.kind === 'ratio' ? sli.alternatives.flat() : [])].filter(
    ({ operator }) => operator === '=~' || operator === '!~',
  )
  return expressions
    .filter(({ value }) => expressionOf(value) === undefined)
    .map(({ attribute, value }) => [[sli.kind], `${attribute}: ${JSON.stringify(value)} is no regular expression`])
}

function problemsOfEvents({ errorQuery, totalQuery }: EventsSli): [Path, string][] {
  const [errors, total] = [
    ['events', 'error_query'],
    ['events', 'total_query'],
  ] as const
  const problems = [...problemsOf(errors, errorQuery), ...problemsOf(total, totalQuery)]
  if (problems.length > 0) return problems
  if (errorQuery.trim() === totalQuery.trim())
    return [[errors, 'error_query and total_query are the same, so every event would be an error']]
  const [ofErrors, ofTotal] = [errorQuery, totalQuery].map(query => groupingOf(inWindow(query, '5m')))
  if (ofErrors === undefined || ofTotal === undefined || ofErrors === ofTotal) return []
  return [
    [
      errors,
      `error_query is grouped ${ofErrors} and total_query ${ofTotal}, so none would be divided by the other; group both alike`,
    ],
  ]
}

function problemsOf(key: Path, query: string): [Path, string][] {
  const name = key.at(-1)
  if (query.search(WINDOW) < 0)
    return [[key, `${name} has no {{.window}}; write it in the place of each duration, such as [{{.window}}]`]]
  const other = /\{\{[^}]*\}?\}?/.exec(query.replace(WINDOW, ''))?.[0]
  if (other) return [[key, `${name} has ${other}; {{.window}} is all that is replaced`]]
  const problem = problemInQuery(query.replace(WINDOW, '5m'))
  return problem ? [[key, `${name} is no query of Prometheus: ${problem}`]] : []
}
