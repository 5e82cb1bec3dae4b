// Writes JavaScript values into columns, for tables with few rows.
import type { Heap } from './heap'
import { putText } from './texts'
import type { Halves } from './tree'
import { Bytes, Fixed, List, Struct, type VectorColumn } from './vectors'

interface Fields {
  readonly [name: string]: Value
}

export type Value = Halves | string | number | bigint | boolean | readonly Value[] | Fields | null | undefined

/** A bigint or halves fill an integer column of any width; a number becomes a double or an int32; undefined and null become NULL. */
export function putValue(column: VectorColumn, index: number, value: Value, heap: Heap): void {
  if (value === undefined || value === null) return
  if (column instanceof Bytes) column.set(index, Number(value))
  else if (column instanceof List) {
    column.open(index)
    for (const item of value as readonly Value[]) putValue(column.items, column.add(index), item, heap)
  } else if (column instanceof Struct) {
    for (const [name, field] of column.fields) putValue(field, index, (value as Fields)[name], heap)
  } else if (column instanceof Fixed) {
    if (typeof value === 'string') putText(heap, column, index, value)
    else if (typeof value === 'bigint') putInteger(column, index, value)
    else if (typeof value === 'object') column.set2(index, (value as Halves).low, (value as Halves).high)
    else if (column.width === 1) column.set1(index, value as number)
    else putDouble(column, index, value as number)
  }
}

function putInteger(column: Fixed, index: number, value: bigint): void {
  const word = (at: bigint) => Number((value >> (at * 32n)) & 0xffff_ffffn)
  if (column.width === 4) column.set4(index, word(0n), word(1n), word(2n), word(3n))
  else column.set2(index, word(0n), word(1n))
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

function putDouble(column: Fixed, index: number, value: number): void {
  double[0] = value
  column.set2(index, words[0]!, words[1]!)
}

export function doubleOf(low: number, high: number): number {
  words[0] = low
  words[1] = high
  return double[0]!
}
