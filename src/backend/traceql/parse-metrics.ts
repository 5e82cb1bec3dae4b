/** Parses metrics functions, each with its arguments and its `by`. */
import type { MetricsFunction } from './ast'
import type { Cursor } from './cursor'
import { parseBraces, parseNamed, parseNames } from './parse-field'

type Op = MetricsFunction['op']
type Measuring = 'min_over_time' | 'max_over_time' | 'avg_over_time' | 'sum_over_time' | 'histogram_over_time'

const functions: Readonly<Record<Op, (cursor: Cursor) => MetricsFunction>> = {
  rate: cursor => counting(cursor, 'rate'),
  count_over_time: cursor => counting(cursor, 'count_over_time'),
  min_over_time: cursor => measuring(cursor, 'min_over_time'),
  max_over_time: cursor => measuring(cursor, 'max_over_time'),
  avg_over_time: cursor => measuring(cursor, 'avg_over_time'),
  sum_over_time: cursor => measuring(cursor, 'sum_over_time'),
  histogram_over_time: cursor => measuring(cursor, 'histogram_over_time'),
  quantile_over_time: quantile,
  compare,
}

/** Tempo's limits: labels of a series, one of which a bucket uses, and values per attribute in compare(). */
const mostLabels = 5
const mostCompared = 1_000

export const metricsFunctions: readonly string[] = Object.keys(functions)

export function isMetricsFunction(word: string): word is Op {
  return Object.hasOwn(functions, word)
}

/** Begins at the parenthesis after the function's name. */
export function parseMetricsFunction(cursor: Cursor, op: Op): MetricsFunction {
  cursor.expect('(')
  return functions[op](cursor)
}

function counting(cursor: Cursor, op: 'rate' | 'count_over_time'): MetricsFunction {
  cursor.expect(')')
  return { op, by: parseBy(cursor, mostLabels) }
}

function measuring(cursor: Cursor, op: Measuring): MetricsFunction {
  const of = parseNamed(cursor)
  cursor.expect(')')
  return { op, of, by: parseBy(cursor, op === 'histogram_over_time' ? mostLabels - 1 : mostLabels) }
}

function quantile(cursor: Cursor): MetricsFunction {
  const of = parseNamed(cursor)
  const quantiles: number[] = []
  cursor.expect(',')
  do {
    const { token } = cursor
    if (token.type !== 'float' && token.type !== 'int') throw cursor.unexpected('expected a quantile such as 0.95')
    const value = Number(cursor.take().text)
    if (value > 1)
      throw cursor.wrong(token.at, token.text, 'is greater than 1', 'use a quantile between 0 and 1, such as 0.95')
    quantiles.push(value)
  } while (cursor.another(','))
  cursor.expect(')')
  return { op: 'quantile_over_time', of, quantiles, by: parseBy(cursor, mostLabels - 1) }
}

function compare(cursor: Cursor): MetricsFunction {
  const selection = parseBraces(cursor)
  const { at } = cursor.token
  const top = cursor.skip(',') ? Number(wholeNumber(cursor)) : 10
  if (top < 1 || top > mostCompared)
    throw cursor.wrong(
      at,
      `compare(…, ${top})`,
      'has an invalid number of values',
      `use a number from 1 to ${mostCompared}`,
    )
  const start = cursor.skip(',') ? wholeNumber(cursor) : 0n
  if (start === 0n) return closed(cursor, { op: 'compare', selection, top, start, end: 0n })
  cursor.expect(',')
  const end = wholeNumber(cursor)
  if (end <= start)
    throw cursor.wrong(at, 'compare()', 'ends before it starts', 'use start and end in nanoseconds since 1970')
  return closed(cursor, { op: 'compare', selection, top, start, end })
}

function closed(cursor: Cursor, parsed: MetricsFunction): MetricsFunction {
  cursor.expect(')')
  return parsed
}

export function wholeNumber(cursor: Cursor): bigint {
  const { token } = cursor
  if (token.type !== 'int') throw cursor.unexpected('expected a whole number')
  cursor.take()
  return token.value
}

function parseBy(cursor: Cursor, most: number) {
  if (!cursor.is('by')) return []
  const { at } = cursor.take()
  const names = parseNames(cursor)
  if (names.length > most)
    throw cursor.wrong(at, 'by', `has ${names.length} names`, `the limit is ${most}, as in Tempo`)
  return names
}
