/** A value and its type as one text, for grouping and decoding: `i42` differs from `f42` and `s42`. */
import type { AnyValue } from '../../shared/otlp/any-value'
import { spanKinds, statusCodes } from '../../shared/otlp/trace'
import { printDuration } from './print'
import type { Typed } from './typed-sql'

const letters: Readonly<Record<keyof Typed, string>> = {
  string: 's',
  int: 'i',
  float: 'f',
  number: 'f',
  bool: 'b',
  duration: 'd',
  status: 't',
  kind: 'k',
  array: 'a',
}

/**
 * JSON of the struct that `arrayAttribute` returns. Its numbers are texts, because JSON has no infinity and loses digits of 64-bit ints.
 */
export const arrayJson = (sql: string): string =>
  `to_json((${sql})::STRUCT(s VARCHAR[], i VARCHAR[], f VARCHAR[], b BOOLEAN[]))`

/** SQL of the text; NULL if there is no value. */
export function encoded(typed: Typed): string {
  const some = Object.entries(typed).map(([type, sql]) => {
    const text = type === 'array' ? arrayJson(sql) : sql
    return `'${letters[type as keyof Typed]}' || (${text})::VARCHAR`
  })
  return some.length === 1 ? some[0]! : `coalesce(${[...some, 'NULL'].join(', ')})`
}

/** Follows Tempo: durations, statuses, kinds and missing values (`nil`) are strings. */
export function decoded(text: string | null): AnyValue {
  if (text === null) return { stringValue: 'nil' }
  const rest = text.slice(1)
  switch (text[0]) {
    case 'i':
      return { intValue: rest }
    case 'f':
      return { doubleValue: floatOf(rest) }
    case 'b':
      return { boolValue: rest === 'true' }
    case 'd':
      return { stringValue: printDuration(BigInt(rest)) }
    case 't':
      return { stringValue: statusCodes[Number(rest)] ?? rest }
    case 'k':
      return { stringValue: spanKinds[Number(rest)] ?? rest }
    case 'a':
      return arrayOf(rest)
    default:
      return { stringValue: rest }
  }
}

/** DuckDB writes inf, -inf and nan; OTLP's JSON has other words for them. */
function floatOf(text: string): number | string {
  const value = Number(text)
  if (Number.isFinite(value)) return value
  return text.includes('inf') ? text.replace('inf', 'Infinity') : 'NaN'
}

/** An array of one element becomes a plain value, as when it is stored. @param json from `arrayJson` */
function arrayOf(json: string): AnyValue {
  const values = elementsOf(JSON.parse(json) as Record<string, unknown[] | null>)
  return values.length === 1 ? values[0]! : { arrayValue: { values } }
}

function elementsOf({ s, i, f, b }: Record<string, unknown[] | null>): AnyValue[] {
  if (s?.length) return s.map(value => ({ stringValue: String(value) }))
  if (i?.length) return i.map(value => ({ intValue: String(value) }))
  if (f?.length) return f.map(value => ({ doubleValue: floatOf(String(value)) }))
  return (b ?? []).map(value => ({ boolValue: value === true }))
}
