// `GET /api/search/tag/{tag}/values` and `/api/v2/search/tag/{tag}/values`: the values of a tag.

import { spanKinds, statusCodes } from '../../../shared/otlp/trace'
import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import type { Store } from '../../store/store'
import type { Attribute, Intrinsic } from '../../traceql/ast'
import { Cursor } from '../../traceql/cursor'
import { TraceqlError } from '../../traceql/error'
import { field, type Need, variables } from '../../traceql/fields'
import { knownKeys } from '../../traceql/known-keys'
import { parseNamed } from '../../traceql/parse-field'
import { printFloat } from '../../traceql/print'
import type { Typed } from '../../traceql/typed-sql'
import type { TagValuesAnswer } from '../answers'
import { unsigned } from '../parameters'
import { type Matching, matching } from './matching'

type TagValue = NonNullable<TagValuesAnswer['tagValues']>[number]

/** Maximum values of a list. */
const most = 5_000
/** Rows that are read first. Usually they have enough values, or are all rows. */
const first = 50_000
const types = ['string', 'int', 'float', 'bool'] as const
const words: Partial<Record<string, readonly string[]>> = { 'span:status': statusCodes, 'span:kind': spanKinds }

/**
 * Each value once, by type. Ids, durations and positions in the tree have no values.
 * @param tag as in a query: `span.http.route`, `name`
 * @throws Refused with 400 for an invalid name
 */
export async function tagValues(
  store: Store,
  tag: string,
  params: QueryParams,
  restriction: string | undefined,
): Promise<TagValuesAnswer> {
  const named = namedBy(tag)
  const keywords = named.type === 'intrinsic' ? words[named.name] : undefined
  if (keywords) return { tagValues: keywords.map(value => ({ type: 'keyword', value })) }
  const limit = Math.min(unsigned(params, 'limit') || most, most)
  const matched = await matching(store, params, restriction)
  const found = await Promise.all(eachOf(named).map(one => valuesUnder(store, one, matched, limit)))
  const values = new Map(found.flat().map(value => [`${value.type} ${value.value}`, value]))
  return { tagValues: [...values.values()].slice(0, limit) }
}

/** An unscoped name stands for both scopes. A query would read only one of them if a span has both. */
function eachOf(named: Attribute | Intrinsic): (Attribute | Intrinsic)[] {
  if (named.type === 'intrinsic' || named.scope !== 'any') return [named]
  return (['span', 'resource'] as const).map(scope => ({ ...named, scope }))
}

async function valuesUnder(
  store: Store,
  named: Attribute | Intrinsic,
  { rows, statement }: Matching,
  limit: number,
): Promise<TagValue[]> {
  const needs = new Set<Need>()
  const typed = field(named, await knownKeys(store), need => needs.add(need))
  const columns = columnsOf(typed)
  if (columns.length === 0 || isPlace(named)) return []
  const list = listOf(named)
  const select = list
    ? `SELECT ${columns.join(', ')} FROM (${rows.select([`unnest(s.${list}s) AS ${variables[list]}`])})`
    : rows.select(columns, needs)
  const read = (from: string) =>
    store.query(statement.sql(`SELECT *, count(*) AS rows FROM (${from}) GROUP BY ALL ORDER BY ALL LIMIT ${limit}`))
  const some = await read(`${select} LIMIT ${first}`)
  const isEnough = some.length === limit || some.reduce((sum, { rows }) => sum + Number(rows), 0) < first
  return (isEnough ? some : await read(select)).flatMap(valuesOf)
}

function namedBy(tag: string): Attribute | Intrinsic {
  try {
    const cursor = new Cursor(tag)
    const named = parseNamed(cursor)
    if (cursor.token.type !== 'end') throw cursor.unexpected()
    return named
  } catch (error) {
    if (!(error instanceof TraceqlError)) throw error
    throw new Refused(400, `please provide a valid tagName: ${error.message}`)
  }
}

/** Names whose value differs for every span. */
const isPlace = (named: Attribute | Intrinsic): boolean =>
  named.type === 'intrinsic' && /ID$|:id$|nestedSet|childCount/.test(named.name)

function listOf(named: Attribute | Intrinsic): 'event' | 'link' | undefined {
  const scope = named.type === 'attribute' ? named.scope : named.name.split(':')[0]
  return scope === 'event' || scope === 'link' ? scope : undefined
}

function columnsOf(typed: Typed): string[] {
  const wanted = [...types, 'array' as const].filter(type => typed[type] !== undefined)
  return wanted.map(type => `${typed[type]} AS "${type}"`)
}

function valuesOf(row: Record<string, unknown>): TagValue[] {
  const lists = (row.array ?? {}) as Partial<Record<string, unknown[]>>
  return types.flatMap(type => {
    const scalar = row[type]
    const elements = lists[type[0]!] ?? []
    return [...(scalar === null || scalar === undefined ? [] : [scalar]), ...elements].map(value => ({
      type,
      value: type === 'float' ? printFloat(value as number) : String(value),
    }))
  })
}
