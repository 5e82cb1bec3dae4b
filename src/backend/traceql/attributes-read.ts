/** The names that a query reads, and the comparisons in which it does. The answer has the values of these names. */
import type { Attribute, Exists, Field, Intrinsic, Spansets, Stage } from './ast'
import { printName } from './print'
import { isArithmetic } from './types'

export interface NameRead {
  readonly named: Attribute | Intrinsic
  /** Whether the query compares it with nil: the answer then shows that it is missing. */
  readonly orNil: boolean
  /** Comparisons with a constant: the value is read if one of them holds. Undefined: the value is always read. */
  readonly comparisons: readonly Field[] | undefined
  /** Whether the query uses the value itself, by select(), by() or arithmetic, instead of only comparing it. */
  readonly isRead: boolean
  /** `comparisons` without the names of select(), which Tempo reads in a second pass. */
  readonly firstPass: readonly Field[] | undefined
}

/** Has each name once, in the order of the query. */
export function namesRead(stages: readonly Stage[]): NameRead[] {
  const found = new Map<string, NameRead>()
  for (const read of stages.flatMap(inStage)) {
    const key = printName(read.named)
    const before = found.get(key)
    found.set(key, before ? both(before, read) : read)
  }
  return [...found.values()]
}

function both(a: NameRead, b: NameRead): NameRead {
  return {
    named: a.named,
    orNil: a.orNil || b.orNil,
    comparisons: a.comparisons && b.comparisons && [...a.comparisons, ...b.comparisons],
    isRead: a.isRead || b.isRead,
    firstPass: a.firstPass && b.firstPass && [...a.firstPass, ...b.firstPass],
  }
}

/** The expressions in braces. */
export function conditionsOf(stages: readonly Stage[]): Field[] {
  return stages.flatMap(stage => (isSpansets(stage) ? inBraces(stage) : []))
}

/** All expressions, including those in by() and in aggregates. */
export function expressionsOf(stages: readonly Stage[]): Field[] {
  return stages.flatMap(stage => {
    if (isSpansets(stage)) return stage.type === 'filter' ? [stage.expression] : expressionsOf(partsOf(stage))
    if (stage.type === 'by') return [stage.expression]
    return stage.type === 'scalarFilter' && stage.left.of ? [stage.left.of] : []
  })
}

function inStage(stage: Stage): NameRead[] {
  if (isSpansets(stage)) return stage.type === 'filter' ? inField(stage.expression) : partsOf(stage).flatMap(inStage)
  if (stage.type === 'by') return inField(stage.expression)
  if (stage.type === 'scalarFilter') return stage.left.of ? inField(stage.left.of) : []
  return stage.type === 'select' ? stage.fields.map(named => ({ ...always(named), firstPass: [] })) : []
}

function inBraces(spansets: Spansets): Field[] {
  return spansets.type === 'filter' ? [spansets.expression] : conditionsOf(partsOf(spansets))
}

const partsOf = (spansets: Exclude<Spansets, { type: 'filter' }>): readonly Stage[] =>
  spansets.type === 'pipeline' ? spansets.stages : [spansets.left, spansets.right]

const isSpansets = (stage: Stage): stage is Spansets =>
  stage.type === 'filter' || stage.type === 'spansets' || stage.type === 'pipeline'

const always = (named: Attribute | Intrinsic): NameRead => ({
  named,
  orNil: false,
  comparisons: undefined,
  isRead: true,
  firstPass: undefined,
})
const isNamed = (field: Field): field is Attribute | Intrinsic =>
  field.type === 'attribute' || field.type === 'intrinsic'

function inField(field: Field): NameRead[] {
  if (field.type === 'literal') return []
  if (isNamed(field)) return [always(field)]
  if (field.type === 'unary') return inField(field.operand).map(({ named }) => always(named))
  if (field.type === 'exists') return inExists(field)
  const { left, right } = field
  const [named, constant] = isNamed(left) ? [left, right] : [right, left]
  if (isNamed(named) && constant.type === 'literal' && !isArithmetic(field.op)) {
    return [{ ...always(named), comparisons: [field], firstPass: [field], isRead: false }]
  }
  return [...inField(left), ...inField(right)]
}

function inExists({ operand, negated }: Exists): NameRead[] {
  return inField(operand).map(read => ({
    ...read,
    isRead: false,
    ...(negated && { orNil: true, comparisons: [], firstPass: [] }),
  }))
}
