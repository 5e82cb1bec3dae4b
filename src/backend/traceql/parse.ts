/**
 * Parses text into a syntax tree by Tempo's grammar (pkg/traceql/expr.y). docs/decisions/0010-the-embedded-backend.md explains why not by
 * Grafana's.
 */
import { meant } from '../../shared/config/nearest'
import type { Literal, Metrics, Query, Stage } from './ast'
import { check } from './check'
import { combine, isMetrics, isSpansets, type PipelineElement } from './combine'
import { negated } from './constants'
import { Cursor } from './cursor'
import { parseBraces, parseField, parseLiteral, parseNames } from './parse-field'
import { parseHints } from './parse-hints'
import { isMetricsFunction, metricsFunctions, parseMetricsFunction, wholeNumber } from './parse-metrics'

/**
 * @param text at most 128 Ki characters
 * @throws TraceqlError for invalid TraceQL, and for queries that Tempo rejects as well; gives the position and the remedy
 */
export function parse(text: string): Query {
  const cursor = new Cursor(text)
  const parsed = parsePipeline(cursor)
  const hints = parseHints(cursor)
  if (cursor.token.type !== 'end') throw cursor.unexpected(afterNumbers(parsed))
  const query: Query = Array.isArray(parsed)
    ? { type: 'search', text, stages: stagesOf(cursor, parsed), hints }
    : { type: 'metrics', text, metrics: parsed, hints }
  check(query)
  return query
}

const strength: ReadonlyMap<string, number> = new Map([
  ['&&', 1],
  ['||', 1],
  ...['=', '!=', '<', '<=', '>', '>=', '=~'].map((op): [string, number] => [op, 2]),
  ...['>>', '<<', '~', '!>', '!<', '!~', '!>>', '!<<', '&>', '&<', '&~', '&>>', '&<<'].map((op): [string, number] => [
    op,
    2,
  ]),
  ['+', 3],
  ['-', 3],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['^', 6],
])

/** Returns stages, or the metrics that they end in. A single part may also be one that is only valid inside parentheses. */
function parsePipeline(cursor: Cursor): PipelineElement[] | Metrics {
  let parts: PipelineElement[] | Metrics = firstOf(parsePart(cursor))
  while (cursor.another('|')) parts = add(cursor, parts)
  return parts
}

const firstOf = (part: PipelineElement): PipelineElement[] | Metrics => (isMetrics(part) ? part : [part])

function add(cursor: Cursor, before: PipelineElement[] | Metrics): PipelineElement[] | Metrics {
  const { text, at } = cursor.token
  if (text === 'topk' || text === 'bottomk') {
    cursor.take()
    if (Array.isArray(before))
      throw cursor.wrong(at, text, 'needs metrics before it', 'for example {} | rate() by (name) | topk(5)')
    return behind(cursor, parseBest(cursor, text, before, at))
  }
  if (!Array.isArray(before))
    throw cursor.unexpected('only topk(), bottomk() and comparisons can follow a metrics function')
  if (isMetricsFunction(text)) {
    cursor.take()
    const spans = stagesOf(cursor, before)
    return behind(cursor, { type: 'firstStage', spans, function: parseMetricsFunction(cursor, text), at })
  }
  const part = parsePart(cursor)
  if (isMetrics(part))
    throw cursor.wrong(part.at, '(', 'metrics in parentheses cannot follow spans', 'remove the parentheses')
  return [...before, part]
}

/** Only comparisons can follow metrics outside of parentheses. */
const behind = (cursor: Cursor, metrics: Metrics): Metrics => parseOperators(cursor, metrics, 2, 2) as Metrics

function parseBest(cursor: Cursor, type: 'topk' | 'bottomk', of: Metrics, at: number): Metrics {
  cursor.expect('(')
  const limit = Number(wholeNumber(cursor))
  if (limit < 1) throw cursor.wrong(at, `${type}(${limit})`, 'keeps nothing', 'use 1 or more')
  cursor.expect(')')
  return { type, limit, of, at }
}

function parsePart(cursor: Cursor, atLeast = 1): PipelineElement {
  return cursor.nested(() => parseOperators(cursor, parseOperand(cursor), atLeast))
}

