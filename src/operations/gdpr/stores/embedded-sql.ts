/** SQL of the embedded backend that finds the subject in a row, and takes a person's names out of one. */
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

/** In an attribute that holds an identity, or in any text of the row: its name, its status, its events, its attributes and their keys. */
export function mentions(table: Table, identity: Identity): string {
  const pattern = textPattern(identity)
  // for what the pattern has it is enough, and a lookup in a map is dear; a number is in no text
  const inTexts = new Set(valuesInTexts(identity))
  const others = exactValues(identity).filter(value => !inTexts.has(value) || /^-?\d+$/.test(value))
  return either([
    ...(others.length > 0 ? [isOneOf(table, others)] : []),
    ...(pattern === undefined ? [] : [`regexp_matches(${textOf(table)}, ${text(pattern)})`]),
  ])
}

/** In an attribute that holds an identity. */
export const isExact = (table: Table, identity: Identity): string => isOneOf(table, exactValues(identity))

const isOneOf = (table: Table, values: readonly string[]): string =>
  either(
    identityKeys.flatMap(key => attributesOf(table, key)).map(value => `${value} IN (${values.map(text).join(', ')})`),
  )

/** All texts of a row, each on a line of its own. Not the row as JSON: DuckDB has not the memory for 2,048 of them at once. */
function textOf(table: Table): string {
  const texts = Object.entries<string>(tables[table]).flatMap(([column, type]) => {
    const value = `t.${column}`
    // of a data point, its exemplars are in `point`
    if (column === 'point') return []
    if (type === 'VARCHAR') return value
    if (type === 'MAP(VARCHAR, VARCHAR)') return [inLines(`map_keys(${value})`), inLines(`map_values(${value})`)]
    if (/^MAP\(VARCHAR, \w+\)$/.test(type)) return inLines(`map_keys(${value})`)
    // most rows have none, and only for the others is it written
    if (type.startsWith('MAP')) return `CASE WHEN cardinality(${value}) > 0 THEN to_json(${value})::VARCHAR END`
    return type.startsWith('STRUCT') ? `CASE WHEN len(${value}) > 0 THEN to_json(${value})::VARCHAR END` : []
  })
  return `concat_ws(chr(10), ${texts.join(', ')})`
}

const inLines = (list: string): string => `array_to_string(${list}, chr(10))`

/** A data point counts many persons: what names one of them, an exemplar, goes alone. */
export function exemplars(identity: Identity): string {
  const pattern = textPattern(identity)
  return pattern === undefined ? 'false' : `coalesce(regexp_matches(point, ${text(pattern)}), false)`
}

/** Somebody else is named in a row: by an attribute, or, where the row is not the subject's by one, in its texts. */
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

/** Of a group of spans: somebody else is named too. */
export function isShared(identity: Identity): string {
  const others = personKeys
    .flatMap(key => attributesOf('spans', key))
    .map(value => `coalesce(bool_or(${value} <> '' AND ${value} NOT IN (${exactList(identity)})), false)`)
  return `(${others.join(' OR ')})`
}

/** An id may be sent as a number. */
export function attributesOf(table: Table, key: string): string[] {
  const own = table === 'spans' ? promoted.get(key) : undefined
  const asText = own?.type === 'string' ? `t.${own.column}` : `t.attr_s[${text(key)}]`
  return [asText, `t.attr_i[${text(key)}]::VARCHAR`]
}

const exactList = (identity: Identity): string => exactValues(identity).map(text).join(', ')

/** Takes the subject out of texts, and each attribute and event away that names the subject and is no text. */
export function maskRows(table: Table, identity: Identity, where: string): string {
  const pattern = textPattern(identity)
  const own = exactList(identity)
  const isOwnKey = `one.key IN (${identityKeys.map(text).join(', ')})`
  const columnsOfPersons = new Set(identityKeys.map(key => promoted.get(key)?.column))
  const named = (value: string) =>
    pattern === undefined ? 'false' : `coalesce(regexp_matches(to_json(${value})::VARCHAR, ${text(pattern)}), false)`
  const masked = (value: string): string =>
    maskPatterns(identity).reduce((left, one) => {
      // a hit takes with it what stands around it, so every other one of a row is left
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
