/** Checks the regular expressions of a query, which takes DuckDB's engine. */
import type { Store } from '../store/store'
import type { Field, Literal, Metrics, Query } from './ast'
import { expressionsOf } from './attributes-read'
import { TraceqlError } from './error'

/** @throws TraceqlError for a pattern that is not RE2 */
export async function checkPatterns(store: Store, query: Query): Promise<void> {
  const fields = query.type === 'search' ? expressionsOf(query.stages) : ofMetrics(query.metrics)
  // a search for a word has the same pattern in many places
  const places = new Map<string, number>()
  for (const { value, at } of fields.flatMap(patternsIn))
    if (!places.has(String(value.value))) places.set(String(value.value), at)
  for (const [pattern, at] of places) {
    try {
      await store.query(`SELECT regexp_full_match('', $1)`, [pattern])
    } catch (error) {
      const [, reason] = /^Invalid Input Error: (.*)/s.exec((error as Error).message) ?? []
      if (reason === undefined) throw error
      throw new TraceqlError(query.text, at, 'regular expression', reason, 'use RE2 syntax')
    }
  }
}

function ofMetrics(metrics: Metrics | number): Field[] {
  if (typeof metrics === 'number') return []
  if (metrics.type === 'metricsMath') return [...ofMetrics(metrics.left), ...ofMetrics(metrics.right)]
  if (metrics.type !== 'firstStage') return ofMetrics(metrics.of)
  const selection = metrics.function.op === 'compare' ? [metrics.function.selection.expression] : []
  return [...expressionsOf(metrics.spans), ...selection]
}

function patternsIn(field: Field): Literal[] {
  if (field.type === 'unary' || field.type === 'exists') return patternsIn(field.operand)
  if (field.type !== 'binary') return []
  if ((field.op === '=~' || field.op === '!~') && field.right.type === 'literal')
    return [...patternsIn(field.left), field.right]
  return [...patternsIn(field.left), ...patternsIn(field.right)]
}
