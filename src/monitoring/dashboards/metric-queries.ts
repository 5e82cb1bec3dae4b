/** Queries over the metrics of `metrics.ts`, in the forms that boards need again and again. */
import { ATTR_DEPLOYMENT_ENVIRONMENT_NAME, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions/incubating'
import { quoted } from '../../shared/queries/promql-strings'
import { increase } from '../../shared/queries/substitute'
import { labelOf, type Metric, metrics, nameOf } from './metrics'

/** A condition on an attribute. */
export interface Where {
  readonly attribute: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** What a condition's value may hold of a text, between the quotes that stand around it. */
export const quotable = (text: string): string => quoted(text).slice(1, -1)

const condition =
  (operator: Where['operator']) =>
  (attribute: string, value: string): Where => ({ attribute, operator, value })
export const [is, isNot, matches] = [condition('='), condition('!='), condition('=~')]

/** What the board's variables choose. `.*` also finds series without the label. */
const chosen: readonly Where[] = [
  matches(ATTR_SERVICE_NAME, '$service'),
  matches(ATTR_DEPLOYMENT_ENVIRONMENT_NAME, '$environment'),
]

/** Of a histogram one of its three series. */
export type HistogramSeries = 'bucket' | 'count' | 'sum'

export interface Scope {
  readonly by?: readonly string[]
  readonly where?: readonly Where[]
  /** Whatever the board's variables choose. */
  readonly whole?: boolean
}

export function selector(metric: Metric, where: readonly Where[] = [], part?: HistogramSeries, whole = false): string {
  const conditions = [...(whole ? [] : chosen), ...where].map(
    ({ attribute, operator, value }) => `${labelOf(attribute)}${operator}"${value}"`,
  )
  return `${nameOf(metric)}${part === undefined ? '' : `_${part}`}{${conditions.join(', ')}}`
}

/** `le` and the like are labels of Prometheus' own, and stay as they are. */
const grouped = (by: readonly string[] = []): string => (by.length > 0 ? ` by (${by.map(labelOf).join(', ')})` : '')

const counted = ({ instrument }: Metric): HistogramSeries | undefined =>
  instrument === 'histogram' ? 'count' : undefined

/** Of a counter, or of the observations of a histogram, in each second. */
export const rate = (metric: Metric, { by, where }: Scope = {}, part = counted(metric)): string =>
  `sum${grouped(by)} (rate(${selector(metric, where, part)}[$__rate_interval]))`

/**
 * By how much a counter grew in the time that the panel shows, to the digit: money is added up by this.
 * @param window another time: a rate is nothing where samples are further apart, as of what happens now and then
 */
export const total = (
  metric: Metric,
  { by, where, whole }: Scope = {},
  part = counted(metric),
  window = '$__range',
): string => `sum${grouped(by)} (${increase(selector(metric, where, part, whole), window)})`

export const quantile = (q: number, metric: Metric, { by = [], where }: Scope = {}): string =>
  `histogram_quantile(${q}, ${rate(metric, { by: ['le', ...by], ...(where && { where }) }, 'bucket')})`

/** The same over all of the time that the panel shows. */
export const quantileOfAll = (q: number, metric: Metric, { by = [], where }: Scope = {}): string =>
  `histogram_quantile(${q}, sum by (${['le', ...by.map(labelOf)].join(', ')}) (increase(${selector(metric, where, 'bucket')}[$__range])))`

/** A part of a whole, 0 to 1: 0 where there was none of the part, and nothing where there was no whole. */
export const share = (part: string, whole: string): string => `((${part}) or (${whole}) * 0) / ((${whole}) > 0)`

/** The sum of two, of which one may not be there. */
export const both = (one: string, other: string): string => `((${one}) + (${other})) or (${one}) or (${other})`

/** 0 where nothing was counted while a process reports, so that 0 is seen, and missing telemetry is seen as well. */
export const orZero = (expr: string): string => `(${expr}) or (0 * max(${selector(metrics.uptime)}))`

/** The last value of a gauge. */
export const level = (metric: Metric, { by, where, whole }: Scope = {}, over: 'sum' | 'max' | 'avg' = 'sum'): string =>
  `${over}${grouped(by)} (${selector(metric, where, undefined, whole)})`
