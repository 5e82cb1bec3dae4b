/** The static types of expressions. */
import type { Binary, Field, IntrinsicName, Value } from './ast'

/** `any`: depends on the attribute of each span. */
export type Type = Value['kind'] | 'any'

export const intrinsicTypes: Readonly<Record<IntrinsicName, Value['kind']>> = {
  'span:duration': 'duration',
  'span:name': 'string',
  'span:status': 'status',
  'span:statusMessage': 'string',
  'span:kind': 'kind',
  'span:id': 'string',
  'span:parentID': 'string',
  'span:childCount': 'int',
  'trace:duration': 'duration',
  'trace:rootName': 'string',
  'trace:rootService': 'string',
  'trace:id': 'string',
  'event:name': 'string',
  'event:timeSinceStart': 'duration',
  'link:traceID': 'string',
  'link:spanID': 'string',
  'instrumentation:name': 'string',
  'instrumentation:version': 'string',
  nestedSetLeft: 'int',
  nestedSetRight: 'int',
  nestedSetParent: 'int',
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^'])
export const isArithmetic = (op: Binary['op']): boolean => arithmetic.has(op)
export const isNumeric = (type: Type): boolean => type === 'int' || type === 'float' || type === 'duration'

export function typeOf(field: Field): Type {
  if (field.type === 'literal') return field.value.kind
  if (field.type === 'attribute') return 'any'
  if (field.type === 'intrinsic') return intrinsicTypes[field.name]
  if (field.type === 'exists') return 'bool'
  if (field.type === 'unary') return typeOf(field.operand)
  if (!isArithmetic(field.op)) return 'bool'
  const left = typeOf(field.left)
  return left === 'any' ? typeOf(field.right) : left
}

/** Whether the value depends on the span. */
export function readsSpan(field: Field): boolean {
  if (field.type === 'literal') return false
  if (field.type === 'binary') return readsSpan(field.left) || readsSpan(field.right)
  if (field.type === 'unary' || field.type === 'exists') return readsSpan(field.operand)
  return true
}
