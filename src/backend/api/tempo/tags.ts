// `GET /api/search/tags` and `/api/v2/search/tags`: the names of attributes.

import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import { attributeMaps, type Promoted, promoted } from '../../store/schema'
import type { Store } from '../../store/store'
import { intrinsics } from '../../traceql/names'
import type { TagsAnswer } from '../answers'
import { unsigned } from '../parameters'
import { type Matching, matching } from './matching'

const maps = Object.values(attributeMaps)
const keysIn = (alias: string): string => `list_concat(${maps.map(map => `map_keys(${alias}.${map})`).join(', ')})`

/** Limit per scope. More names than this mean that names are made of data. */
const most = 20_000
const limited = (select: string): string => `SELECT DISTINCT key FROM (${select}) ORDER BY key LIMIT ${most}`

/** Reads each distinct set of keys once, because there are few. */
const setsOf = (select: string, alias: string): string =>
  limited(`SELECT unnest(keys) AS key FROM (SELECT DISTINCT ${keysIn(alias)} AS keys FROM (${select}) ${alias})`)

const scopes: Record<string, (store: Store, matched: Matching) => Promise<string[]>> = {
  span: async (store, matched) => [...(await inMaps(store, matched)), ...(await inColumns(store, matched))],
  resource: async (store, { rows, statement }) => {
    const used = `FROM resources WHERE id IN (${rows.select(['s.resource'])})`
    const named = await store.query(statement.sql(`SELECT 1 ${used} AND service_name IS NOT NULL LIMIT 1`))
    return [
      ...(await keys(store, statement.sql(setsOf(`SELECT * ${used}`, 'r')))),
      ...(named[0] ? ['service.name'] : []),
    ]
  },
  event: (store, matched) => inList(store, matched, 'events'),
  link: (store, matched) => inList(store, matched, 'links'),
  instrumentation: (store, { rows, statement }) =>
    keys(store, statement.sql(setsOf(`SELECT * FROM scopes WHERE id IN (${rows.select(['s.scope'])})`, 'c'))),
}

/** @throws Refused with 400 */
export async function tags(store: Store, params: QueryParams, restriction: string | undefined): Promise<TagsAnswer> {
  const scopeName = params('scope') || 'none'
  if (!['none', 'intrinsic', 'trace', ...Object.keys(scopes)].includes(scopeName))
    throw new Refused(400, `invalid scope: ${scopeName}`)
  const limit = Math.min(unsigned(params, 'limit') || most, most)
  const wanted = Object.keys(scopes).filter(scope => scopeName === 'none' || scopeName === scope)
  const matched = await matching(store, params, restriction)
  const found = await Promise.all(
    wanted.map(async name => {
      const names = new Set(await scopes[name]!(store, matched))
      return { name, tags: [...names].sort().slice(0, limit) }
    }),
  )
  const own =
    scopeName === 'none' || scopeName === 'intrinsic'
      ? [{ name: 'intrinsic', tags: [...intrinsics.keys()].sort() }]
      : []
  return { scopes: [...found.filter(({ tags }) => tags.length > 0), ...own] }
}

async function keys(store: Store, sql: string): Promise<string[]> {
  return (await store.query(sql)).map(({ key }) => key as string)
}

const inList = (store: Store, { rows, statement }: Matching, list: 'events' | 'links'): Promise<string[]> =>
  keys(store, statement.sql(setsOf(rows.select([`unnest(s.${list}, max_depth := 2)`]), 'e')))

/** Spans that are read first. If they have all known names, the other spans are not read. */
const SOME = 'LIMIT 10000'

async function inMaps(store: Store, { rows, statement, keys: known, isAll }: Matching): Promise<Iterable<string>> {
  const all = known.all('span')
  if (isAll && all) return all
  const read = async (part: string) => {
    const ofMap = (map: string) =>
      `SELECT DISTINCT unnest(map_keys(${map})) AS key FROM (${rows.select([`s.${map}`])} ${part})`
    return new Set(await keys(store, statement.sql(limited(maps.map(ofMap).join(' UNION ALL ')))))
  }
  const some = await read(SOME)
  return all && [...all].every(key => some.has(key)) ? some : read('')
}

async function inColumns(store: Store, { rows, statement }: Matching): Promise<string[]> {
  const read = async (columns: readonly Promoted[], part: string) => {
    if (columns.length === 0) return []
    const select = rows.select(columns.map(({ column }) => `s.${column}`))
    const filled = columns.map(({ column }) => `bool_or(${column} IS NOT NULL) AS ${column}`)
    const [row] = await store.query(statement.sql(`SELECT ${filled.join(', ')} FROM (${select} ${part})`))
    return columns.filter(({ column }) => row![column])
  }
  const some = await read([...promoted.values()], SOME)
  const others = await read(
    [...promoted.values()].filter(one => !some.includes(one)),
    '',
  )
  return [...some, ...others].map(({ key }) => key)
}