function parseOperators(cursor: Cursor, first: PipelineElement, atLeast: number, atMost = 6): PipelineElement {
  let left = first
  for (;;) {
    const { type, text } = cursor.token
    const binds = type === 'operator' ? (strength.get(text) ?? 0) : 0
    if (binds < atLeast || binds > atMost) return left
    const { at } = cursor.takeOperator()
    left = combine(cursor, text, left, parsePart(cursor, text === '^' ? binds : binds + 1), at)
  }
}

function parseOperand(cursor: Cursor): PipelineElement {
  const { at, text, type } = cursor.token
  if (cursor.is('{')) return parseBraces(cursor)
  if (cursor.skip('(')) return parseParentheses(cursor, at)
  if (cursor.skip('-')) {
    const operand = cursor.nested(() => parseOperand(cursor))
    if (operand.type !== 'literal') throw cursor.wrong(at, '-', 'needs a number after it')
    return negated(cursor, operand)
  }
  if (type === 'int' || type === 'float' || type === 'duration') return parseLiteral(cursor) as Literal
  const parser = type === 'word' && Object.hasOwn(words, text) ? words[text] : undefined
  if (parser) {
    cursor.take()
    return parser(cursor, at)
  }
  if (isMetricsFunction(text))
    throw cursor.unexpected(`${text}() needs a span filter before it, such as {} | ${text}()`)
  const word =
    type === 'word' ? meant(text, [...Object.keys(words), ...metricsFunctions, 'topk', 'bottomk']) : undefined
  throw cursor.unexpected(word ? `did you mean ${word}()?` : 'expected a span filter such as { status = error }')
}

const words: Readonly<Record<string, (cursor: Cursor, at: number) => PipelineElement>> = {
  by: (cursor, at) => ({ type: 'by', expression: parenthesised(cursor), at }),
  select: (cursor, at) => ({ type: 'select', fields: parseNames(cursor), at }),
  coalesce: (cursor, at) => {
    cursor.expect('(')
    cursor.expect(')')
    return { type: 'coalesce', at }
  },
  count: (cursor, at) => {
    cursor.expect('(')
    cursor.expect(')')
    return { type: 'aggregate', op: 'count', at }
  },
  avg: (cursor, at) => ({ type: 'aggregate', op: 'avg', of: parenthesised(cursor), at }),
  min: (cursor, at) => ({ type: 'aggregate', op: 'min', of: parenthesised(cursor), at }),
  max: (cursor, at) => ({ type: 'aggregate', op: 'max', of: parenthesised(cursor), at }),
  sum: (cursor, at) => ({ type: 'aggregate', op: 'sum', of: parenthesised(cursor), at }),
}

function parenthesised(cursor: Cursor) {
  cursor.expect('(')
  const field = parseField(cursor)
  cursor.expect(')')
  return field
}

function parseParentheses(cursor: Cursor, at: number): PipelineElement {
  const inner = parsePipeline(cursor)
  cursor.expect(')')
  if (!Array.isArray(inner)) return inner
  const [only] = inner
  if (only && inner.length === 1 && (isSpansets(only) || only.type === 'literal' || only.type === 'aggregate'))
    return only
  return { type: 'pipeline', stages: stagesOf(cursor, inner), at }
}

/** @throws TraceqlError if a part is not a complete stage */
function stagesOf(cursor: Cursor, parts: readonly PipelineElement[]): Stage[] {
  return parts.map((part, index) => {
    if (part.type === 'aggregate')
      throw cursor.wrong(part.at, `${part.op}()`, 'is not compared with a value', `for example ${part.op}() > 2`)
    if (part.type === 'literal')
      throw cursor.wrong(part.at, 'constant', 'is not a query', 'start with a span filter such as {}')
    if (part.type === 'coalesce' && index === 0)
      throw cursor.wrong(part.at, 'coalesce()', 'needs a span filter before it')
    return part as Stage
  })
}

const afterNumbers = (parsed: PipelineElement[] | Metrics) =>
  Array.isArray(parsed) ? undefined : 'for arithmetic, put each metrics query in parentheses: ({} | rate()) * 2'
