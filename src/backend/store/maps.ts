// The six maps of attributes, and how OTLP JSON values are written to them.
import { type AnyValue, typedScalar } from '../../shared/otlp/any-value'
import { arrayFields } from './columns'
import type { Heap } from './heap'
import { type AttributeType, attributeMaps } from './schema'
import { putText } from './texts'
import { putValue } from './values'
import type { Fixed, List, Struct, VectorColumn } from './vectors'

interface MapColumns {
  readonly list: List
  readonly keys: Fixed
  readonly values: VectorColumn
}

export type AttributeMaps = Readonly<Record<keyof typeof attributeMaps, MapColumns>>

/** @param columns of a table, or the fields of an event */
export function mapsAmong(columns: Struct): AttributeMaps {
  const entries = Object.entries(attributeMaps).map(([type, name]) => {
    const list = columns.list(name)
    const entry = list.items as Struct
    return [type, { list, keys: entry.fixed('key'), values: entry.fields.get('value')! }]
  })
  return Object.fromEntries(entries)
}

export function openMaps(maps: AttributeMaps, index: number): void {
  maps.string.list.open(index)
  maps.int.list.open(index)
  maps.float.list.open(index)
  maps.bool.list.open(index)
  maps.array.list.open(index)
  maps.other.list.open(index)
}

/** A scalar OTLP JSON value with its type. */
type Scalar = { readonly type: AttributeType; readonly value: string | bigint | number | boolean }

export function scalarOf(value: AnyValue): Scalar | undefined {
  const scalar = typedScalar(value)
  return scalar && { type: scalar.type === 'double' ? 'float' : scalar.type, value: scalar.value }
}

/** Writes a list of KeyValue; of several values for one key, the first counts. */
export function putDocuments(maps: AttributeMaps, index: number, heap: Heap, list: unknown): void {
  openMaps(maps, index)
  const seen = new Set<string>()
  for (const { key = '', value = {} } of (list ?? []) as { key?: string; value?: AnyValue }[]) {
    if (!seen.has(key)) putDocument(maps, index, heap, key, value)
    seen.add(key)
  }
}

/**
 * As in Tempo, values that cannot be searched are stored as text, and an array of one element as that element; its text then also records
 * that it was an array.
 */
export function putDocument(maps: AttributeMaps, index: number, heap: Heap, key: string, value: AnyValue): void {
  const add = ({ list, keys }: MapColumns): number => {
    const at = list.add(index)
    putText(heap, keys, at, key)
    return at
  }
  const array = value.arrayValue ? scalarsOf(value.arrayValue) : undefined
  const scalar = array?.length === 1 ? array[0] : scalarOf(value)
  if (scalar) putValue(maps[scalar.type].values, add(maps[scalar.type]), scalar.value, heap)
  else if (array) putArray(maps.array.values as Struct, add(maps.array), array, heap)
  if (array ? array.length === 1 : !scalar)
    putText(heap, maps.other.values as Fixed, add(maps.other), JSON.stringify(value))
}

/** The elements of an ArrayValue; undefined if their types differ. */
function scalarsOf({ values = [] }: { readonly values?: readonly AnyValue[] }): Scalar[] | undefined {
  const scalars = values.map(scalarOf)
  const isUniform = scalars.every(
    (scalar): scalar is Scalar => scalar?.type === scalars[0]?.type && scalar !== undefined,
  )
  return isUniform ? (scalars as Scalar[]) : undefined
}

/** Writes the elements into the list of their type. */
function putArray(columns: Struct, index: number, scalars: readonly Scalar[], heap: Heap): void {
  const [first] = scalars
  if (!first) return
  const values = scalars.map(({ value }) => value)
  putValue(columns.list(arrayFields[first.type]), index, values, heap)
}
