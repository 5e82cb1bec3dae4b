/** The queries of an SLI to Prometheus: the rate of bad events and of all events over a window, as PromQL. */
import type { Path } from '../../shared/config/checked-file'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import { type Estimate, estimateOf } from './estimated-edge'
import { expressionOf } from './matching'
import { groupingOf, problemInQuery, withoutComments } from './promql-validation'
import { type EventsSli, type LatencySli, type Matchers, type Metric, parts, type RatioSli, type Sli } from './spec'

export interface Queries {
  /** Bad events a second; nothing, or a number below 0, are possible where the data is wrong. */
  readonly errors: string
  /** All events a second. */
  readonly total: string
}

/** @param window such as `5m`. Not for `raw`, which has no counts. */
export function queriesOf(sli: Exclude<Sli, { kind: 'raw' }>, window: string): Queries {
  if (sli.kind === 'events') return ofEvents(inWindow(sli.errorQuery, window), inWindow(sli.totalQuery, window))
  return ofCounters(sli, { of: selector => `rate(${selector}[${window}])` })
}

/** Which number of the counters behind a structured SLI is wanted. */
interface CounterQuery {
  /** What becomes of a selector, such as its rate. */
  readonly of: (selector: string) => string
  /** The labels by which it is grouped, besides those of the parts. */
  readonly by?: readonly string[]
}

const ofCounters = (sli: RatioSli | LatencySli, wanted: CounterQuery): Queries =>
  sli.kind === 'ratio' ? ofRatio(sli, wanted) : ofLatency(sli, wanted)

/**
 * How many events there were in a long window, by an attribute of theirs.
 * @param attributes by OpenTelemetry's names
 */
export const eventsIn = (sli: RatioSli | LatencySli, window: string, attributes: readonly string[] = []): Queries =>
  ofCounters(sli, {
    of: selector => `increase(${selector}[${window}])`,
    by: attributes.map(attribute => labelName(attribute) ?? attribute),
  })

/** The counters of all events, added up: there while one of them is, however far apart its samples are. */
export const counterOf = (sli: RatioSli | LatencySli): string => ofCounters(sli, { of: selector => selector }).total

const sumBy = ({ by = [] }: CounterQuery): string => `sum by (${[...parts, ...by].join(', ')}) `

/**
 * By how much the counters rose in a minute, evaluated each minute: the sum over any time is the number of events in it. The sum of rates
 * is not, since a rate guesses what lies between the ends of its window and the samples next to them: of errors that are rare it misses or
 * adds some per cent.
 * @returns `undefined` where the SLI does not say which counters
 */
export function increasesOf(sli: Sli): Queries | undefined {
  if (sli.kind === 'events' || sli.kind === 'raw' || sli.metric.type === 'native') return undefined
  return ofCounters(sli, { of: risen })
}

/**
 * The minute ended two minutes ago. One that ends now would lose what is on its way through the Collector: too late for this minute, it
 * would be there for the next one at both of its ends. A counter that fell has begun anew; one that was not there before rose from the least
 * that it was in the minute, which is the 0 with which Prometheus begins a series of ours.
 */
function risen(selector: string): string {
  const [before, after] = [`${selector} offset 3m`, `${selector} offset 2m`]
  return `((${after} - ${before} >= 0) or ${after} < ${before} or ${after} - min_over_time(${selector}[1m] offset 2m))`
}

/** As in Go's templates, which Sloth uses. */
const WINDOW = /\{\{ *\.window *\}\}/g

export const inWindow = (query: string, window: string): string => withoutComments(query.trim().replace(WINDOW, window))

