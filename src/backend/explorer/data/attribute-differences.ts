// Which attributes have other values in one group of spans, or resources, than in another.
import type { TypedAttribute, TypedValue } from '../../../shared/otlp/any-value'

export interface AttributeDifference {
  readonly key: string
  /** The different values in either group, in the order in which they come; empty: no member of the group has the key. */
  readonly a: readonly TypedValue[]
  readonly b: readonly TypedValue[]
}

type Group = readonly (readonly TypedAttribute[])[]

/** Keys in alphabetical order; a key is left out where both groups have the same values of it, whatever their number and order. */
export function attributeDifferences(a: Group, b: Group): AttributeDifference[] {
  const [ofA, ofB] = [valuesOf(a), valuesOf(b)]
  return [...new Set([...ofA.keys(), ...ofB.keys()])].sort().flatMap(key => {
    const [inA, inB] = [ofA.get(key) ?? none, ofB.get(key) ?? none]
    if (inA.size === inB.size && [...inA.keys()].every(value => inB.has(value))) return []
    return [{ key, a: [...inA.values()], b: [...inB.values()] }]
  })
}

const none: ReadonlyMap<string, TypedValue> = new Map()

/** By key the values, by what tells them apart. */
function valuesOf(group: Group): Map<string, Map<string, TypedValue>> {
  const byKey = new Map<string, Map<string, TypedValue>>()
  for (const { key, value } of group.flat()) {
    const values = byKey.get(key) ?? new Map<string, TypedValue>()
    byKey.set(key, values.set(identityOf(value), value))
  }
  return byKey
}

/** JSON knows no bigint; an int and a double of the same size have other types. */
function identityOf(value: TypedValue): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
}
