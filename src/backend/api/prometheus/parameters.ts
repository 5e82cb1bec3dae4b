/** Parses the parameters of Prometheus' HTTP API, from the URL or a form body. */

import { parseDuration } from '../../../shared/durations'
import type { Matcher } from '../../promql/ast'
import { check } from '../../promql/check'
import { PromqlError } from '../../promql/error'
import { parse } from '../../promql/parse'
import type { EvaluationGrid } from '../../promql/series'

/** Maximum points per series of an answer, as in Prometheus. */
const MOST_POINTS = 11_000
/** Each selector is a separate query. */
const MOST_SELECTORS = 20

const invalid = (name: string, message: string) =>
  new PromqlError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${message}`)

/** @returns NaN if the text is not a decimal number */
const decimal = (text: string): number =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN

/**
 * Parses seconds since 1970 or an RFC 3339 time.
 * @returns milliseconds
 */
export function timeIn(parameters: URLSearchParams, name: string, otherwise?: number): number {
  const value = parameters.get(name)
  if (!value && otherwise !== undefined) return otherwise
  const text = value ?? ''
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(text)
  const milliseconds = isDate ? Date.parse(text) : Math.round(decimal(text) * 1_000)
  // the range of a JavaScript date
  if (Math.abs(milliseconds) <= 8.64e15) return milliseconds
  throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`)
}

/** @returns milliseconds */
export function durationIn(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  const seconds = parseDuration(text) ?? decimal(text)
  if (Number.isFinite(seconds) && Math.abs(seconds) < 2 ** 53 / 1_000) return Math.round(seconds * 1_000)
  throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid duration`)
}

/** @throws PromqlError */
export function gridIn(parameters: URLSearchParams): { readonly grid: EvaluationGrid; readonly end: number } {
  const start = timeIn(parameters, 'start')
  const end = timeIn(parameters, 'end')
  if (end < start) throw invalid('end', 'end timestamp must not be before start time')
  const step = durationIn(parameters, 'step')
  if (step === undefined) throw invalid('step', 'cannot parse "" to a valid duration')
  if (step <= 0)
    throw invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer')
  if ((end - start) / step > MOST_POINTS)
    throw new PromqlError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  return { grid: { start, step, steps: Math.floor((end - start) / step) + 1 }, end }
}

/** The maximum length of a list; 0 for no limit. */
export function limitIn(parameters: URLSearchParams): number {
  const text = parameters.get('limit')
  if (!text) return 0
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw invalid(
    'limit',
    text.startsWith('-') ? 'limit must be non-negative' : `cannot parse ${JSON.stringify(text)} to a number`,
  )
}

/** `match[]`: selectors, of which at least one has to match. */
export function selectorsIn(parameters: URLSearchParams): (readonly Matcher[])[] {
  const texts = parameters.getAll('match[]')
  if (texts.length > MOST_SELECTORS) throw invalid('match[]', `more than ${MOST_SELECTORS} selectors`)
  return texts.map(text => {
    const expr = parse(text)
    check(text, expr)
    if (expr.type === 'selector' && expr.range === undefined && expr.offset === 0 && expr.at === undefined)
      return expr.matchers
    throw invalid('match[]', `${JSON.stringify(text)} is not a series selector`)
  })
}
