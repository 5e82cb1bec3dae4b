// `GET /api/search/tags` and `/api/v2/search/tags`: the names of attributes. Called by index.ts.
import { Refused } from '../../body'
import { attributeMaps, promoted } from '../../store/schema'
import type { Store } from '../../store/store'
import { intrinsics } from '../../traceql/names'
import type { TagsAnswer } from '../answers'
import type { Ask } from '../parameters'
import { type Matching, matching } from './matching'

const maps = Object.values(attributeMaps)
const keysIn = (alias: string): string => `list_concat(${maps.map(map => `map_keys(${alias}.${map})`).join(', ')})`

/** One row a set of keys that stands together somewhere, which are few. */
const setsOf = (select: string, alias: string): string =>
  `SELECT DISTINCT unnest(keys) AS key FROM (SELECT DISTINCT ${keysIn(alias)} AS keys FROM (${select}) ${alias})`

const scopes: Record<string, (rows: Matching['rows']) => string> = {
  span: rows => setsOf(rows.select(maps.map(map => `s.${map}`)), 's'),
  resource: rows => setsOf(`SELECT * FROM resources WHERE id IN (${rows.select(['s.resource'])})`, 'r'),
  event: rows => setsOf(rows.select(['unnest(s.events, max_depth := 2)']), 'e'),
  link: rows => setsOf(rows.select(['unnest(s.links, max_depth := 2)']), 'k'),
  instrumentation: rows => setsOf(`SELECT * FROM scopes WHERE id IN (${rows.select(['s.scope'])})`, 'c'),
}

/** @throws Refused with 400 */
export async function tags(store: Store, ask: Ask, restriction: string | undefined): Promise<TagsAnswer> {
  const asked = ask('scope') || 'none'
  if (!['none', 'intrinsic', 'trace', ...Object.keys(scopes)].includes(asked))
    throw new Refused(400, `invalid scope: ${asked}`)
  const limit = Number(ask('limit')) || Number.POSITIVE_INFINITY
  const wanted = Object.keys(scopes).filter(scope => asked === 'none' || asked === scope)
  const matched = await matching(store, ask, restriction)
  const found = await Promise.all(
    wanted.map(async name => ({ name, tags: (await tagsIn(store, name, matched)).sort().slice(0, limit) })),
  )
  const own =
    asked === 'none' || asked === 'intrinsic' ? [{ name: 'intrinsic', tags: [...intrinsics.keys()].sort() }] : []
  return { scopes: [...found.filter(({ tags }) => tags.length > 0), ...own] }
}

async function tagsIn(store: Store, scope: string, { rows, statement }: Matching): Promise<string[]> {
  const keys = await store.query(statement.sql(scopes[scope]!(rows)))
  const columns = scope === 'span' ? await promotedIn(store, { rows, statement }) : []
  const named = scope === 'resource' ? await hasServiceName(store, { rows, statement }) : []
  return [...new Set([...keys.map(({ key }) => key as string), ...columns, ...named])]
}

async function promotedIn(store: Store, { rows, statement }: Matching): Promise<string[]> {
  const all = [...promoted.values()]
  const [row] = await store.query(
    statement.sql(rows.select(all.map(({ column }) => `bool_or(s.${column} IS NOT NULL) AS ${column}`))),
  )
  return all.filter(({ column }) => row![column]).map(({ key }) => key)
}

async function hasServiceName(store: Store, { rows, statement }: Matching): Promise<string[]> {
  const found = await store.query(
    statement.sql(
      `SELECT 1 FROM resources WHERE service_name IS NOT NULL AND id IN (${rows.select(['s.resource'])}) LIMIT 1`,
    ),
  )
  return found.length > 0 ? ['service.name'] : []
}