/** Whether the queries of the user give events a second, and not how many there were in the window. */
export const isPerSecond = (sli: Sli): boolean => sli.kind !== 'events' || /\b(i?rate|deriv)\s*\(/.test(sli.totalQuery)

/**
 * A query for errors finds nothing while there was no error yet, which is none; but where it takes the buckets of a histogram, nothing
 * means that there is no such bucket, which must not look like health.
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

/** What tells one process from another. */
const PROCESS = ['job', 'service_name', 'instance']

function ofLatency({ metric, where, threshold }: LatencySli, wanted: CounterQuery): Queries {
  const of = (suffix: string) => wanted.of(selector(metric, suffix, where))
  const sum = sumBy(wanted)
  if (metric.type === 'native') {
    const all = `${sum}(${of('')})`
    const total = `histogram_count(${all})`
    // the fraction of nothing is no number
    return { errors: `(${total} * (1 - histogram_fraction(-Inf, ${threshold}, ${all})) >= 0) or ${total} * 0`, total }
  }
  const upTo = (edge: number) => wanted.of(selector(metric, '_bucket', where, `le=~${quoted(edgeExpression(edge))}`))
  const estimate = estimateOf(metric, threshold)
  const good = estimate ? `${upTo(threshold)} or ignoring(le) ${estimated(estimate, upTo)}` : upTo(threshold)
  // of a process whose histogram can't tell, no event counts
  const ofProcess = `sum by (${[...PROCESS, ...parts, ...(wanted.by ?? [])].join(', ')}) `
  const [all, fast] = [`${ofProcess}(${of('_count')})`, `${ofProcess}(${good})`]
  return { errors: `${sum}(${all} - ${fast})`, total: `${sum}(${all} and ${fast})` }
}

/** Of series that have no edge at the threshold. */
const estimated = ({ lower, upper, share }: Estimate, upTo: (edge: number) => string): string =>
  `(${upTo(lower)} * ${shown(1 - share)} + ignoring(le) ${upTo(upper)} * ${shown(share)})`

const shown = (share: number): string => String(Number(share.toPrecision(12)))

/** Series that tell whether a histogram has the edge: all of it, those at the edge, and what it is where it is stored as a native one. */
export function seriesOfEdge({ metric, where, threshold }: LatencySli): { all: string; edge: string; native: string } {
  return {
    all: selector(metric, '_bucket', where, 'le="+Inf"'),
    edge: atEdge({ metric, where }, threshold),
    native: selector(metric, '', where),
  }
}

/** Services whose histogram has no edge at the threshold, and none next to it by which it could be estimated: their events count nowhere. */
export function withoutEdge(sli: LatencySli): string {
  const { all, edge } = seriesOfEdge(sli)
  const estimate = estimateOf(sli.metric, sli.threshold)
  const rated = estimate ? `(${edge} or ignoring(le) ${atEdge(sli, estimate.lower)})` : edge
  return `group by (service_name) (${all} unless ignoring(le) ${rated})`
}

const atEdge = ({ metric, where }: Pick<LatencySli, 'metric' | 'where'>, edge: number): string =>
  selector(metric, '_bucket', where, `le=~${quoted(edgeExpression(edge))}`)

const countOf = ({ type }: Metric): string => (type === 'histogram' ? '_count' : '')

/** What Prometheus calls the metric, without the suffix of a histogram's series. */
export const prometheusName = ({ name, unit, type }: Metric): string =>
  // the schema lets no name through of which nothing is left
  metricName(name, unit, type === 'counter' ? 'counter' : 'other') ?? name

function selector(metric: Metric, suffix: string, matchers: Matchers, more = ''): string {
  const parts = matchers.map(
    ({ attribute, operator, value }) => `${labelName(attribute) ?? attribute}${operator}${quoted(value)}`,
  )
  return `${prometheusName(metric)}${suffix}{${[...parts, ...(more ? [more] : [])].join(',')}}`
}

const quoted = (text: string): string => JSON.stringify(text)

/**
 * The label `le` of a bucket edge. A scrape by Prometheus 3 stores 2 as `2.0`, its receiver of OTLP and Prometheus 2 as `2`; a very
 * large or small one has an exponent in a scrape.
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

/** What is wrong with the queries that the user wrote, each with the key of the SLI at which it stands. */
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
