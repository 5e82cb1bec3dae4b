/** Which names a query reads: what its answer tells of each span. Called by answer.ts. */
import type { Attribute, Exists, Field, Intrinsic, Spansets, Stage } from './ast'
import { printName } from './print'
import { isArithmetic } from './types'

export interface Used {
  readonly named: Attribute | Intrinsic
  /** Compared with nil: then its absence is told. */
  readonly orNil: boolean
  /** Comparisons with a constant: the value is told where one of them holds. Undefined: it always is. */
  readonly when: readonly Field[] | undefined
  /** Whether it is read as it is: chosen, grouped by or computed with, and not only compared. */
  readonly isRead: boolean
  /** As `when`, but without what select() names, which Tempo reads when all else is done. */
  readonly sought: readonly Field[] | undefined
}

/** Each name once, in the order of the query. */
export function usedNames(stages: readonly Stage[]): Used[] {
  const found = new Map<string, Used>()
  for (const used of stages.flatMap(inStage)) {
    const key = printName(used.named)
    const before = found.get(key)
    found.set(key, before ? both(before, used) : used)
  }
  return [...found.values()]
}

function both(a: Used, b: Used): Used {
  return {
    named: a.named,
    orNil: a.orNil || b.orNil,
    when: a.when && b.when && [...a.when, ...b.when],
    isRead: a.isRead || b.isRead,
    sought: a.sought && b.sought && [...a.sought, ...b.sought],
  }
}

/** The expressions of all braces. */
export function conditionsOf(stages: readonly Stage[]): Field[] {
  return stages.flatMap(stage => (isSpansets(stage) ? inBraces(stage) : []))
}

/** All expressions, also those of by() and of aggregates. */
export function expressionsOf(stages: readonly Stage[]): Field[] {
  return stages.flatMap(stage => {
    if (isSpansets(stage)) return stage.type === 'filter' ? [stage.expression] : expressionsOf(partsOf(stage))
    if (stage.type === 'by') return [stage.expression]
    return stage.type === 'scalarFilter' && stage.left.of ? [stage.left.of] : []
  })
}

function inStage(stage: Stage): Used[] {
  if (isSpansets(stage)) return stage.type === 'filter' ? inField(stage.expression) : partsOf(stage).flatMap(inStage)
  if (stage.type === 'by') return inField(stage.expression)
  if (stage.type === 'scalarFilter') return stage.left.of ? inField(stage.left.of) : []
  return stage.type === 'select' ? stage.fields.map(named => ({ ...always(named), sought: [] })) : []
}

function inBraces(spansets: Spansets): Field[] {
  return spansets.type === 'filter' ? [spansets.expression] : conditionsOf(partsOf(spansets))
}

const partsOf = (spansets: Exclude<Spansets, { type: 'filter' }>): readonly Stage[] =>
  spansets.type === 'pipeline' ? spansets.stages : [spansets.left, spansets.right]

const isSpansets = (stage: Stage): stage is Spansets =>
  stage.type === 'filter' || stage.type === 'spansets' || stage.type === 'pipeline'

const always = (named: Attribute | Intrinsic): Used => ({
  named,
  orNil: false,
  when: undefined,
  isRead: true,
  sought: undefined,
})
const isNamed = (field: Field): field is Attribute | Intrinsic =>
  field.type === 'attribute' || field.type === 'intrinsic'

function inField(field: Field): Used[] {
  if (field.type === 'literal') return []
  if (isNamed(field)) return [always(field)]
  if (field.type === 'unary') return inField(field.operand).map(({ named }) => always(named))
  if (field.type === 'exists') return inExists(field)
  const { left, right } = field
  const [named, constant] = isNamed(left) ? [left, right] : [right, left]
  if (isNamed(named) && constant.type === 'literal' && !isArithmetic(field.op)) {
    return [{ ...always(named), when: [field], sought: [field], isRead: false }]
  }
  return [...inField(left), ...inField(right)]
}

function inExists({ operand, negated }: Exists): Used[] {
  return inField(operand).map(used => ({
    ...used,
    isRead: false,
    ...(negated && { orNil: true, when: [], sought: [] }),
  }))
}
