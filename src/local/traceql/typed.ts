/**
 * Values of TraceQL in SQL. A value has an expression for each type that it may have, which is NULL for the spans whose
 * value is of another type or missing. Conditions are NULL or false where they do not hold. Called by filter.ts.
 */
import { arrayFields, text } from '../store/columns'
import type { AttributeType } from '../store/schema'
import type { Arithmetic, Comparison, Value } from './ast'
import { kinds, statuses } from './names'

export type ValueType = Value['kind']

export interface Typed extends Readonly<Partial<Record<ValueType, string>>> {
  /** What `arrayAttribute` of the store gives. */
  readonly array?: string
}

const elementTypes = Object.keys(arrayFields) as AttributeType[]

export const never = 'false'

export function literal(value: Value): Typed {
  if (value.kind === 'string') return { string: string(value.value) }
  if (value.kind === 'float') return { float: `'${value.value}'::DOUBLE` }
  if (value.kind === 'bool') return { bool: String(value.value) }
  if (value.kind === 'status') return { status: String(statuses.indexOf(value.value)) }
  if (value.kind === 'kind') return { kind: String(kinds.indexOf(value.value)) }
  return { [value.kind]: `'${value.value}'::BIGINT` }
}

/** A text as a literal: a statement ends at a character 0. */
export function string(value: string): string {
  return value.includes('\0') ? `(${value.split('\0').map(text).join(' || chr(0) || ')})` : text(value)
}

/** Ints, floats and durations as floats. */
export function number({ int, float, duration }: Typed): string | undefined {
  const some = [float, int && `${int}::DOUBLE`, duration && `${duration}::DOUBLE`].filter(sql => sql !== undefined)
  return some.length > 1 ? `coalesce(${some.join(', ')})` : some[0]
}

/** Durations are whole nanoseconds, and compare with ints as such. */
function whole({ int, duration }: Typed): string | undefined {
  return int && duration ? `coalesce(${int}, ${duration})` : (int ?? duration)
}

/**
 * Types are never converted, but for numbers, which compare with each other. Of an array any element has to hold.
 * @param strict whether numbers of several kinds do not compare either: between an attribute and a constant
 */
export function compare(op: Comparison, left: Typed, right: Typed, strict = false): string {
  const pairs = [...scalarPairs(op, left, right, strict), ...arrayPairs(op, left, right)]
  return pairs.length === 0 ? never : pairs.length === 1 ? pairs[0]! : `(${pairs.join(' OR ')})`
}

function scalarPairs(op: Comparison, left: Typed, right: Typed, strict: boolean): string[] {
  if (strict && (left.duration || right.duration)) return []
  const same = (['string', 'bool', 'status', 'kind'] as const).flatMap(type =>
    left[type] && right[type] ? [`${left[type]} ${sqlOf(op)} ${right[type]}`] : [],
  )
  const wholes = bothDefined(whole(left), whole(right))
  if (wholes) same.push(wholes.join(` ${sqlOf(op)} `))
  const numbers = strict ? bothDefined(left.float, right.float) : someFloat(left, right)
  if (numbers) same.push(compareFloats(op, ...numbers))
  return same
}

const someFloat = (left: Typed, right: Typed) =>
  left.float || right.float ? bothDefined(number(left), number(right)) : undefined

const bothDefined = (a: string | undefined, b: string | undefined): [string, string] | undefined =>
  a !== undefined && b !== undefined ? [a, b] : undefined

/** DuckDB takes NaN for the greatest number and equal to itself; here it compares with nothing. */
function compareFloats(op: Comparison, left: string, right: string): string {
  const compared = `${left} ${sqlOf(op)} ${right}`
  const variable = op === '!=' ? [] : [left, right].filter(sql => !sql.startsWith("'"))
  return [compared, ...variable.map(sql => `${sql} <= 'Infinity'::DOUBLE`)].join(' AND ')
}

function arrayPairs(op: Comparison, left: Typed, right: Typed): string[] {
  return elementTypes.flatMap(type => {
    if (left.array && right[type])
      return [anyElement(left.array, type, element => `${element} ${sqlOf(op)} ${right[type]}`)]
    if (right.array && left[type])
      return [anyElement(right.array, type, element => `${left[type]} ${sqlOf(op)} ${element}`)]
    return []
  })
}

function anyElement(array: string, type: AttributeType, holds: (element: string) => string): string {
  return `len(list_filter((${array}).${arrayFields[type]}, lambda x: ${holds('x')})) > 0`
}

export const sqlOf = (op: Comparison): string => (op === '!=' ? '<>' : op)

/** The whole text has to match, and a point matches the end of a line too. */
export function matches({ string: scalar, array }: Typed, pattern: string, negated: boolean): string {
  const holds = (sql: string) => `${negated ? 'NOT ' : ''}${matchesPattern(sql, pattern)}`
  const some = [scalar && holds(scalar), array && anyElement(array, 'string', holds)].filter(sql => sql !== undefined)
  return some.length === 0 ? never : `(${some.join(' OR ')})`
}

/** Alternatives without special characters are a list, which is far faster. */
function matchesPattern(sql: string, pattern: string): string {
  if (/^[^\\.+*?()[\]{}^$]*$/.test(pattern)) return `${sql} IN (${pattern.split('|').map(string).join(', ')})`
  return `regexp_full_match(${sql}, ${string(pattern)}, 's')`
}

/** Two ints give an int, anything else a float; what is not defined, or too great for 64 bits, has no value. */
export function compute(op: Arithmetic, left: Typed, right: Typed): Typed {
  const ints = bothDefined(left.int, right.int)
  const int = ints && `try(${intSql(op, ...ints)})`
  const numbers = bothDefined(number(left), number(right))
  if (!numbers || isOnlyInt(left, right)) return int ? { int } : {}
  const float = floatSql(op, ...numbers)
  return int ? { int, float: `CASE WHEN ${int} IS NULL THEN ${float} END` } : { float }
}

const isOnlyInt = (...sides: readonly Typed[]): boolean => sides.every(({ float, duration }) => !float && !duration)

function intSql(op: Arithmetic, a: string, b: string): string {
  if (op === '/') return `${a} // ${b}`
  if (op === '^') return `trunc(pow(${a}, ${b}))::BIGINT`
  return `${a} ${op} ${b}`
}

/** As IEEE 754 has it. */
function floatSql(op: Arithmetic, a: string, b: string): string {
  if (op === '^') return `pow(${a}, ${b})`
  if (op === '/') return `CASE WHEN ${b} = 0 THEN ${a} * 'Infinity'::DOUBLE ELSE ${a} / ${b} END`
  return `(${a} ${op} ${b})`
}

export function opposite(value: Typed): Typed {
  return {
    ...(value.int && { int: `try(-${value.int})` }),
    ...(value.float && { float: `(-${value.float})` }),
    ...(value.duration && { duration: `try(-${value.duration})` }),
  }
}

/** Whether there is a value of any type. Empty arrays are none. */
export function isThere({ array, ...scalars }: Typed): string {
  const lists = Object.values(arrayFields).map(list => `len((${array}).${list})`)
  const some = Object.values(scalars).map(sql => `${sql} IS NOT NULL`)
  return joined([...some, ...(array ? [`coalesce(${lists.join(', ')}) > 0`] : [])])
}

/** Whether there is any value, empty ones too. */
export function isStored(typed: Typed): string {
  return joined(Object.values(typed).map(sql => `${sql} IS NOT NULL`))
}

const joined = (conditions: readonly string[]): string =>
  conditions.length === 0 ? never : `(${conditions.join(' OR ')})`
