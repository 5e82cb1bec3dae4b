/** Folds arithmetic with constants outside the braces while parsing. */
import type { Arithmetic, Literal, Value } from './ast'
import type { Cursor } from './cursor'

/**
 * Follows Go: ints stay ints, so `1 / 2` is 0 and `1 / 2.0` is 0.5.
 * @throws TraceqlError for durations, which Tempo rejects here as well
 */
export function fold(cursor: Cursor, op: Arithmetic, left: Literal, right: Literal, at: number): Literal {
  const a = left.value
  const b = right.value
  if (a.kind === 'int' && b.kind === 'int') {
    if (op === '/' && b.value === 0n) throw cursor.wrong(at, op, 'divides by zero')
    return {
      type: 'literal',
      value: { kind: 'int', value: BigInt.asIntN(64, ints(cursor, op, a.value, b.value, at)) },
      at,
    }
  }
  const value = floats(cursor, op, plainNumber(cursor, left), plainNumber(cursor, right), at)
  return { type: 'literal', value: { kind: 'float', value }, at }
}

export function negated(cursor: Cursor, { value, at }: Literal): Literal {
  return { type: 'literal', value: opposite(cursor, value, at), at }
}

function opposite(cursor: Cursor, value: Value, at: number): Value {
  if (value.kind === 'float') return { kind: 'float', value: -value.value }
  if (value.kind === 'int' || value.kind === 'duration')
    return { kind: value.kind, value: BigInt.asIntN(64, -value.value) }
  throw cursor.wrong(at, '-', 'needs a number')
}

/** For arithmetic with series. */
export function plainNumber(cursor: Cursor, { value, at }: Literal): number {
  if (value.kind === 'int' || value.kind === 'float') return Number(value.value)
  throw cursor.wrong(at, 'constant', `of type ${value.kind} cannot be used in arithmetic`, 'use a plain number')
}

/** For comparisons with series, where durations are in seconds. */
export function inSeconds(cursor: Cursor, literal: Literal): number {
  return literal.value.kind === 'duration' ? Number(literal.value.value) / 1e9 : plainNumber(cursor, literal)
}

function ints(cursor: Cursor, op: Arithmetic, a: bigint, b: bigint, at: number): bigint {
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  if (op === '/') return a / b
  throw notConstant(cursor, op, at)
}

function floats(cursor: Cursor, op: Arithmetic, a: number, b: number, at: number): number {
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  if (op === '/') return a / b
  throw notConstant(cursor, op, at)
}

function notConstant(cursor: Cursor, op: Arithmetic, at: number) {
  return cursor.wrong(at, op, 'is not supported outside the braces, as in Tempo', 'use + - * /')
}
