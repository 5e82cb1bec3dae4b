/** Combines both sides of an operator outside the braces into spans, metrics or a comparison. */
import type { Aggregate, Arithmetic, Comparison, Literal, Metrics, SpansetOperation, Spansets, Stage } from './ast'
import { fold, inSeconds, plainNumber } from './constants'
import type { Cursor } from './cursor'

/** An operand of such an operator, or a stage of the pipeline. */
export type PipelineElement = Stage | Metrics | Aggregate | Literal

/** @throws TraceqlError if the operator cannot take these operands */
export function combine(
  cursor: Cursor,
  op: string,
  left: PipelineElement,
  right: PipelineElement,
  at: number,
): PipelineElement {
  if (isSpansets(left) && isSpansets(right) && isSpansetOperator(op)) {
    // && and || do not count: they combine spans of the same trace, which is cheap
    if (op !== '&&' && op !== '||') cursor.joined(at)
    return { type: 'spansets', op, left, right, at }
  }
  if (left.type === 'literal' && right.type === 'literal' && isArithmetic(op)) return fold(cursor, op, left, right, at)
  if (isMetrics(left) || isMetrics(right)) return combineMetrics(cursor, op, left, right, at)
  if (left.type === 'aggregate' && right.type === 'literal' && isComparison(op))
    return { type: 'scalarFilter', op, left, right, at }
  if (left.type === 'aggregate' || right.type === 'aggregate')
    throw cursor.wrong(
      at,
      op,
      'needs an aggregate on the left and a constant on the right, as in Tempo',
      'for example | avg(duration) > 1s',
    )
  throw cursor.wrong(at, op, `cannot combine ${described(left)} and ${described(right)}`)
}

function combineMetrics(
  cursor: Cursor,
  op: string,
  left: PipelineElement,
  right: PipelineElement,
  at: number,
): Metrics {
  if (isMetrics(left) && right.type === 'literal' && isComparison(op))
    return { type: 'metricsFilter', op, value: inSeconds(cursor, right), of: left, at }
  if (op !== '+' && op !== '-' && op !== '*' && op !== '/')
    throw cursor.wrong(
      at,
      op,
      'is not supported between metrics, as in Tempo',
      'use + - * / or a comparison with a constant on the right',
    )
  cursor.joined(at)
  return { type: 'metricsMath', op, left: side(cursor, left), right: side(cursor, right), at }
}

function side(cursor: Cursor, part: PipelineElement): Metrics | number {
  if (isMetrics(part)) return part
  if (part.type === 'literal') return plainNumber(cursor, part)
  throw cursor.wrong(part.at, described(part), 'is not a number', 'end it with a metrics function such as | rate()')
}

const spansetTypes: ReadonlySet<string> = new Set(['filter', 'spansets', 'pipeline'] satisfies Spansets['type'][])
const metricsTypes: ReadonlySet<string> = new Set([
  'firstStage',
  'topk',
  'bottomk',
  'metricsFilter',
  'metricsMath',
] satisfies Metrics['type'][])
export const isSpansets = (part: PipelineElement): part is Spansets => spansetTypes.has(part.type)
export const isMetrics = (part: PipelineElement): part is Metrics => metricsTypes.has(part.type)
const isComparison = (op: string): op is Comparison => /^[<>!]?=$|^[<>]$/.test(op)
const isArithmetic = (op: string): op is Arithmetic => /^[-+*/%^]$/.test(op)
const isSpansetOperator = (op: string): op is SpansetOperation['op'] => /^(?:&&|\|\||[!&]?(?:>>?|<<?|~))$/.test(op)

function described(part: PipelineElement): string {
  if (isSpansets(part)) return 'spans'
  if (isMetrics(part)) return 'numbers'
  return part.type === 'literal' ? 'a constant' : part.type
}
