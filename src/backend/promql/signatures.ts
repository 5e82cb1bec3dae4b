/** The functions of PromQL and their arguments. */
import { failed, type PromqlError } from './error'

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

export interface Signature {
  readonly takes: readonly ValueType[]
  /** Number of trailing arguments that may be omitted. */
  readonly optional: number
  /** Whether the last argument may occur any number of times, including zero. */
  readonly repeats: boolean
  readonly returns: 'scalar' | 'vector'
}

const of =
  (returns: Signature['returns'], takes: readonly ValueType[], optional = 0, repeats = false) =>
  (names: string): [string, Signature][] =>
    names.split(' ').map(name => [name, { takes, optional, repeats, returns }])

export const signatures: ReadonlyMap<string, Signature> = new Map([
  ...of('vector', ['vector'])(
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp',
  ),
  ...of('vector', ['matrix'])(
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time',
  ),
  ...of('vector', ['vector'], 1)('day_of_month day_of_week day_of_year days_in_month hour minute month year'),
  ...of('vector', ['vector', 'scalar', 'scalar'])('clamp'),
  ...of('vector', ['vector', 'scalar'])('clamp_max clamp_min'),
  ...of('vector', ['vector', 'scalar'], 1)('round'),
  ...of('vector', ['scalar', 'vector'])('histogram_quantile'),
  ...of('vector', ['scalar', 'scalar', 'vector'])('histogram_fraction'),
  ...of('vector', ['vector', 'string', 'string', 'string', 'string'])('label_replace'),
  ...of('vector', ['vector', 'string', 'string', 'string'], 1, true)('label_join'),
  ...of('vector', ['matrix', 'scalar'])('predict_linear'),
  ...of('vector', ['scalar', 'matrix'])('quantile_over_time'),
  ...of('vector', ['scalar'])('vector'),
  ...of('scalar', ['vector'])('scalar'),
  ...of('scalar', [])('time pi'),
])

/** Functions that Prometheus only has behind a feature flag. */
const experimental: ReadonlySet<string> = new Set(
  'double_exponential_smoothing end first_over_time histogram_quantiles info integral mad_over_time max_of min_of range sort_by_label sort_by_label_desc start start_timestamp step ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time'.split(
    ' ',
  ),
)

/** @returns an error for functions that Prometheus has but this backend does not; undefined for any other name */
export function notImplemented(name: string): PromqlError | undefined {
  if (!experimental.has(name)) return undefined
  return failed(
    `the function ${name}() is not implemented in afn-otel up: it is experimental in Prometheus; Prometheus (up --prometheus) has it with --enable-feature=promql-experimental-functions`,
  )
}
