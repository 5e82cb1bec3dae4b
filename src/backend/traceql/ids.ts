/** Compares ids as numbers, which is much faster than as texts and accepts ids with or without leading zeros. */
import { aliases } from '../store/columns'
import type { Binary, Field, IntrinsicName } from './ast'
import { variables } from './fields'

const columns: Partial<Record<IntrinsicName, string>> = {
  'trace:id': `${aliases.span}.trace_id`,
  'span:id': `${aliases.span}.span_id`,
  'span:parentID': `${aliases.span}.parent_id`,
  'link:traceID': `${variables.link}.trace_id`,
  'link:spanID': `${variables.link}.span_id`,
}

/** @returns undefined unless an id is compared with a string by = or != */
export function idComparison(op: Binary['op'], side: Field, other: Field): string | undefined {
  if ((op !== '=' && op !== '!=') || side.type !== 'intrinsic' || other.type !== 'literal') return undefined
  const column = columns[side.name]
  if (column === undefined || other.value.kind !== 'string') return undefined
  const hex = other.value.value
  // a root has no parent id, but it does not equal the empty string either, as in Tempo
  if (hex === '' && op === '!=') return `${column} <> 0`
  const digits = side.name === 'trace:id' || side.name === 'link:traceID' ? 32 : 16
  if (!new RegExp(`^[\\da-f]{1,${digits}}$`).test(hex)) return op === '=' ? 'false' : 'true'
  return `${column} ${op === '=' ? '=' : '<>'} '${BigInt(`0x${hex}`)}'::${digits === 32 ? 'UHUGEINT' : 'UBIGINT'}`
}
