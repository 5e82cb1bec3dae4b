/**
 * TraceQL values in SQL: an expression for each type that a value may have, NULL for spans whose value is missing or has another type.
 * Conditions are NULL or false where they do not hold.
 */
import { spanKinds, statusCodes } from '../../shared/otlp/trace'
import { arrayFields, text } from '../store/columns'
import type { AttributeType } from '../store/schema'
import type { Arithmetic, Comparison, Value } from './ast'

export type ValueType = Value['kind']

export interface Typed extends Readonly<Partial<Record<ValueType, string>>> {
  /** The result of `arrayAttribute` in the store. */
  readonly array?: string
  /** Any number as a float, in the result of arithmetic. An int takes precedence. */
  readonly number?: string
}

const elementTypes = Object.keys(arrayFields) as AttributeType[]

export const never = 'false'

export function literal(value: Value): Typed {
  if (value.kind === 'string') return { string: text(value.value) }
  if (value.kind === 'float') return { float: `'${value.value}'::DOUBLE` }
  if (value.kind === 'bool') return { bool: String(value.value) }
  if (value.kind === 'status') return { status: String(statusCodes.indexOf(value.value)) }
  if (value.kind === 'kind') return { kind: String(spanKinds.indexOf(value.value)) }
  return { [value.kind]: `'${value.value}'::BIGINT` }
}

/** Ints, floats and durations, all as floats. */
export function number({ number, int, float, duration }: Typed): string | undefined {
  if (number !== undefined) return number
  const some = [float, int && `${int}::DOUBLE`, duration && `${duration}::DOUBLE`].filter(sql => sql !== undefined)
  return some.length > 1 ? `coalesce(${some.join(', ')})` : some[0]
}

/** Durations are whole nanoseconds, so they compare with ints. */
function whole({ int, duration }: Typed): string | undefined {
  return int && duration ? `coalesce(${int}, ${duration})` : (int ?? duration)
}

/**
 * Compares values without converting types, except between numbers. A comparison with an array holds if any element meets it.
 * @param strict for an attribute and a constant: numbers of different types do not compare either
 */
export function compare(op: Comparison, left: Typed, right: Typed, strict = false): string {
  const pairs = [...scalarPairs(op, left, right, strict), ...arrayPairs(op, left, right)]
  return pairs.length === 0 ? never : pairs.length === 1 ? pairs[0]! : `(${pairs.join(' OR ')})`
}

function scalarPairs(op: Comparison, left: Typed, right: Typed, strict: boolean): string[] {
  const same = (['string', 'bool', 'status', 'kind'] as const).flatMap(type =>
    left[type] && right[type] ? [`${left[type]} ${sqlOf(op)} ${right[type]}`] : [],
  )
  const numbers = strict ? compareStrictly(op, left, right) : compareNumbers(op, left, right)
  return numbers === undefined ? same : [...same, numbers]
}

/** An attribute and a constant: ints compare with ints and floats with floats; durations compare with nothing. */
function compareStrictly(op: Comparison, left: Typed, right: Typed): string | undefined {
  if (left.duration || right.duration) return undefined
  const floats = bothDefined(left.float, right.float)
  return floats ? compareFloats(op, ...floats) : bothDefined(left.int, right.int)?.join(` ${sqlOf(op)} `)
}

function compareNumbers(op: Comparison, left: Typed, right: Typed): string | undefined {
  const integers = bothDefined(whole(left), whole(right))
  const asIntegers = integers?.join(` ${sqlOf(op)} `)
  const isMixed = [left, right].some(side => side.float ?? side.number)
  const numbers = isMixed ? bothDefined(number(left), number(right)) : undefined
  if (!numbers) return asIntegers
  const asFloats = compareFloats(op, ...numbers)
  if (!integers) return asFloats
  return `CASE WHEN ${integers[0]} IS NOT NULL AND ${integers[1]} IS NOT NULL THEN ${asIntegers} ELSE ${asFloats} END`
}

const bothDefined = (a: string | undefined, b: string | undefined): [string, string] | undefined =>
  a !== undefined && b !== undefined ? [a, b] : undefined

/** In DuckDB, NaN is the greatest number and equals itself; here comparisons with NaN are false. */
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

