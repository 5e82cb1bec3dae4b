/** Which names a query reads: what its answer tells of each span. Called by answer.ts. */
import type { Attribute, Field, Intrinsic, Spansets, Stage } from './ast'
import { printName } from './print'

export interface Used {
  readonly named: Attribute | Intrinsic
  /** Compared with nil: then its absence is told. */
  readonly orNil: boolean
}

/** Each name once, in the order of the query. */
export function usedNames(stages: readonly Stage[]): Used[] {
  const found = new Map<string, Used>()
  for (const used of stages.flatMap(inStage)) {
    const key = printName(used.named)
    found.set(key, { named: used.named, orNil: used.orNil || (found.get(key)?.orNil ?? false) })
  }
  return [...found.values()]
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
  return stage.type === 'select' ? stage.fields.map(named => ({ named, orNil: false })) : []
}

function inBraces(spansets: Spansets): Field[] {
  return spansets.type === 'filter' ? [spansets.expression] : conditionsOf(partsOf(spansets))
}

const partsOf = (spansets: Exclude<Spansets, { type: 'filter' }>): readonly Stage[] =>
  spansets.type === 'pipeline' ? spansets.stages : [spansets.left, spansets.right]

const isSpansets = (stage: Stage): stage is Spansets =>
  stage.type === 'filter' || stage.type === 'spansets' || stage.type === 'pipeline'

function inField(field: Field): Used[] {
  if (field.type === 'literal') return []
  if (field.type === 'binary') return [...inField(field.left), ...inField(field.right)]
  if (field.type === 'unary') return inField(field.operand)
  if (field.type !== 'exists') return [{ named: field, orNil: false }]
  return inField(field.operand).map(used => ({ ...used, orNil: field.negated }))
}
