/** SQL for the embedded backend that finds the subject in rows, and masks a person in them. */
import { text } from '../../../backend/store/columns'
import { promoted, type Table, tables } from '../../../backend/store/schema'
import {
  exactValues,
  identityKeys,
  maskPatterns,
  PERSON,
  personKeys,
  textPattern,
  valuesInTexts,
} from '../person-attributes'
import type { Identity } from '../subject'

const either = (conditions: readonly string[]): string =>
  `(${['false', ...conditions.map(one => `coalesce(${one}, false)`)].join(' OR ')})`

/** Matches an identity attribute, or any text of the row: name, status, events, attributes and their keys. */
export function mentions(table: Table, identity: Identity): string {
  const pattern = textPattern(identity)
  // the pattern covers these, and map lookups are expensive; numbers do not occur in text columns
  const inTexts = new Set(valuesInTexts(identity))
  const others = exactValues(identity).filter(value => !inTexts.has(value) || /^-?\d+$/.test(value))
  return either([
    ...(others.length > 0 ? [isOneOf(table, others)] : []),
    ...(pattern === undefined ? [] : [`regexp_matches(${textOf(table)}, ${text(pattern)})`]),
  ])
}

/** Matches an identity attribute. */
export const isExact = (table: Table, identity: Identity): string => isOneOf(table, exactValues(identity))

const isOneOf = (table: Table, values: readonly string[]): string =>
  either(
    identityKeys.flatMap(key => attributesOf(table, key)).map(value => `${value} IN (${values.map(text).join(', ')})`),
  )

/** All texts of a row, one per line. Not the row as JSON: DuckDB lacks the memory for 2,048 such rows at once. */
function textOf(table: Table): string {
  const texts = Object.entries<string>(tables[table]).flatMap(([column, type]) => {
    const value = `t.${column}`
    // a data point's exemplars are in `point`
    if (column === 'point') return []
    if (type === 'VARCHAR') return value
    if (type === 'MAP(VARCHAR, VARCHAR)') return [inLines(`map_keys(${value})`), inLines(`map_values(${value})`)]
    if (/^MAP\(VARCHAR, \w+\)$/.test(type)) return inLines(`map_keys(${value})`)
    // most rows have no such values, so only the others are serialised
    if (type.startsWith('MAP')) return `CASE WHEN cardinality(${value}) > 0 THEN to_json(${value})::VARCHAR END`
    return type.startsWith('STRUCT') ? `CASE WHEN len(${value}) > 0 THEN to_json(${value})::VARCHAR END` : []
  })
  return `concat_ws(chr(10), ${texts.join(', ')})`
}

const inLines = (list: string): string => `array_to_string(${list}, chr(10))`

/** A data point aggregates many persons, so only its exemplars that name the subject are erased. */
export function exemplars(identity: Identity): string {
  const pattern = textPattern(identity)
  return pattern === undefined ? 'false' : `coalesce(regexp_matches(point, ${text(pattern)}), false)`
}

/** Whether a row names somebody else: by an attribute, or, unless an attribute makes it the subject's, in its texts. */
export function namesOthers(table: Table, identity: Identity): string {
  const own = exactList(identity)
  const persons = personKeys.flatMap(key => attributesOf(table, key))
  const said = `regexp_extract_all(${textOf(table)}, ${text(PERSON.source)}, 0, 'i')`
  const ownSmall = exactValues(identity).map(value => text(value.toLowerCase()))
  const inTexts = `len(list_filter(${said}, lambda one: lower(replace(one, '%40', '@')) NOT IN (${ownSmall.join(', ')}))) > 0`
  return either([
    ...persons.map(value => `${value} <> '' AND ${value} NOT IN (${own})`),
    `NOT ${either(persons.map(value => `${value} IN (${own})`))} AND ${inTexts}`,
  ])
}

/** For a group of spans: whether it names somebody else. */
export function isShared(identity: Identity): string {
  const others = personKeys
    .flatMap(key => attributesOf('spans', key))
    .map(value => `coalesce(bool_or(${value} <> '' AND ${value} NOT IN (${exactList(identity)})), false)`)
  return `(${others.join(' OR ')})`
}

/** Includes ids that were sent as numbers. */
export function attributesOf(table: Table, key: string): string[] {
  const own = table === 'spans' ? promoted.get(key) : undefined
  const asText = own?.type === 'string' ? `t.${own.column}` : `t.attr_s[${text(key)}]`
  return [asText, `t.attr_i[${text(key)}]::VARCHAR`]
}

const exactList = (identity: Identity): string => exactValues(identity).map(text).join(', ')

/** Masks the subject in texts, and removes other attributes and events that name the subject. */
export function maskRows(table: Table, identity: Identity, where: string): string {
  const pattern = textPattern(identity)
  const own = exactList(identity)
  const isOwnKey = `one.key IN (${identityKeys.map(text).join(', ')})`
  const columnsOfPersons = new Set(identityKeys.map(key => promoted.get(key)?.column))
  const named = (value: string) =>
    pattern === undefined ? 'false' : `coalesce(regexp_matches(to_json(${value})::VARCHAR, ${text(pattern)}), false)`
  const masked = (value: string): string =>
    maskPatterns(identity).reduce((left, one) => {
      // a match includes adjacent characters, so one pass only replaces every second of several adjacent matches
      const once = (of: string) => `regexp_replace(${of}, ${text(one)}, '\\1[ERASED]\\2', 'g')`
      return once(once(left))
    }, value)
  const sets = Object.entries<string>(tables[table]).flatMap(([column, type]) => {
    const isPerson = columnsOfPersons.has(column)
    if (type === 'VARCHAR')
      return `${column} = ${isPerson ? `CASE WHEN ${column} NOT IN (${own}) THEN ${masked(column)} END` : masked(column)}`
    if (type === 'MAP(VARCHAR, VARCHAR)') {
      const kept = `list_filter(map_entries(${column}), lambda one: NOT (${isOwnKey} AND one.value IN (${own})) AND NOT ${named('one.key')})`
      return `${column} = map_from_entries(list_transform(${kept}, lambda one: {'key': one.key, 'value': ${masked('one.value')}}))`
    }
    if (type.startsWith('MAP')) {
      const isOwn = type === 'MAP(VARCHAR, BIGINT)' ? `(${isOwnKey} AND one.value::VARCHAR IN (${own}))` : 'false'
      return `${column} = map_from_entries(list_filter(map_entries(${column}), lambda one: NOT ${isOwn} AND NOT ${named('one')}))`
    }
    return type.startsWith('STRUCT') ? `${column} = list_filter(${column}, lambda one: NOT ${named('one')})` : []
  })
  return `UPDATE ${table} t SET ${sets.join(', ')} WHERE ${where}`
}