/** The array reduced to elements that meet the condition; lists of types that cannot meet it become empty. */
export function narrowed(array: string, holds: (element: Typed) => string): string {
  const lists = elementTypes.map(type => {
    const field = arrayFields[type]
    return `${field} := list_filter((${array}).${field}, lambda x: ${holds({ [type]: 'x' })})`
  })
  return `CASE WHEN ${array} IS NOT NULL THEN struct_pack(${lists.join(', ')}) END`
}

export const sqlOf = (op: Comparison): string => (op === '!=' ? '<>' : op)

/** The pattern must match the whole text, and a dot matches line breaks. */
export function matches({ string: scalar, array }: Typed, pattern: string, negated: boolean): string {
  const holds = (sql: string) => `${negated ? 'NOT ' : ''}${matchesPattern(sql, pattern)}`
  const some = [scalar && holds(scalar), array && anyElement(array, 'string', holds)].filter(sql => sql !== undefined)
  return some.length === 0 ? never : `(${some.join(' OR ')})`
}

/** Plain alternatives become IN (…), and `.*` around plain text becomes a substring search: both are much faster. */
function matchesPattern(sql: string, pattern: string): string {
  if (/^[^\\.+*?()[\]{}^$]*$/.test(pattern)) return `${sql} IN (${pattern.split('|').map(text).join(', ')})`
  const [, before, plain, after] = /^(\.\*)?((?:[^\\.+*?()[\]{}^$|]|\\[^\w\s])*)(\.\*)?$/.exec(pattern) ?? []
  if (plain !== undefined && (before || after)) {
    const looksFor = before && after ? 'contains' : before ? 'ends_with' : 'starts_with'
    return `${looksFor}(${sql}, ${text(plain.replaceAll(/\\(.)/g, '$1'))})`
  }
  const anywhere = textAnywhere(pattern)
  // RE2 finds a substring much faster than it matches a whole text with that substring in the middle.
  if (anywhere) return `regexp_matches(${sql}, ${text(`(?${anywhere.flags})${anywhere.pattern}`)})`
  return `regexp_full_match(${sql}, ${text(pattern)}, 's')`
}

/** `(?is).*word.*`, where the word has no special characters. The flag `s` always holds. */
const ANYWHERE = /^(?:\(\?([is]+)\))?\.\*((?:[^\\.+*?()[\]{}^$|]|\\[^\w\s])+)\.\*$/

/** The flags and the inner pattern of an expression that searches for plain text; undefined for others. */
export function textAnywhere(pattern: string): { readonly flags: string; readonly pattern: string } | undefined {
  const [, flags = '', inner] = ANYWHERE.exec(pattern) ?? []
  return inner === undefined ? undefined : { flags: [...new Set(`${flags}s`)].join(''), pattern: inner }
}

/**
 * Two ints give an int, other numbers a float; an int that exceeds 64 bits becomes a float. Further arithmetic with floats does not read
 * the ints, which keeps the SQL from growing with the square of the steps.
 */
export function compute(op: Arithmetic, left: Typed, right: Typed): Typed {
  const ints = bothDefined(left.int, right.int)
  const numbers = bothDefined(number(left), number(right))
  return {
    ...(ints && { int: `try(${intSql(op, ...ints)})` }),
    ...(numbers && { number: floatSql(op, ...numbers) }),
  }
}

function intSql(op: Arithmetic, a: string, b: string): string {
  if (op === '/') return `${a} // ${b}`
  if (op === '^') return `trunc(pow(${a}, ${b}))::BIGINT`
  return `${a} ${op} ${b}`
}

/** Follows IEEE 754. */
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
    ...(value.number && { number: `(-${value.number})` }),
  }
}

/** Whether there is a value of any type, other than an empty array. */
export function isThere({ array, ...scalars }: Typed): string {
  const lists = Object.values(arrayFields).map(list => `len((${array}).${list})`)
  const some = Object.values(scalars).map(sql => `${sql} IS NOT NULL`)
  return joined([...some, ...(array ? [`coalesce(${lists.join(', ')}) > 0`] : [])])
}

/** Whether there is any value, including an empty array. */
export function isStored(typed: Typed): string {
  return joined(Object.values(typed).map(sql => `${sql} IS NOT NULL`))
}

const joined = (conditions: readonly string[]): string =>
  conditions.length === 0 ? never : `(${conditions.join(' OR ')})`
