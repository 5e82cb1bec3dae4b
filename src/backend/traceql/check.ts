/** Finds queries that parse but have operands of the wrong type, by Tempo's rules. */
import type { Binary, Exists, Field, Metrics, Query, ScalarFilter, Spansets, Stage, Unary } from './ast'
import { TraceqlError } from './error'
import { isArithmetic, isNumeric, readsSpan, type Type, typeOf } from './types'

/** @throws TraceqlError */
export function check(query: Query): void {
  if (query.type === 'search') checkStages(query.text, query.stages)
  else checkMetrics(query.text, query.metrics, true)
}

function checkStages(text: string, stages: readonly Stage[]): void {
  for (const stage of stages) checkStage(text, stage)
}

function checkStage(text: string, stage: Stage): void {
  if (stage.type === 'scalarFilter') checkScalarFilter(text, stage)
  else if (stage.type === 'by') checkGroup(text, stage.expression, 'by()', stage.at)
  else if (stage.type !== 'select' && stage.type !== 'coalesce') checkSpansets(text, stage)
}

function checkSpansets(text: string, spansets: Spansets): void {
  if (spansets.type === 'pipeline') return checkStages(text, spansets.stages)
  checkDepth(text, spansets)
  if (spansets.type === 'spansets') {
    checkSpansets(text, spansets.left)
    return checkSpansets(text, spansets.right)
  }
  checkDepth(text, spansets.expression)
  checkField(text, spansets.expression)
  const type = typeOf(spansets.expression)
  if (type !== 'bool' && type !== 'any')
    throw new TraceqlError(
      text,
      spansets.expression.at,
      `expression of type ${type}`,
      'is not a condition',
      'compare it with a value',
    )
}

function checkScalarFilter(text: string, { op, left, right, at }: ScalarFilter): void {
  if (left.of) {
    checkGroup(text, left.of, `${left.op}()`, left.at)
    const type = typeOf(left.of)
    if (type !== 'any' && !isNumeric(type))
      throw new TraceqlError(text, left.at, `${left.op}()`, `needs numbers, not ${plural[type]}`)
  }
  if (!isNumeric(right.value.kind)) throw mismatch(text, at, op, 'int', right.value.kind)
}

function checkGroup(text: string, field: Field, construct: string, at: number): void {
  checkDepth(text, field)
  checkField(text, field)
  if (!readsSpan(field))
    throw new TraceqlError(text, at, construct, 'does not reference a span', 'use an attribute or an intrinsic')
}

/** DuckDB cannot handle the SQL of queries that are nested deeper. */
const deepest = 100

function checkDepth(text: string, part: Field | Spansets): void {
  if (depthOf(part) > deepest)
    throw new TraceqlError(text, part.at, 'query', `is nested more than ${deepest} levels deep`, 'simplify the query')
}

/** A chain such as `a || b || c` is only as deep as `a || b`. */
function depthOf(part: Field | Spansets, within?: string): number {
  if (part.type === 'unary' || part.type === 'exists') return 1 + depthOf(part.operand)
  if (part.type !== 'binary' && part.type !== 'spansets') return 1
  const flat = part.type === 'binary' && part.op === within && (part.op === '&&' || part.op === '||')
  return (flat ? 0 : 1) + Math.max(depthOf(part.left, part.op), depthOf(part.right, part.op))
}

function checkField(text: string, field: Field): void {
  if (field.type === 'binary') checkBinary(text, field)
  else if (field.type === 'unary') checkUnary(text, field)
  else if (field.type === 'exists') checkExists(text, field)
}

function checkBinary(text: string, { op, left, right, at }: Binary): void {
  checkField(text, left)
  checkField(text, right)
  const types = [typeOf(left), typeOf(right)] as const
  if (!fit(...types) || !types.every(type => allows(op, type))) throw mismatch(text, at, op, ...types)
  if ((op === '=~' || op === '!~') && !(right.type === 'literal' && right.value.kind === 'string'))
    throw new TraceqlError(text, right.at, op, 'needs a quoted regular expression on its right')
}

function checkUnary(text: string, { op, operand, at }: Unary): void {
  checkField(text, operand)
  const type = typeOf(operand)
  if (type !== 'any' && !(op === '-' ? isNumeric(type) : type === 'bool'))
    throw new TraceqlError(text, at, op, `cannot be applied to ${plural[type]}`)
}

function checkExists(text: string, { negated, operand, at }: Exists): void {
  checkField(text, operand)
  if (!negated) return
  const name =
    operand.type === 'intrinsic'
      ? operand.name
      : operand.type === 'attribute' && operand.scope === 'resource' && operand.name
  if (operand.type === 'intrinsic' || name === 'service.name')
    throw new TraceqlError(
      text,
      at,
      `${name} = nil`,
      'is never true: every span has this attribute',
      'compare it with ""',
    )
}

/** All kinds of numbers are compatible. */
function fit(left: Type, right: Type): boolean {
  return left === 'any' || right === 'any' || left === right || (isNumeric(left) && isNumeric(right))
}

function allows(op: Binary['op'], type: Type): boolean {
  if (type === 'any' || op === '=' || op === '!=') return true
  if (op === '&&' || op === '||') return type === 'bool'
  if (op === '=~' || op === '!~') return type === 'string'
  return isNumeric(type) || (type === 'string' && !isArithmetic(op))
}

const plural: Readonly<Record<Type, string>> = {
  string: 'strings',
  int: 'ints',
  float: 'floats',
  bool: 'booleans',
  duration: 'durations',
  status: 'a status',
  kind: 'a kind',
  any: 'attributes',
}

function mismatch(text: string, at: number, op: string, left: Type, right: Type): TraceqlError {
  const what =
    left === right ? `is not defined for ${plural[left]}` : `cannot combine ${plural[left]} and ${plural[right]}`
  return new TraceqlError(text, at, op, what)
}

/** @param last whether no further arithmetic, filter or topk() is applied to these metrics */
function checkMetrics(text: string, metrics: Metrics, last: boolean): void {
  if (metrics.type === 'firstStage') {
    checkStages(text, metrics.spans)
    if (metrics.function.op !== 'compare') return
    checkSpansets(text, metrics.function.selection)
    if (!last)
      throw new TraceqlError(
        text,
        metrics.at,
        'compare()',
        'cannot be used in arithmetic or filters',
        'use it on its own',
      )
  } else if (metrics.type === 'metricsMath') {
    for (const side of [metrics.left, metrics.right]) if (typeof side !== 'number') checkMetrics(text, side, false)
  } else checkMetrics(text, metrics.of, false)
}
