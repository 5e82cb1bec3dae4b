/**
 * Finds the newest traces that match a search. Reads the most recent part of the time range first and larger parts until it has enough, so
 * a query that matches much stays cheap.
 */
import type { TimeRangeNs } from '../request-parameters'
import { aliases } from '../store/columns'
import type { Row, Store } from '../store/store'
import { aheadNs, fresh } from '../store/trace-parts'
import type { CompiledQuery } from './compiled-query'

export interface MatchingTrace {
  readonly traceId: bigint
  readonly start: bigint
  readonly end: bigint
  /** When the trace began: its start, or its arrival if the sender's clock is wrong. */
  readonly fresh: bigint
  /** The sequence number of its first span. */
  readonly seq: number
}

/** The order of answers: newest trace first, then the lowest id. */
type Cursor = Pick<MatchingTrace, 'fresh' | 'traceId'>

/** The fields of a trace in an answer from which the next page continues. */
export type TraceStart = Pick<MatchingTrace, 'start' | 'traceId'>

export interface TraceSearch {
  readonly query: CompiledQuery
  readonly window: TimeRangeNs | undefined
  /** A condition on `spans s` that selects whole traces, for callers that may not see all. */
  readonly restriction: string | undefined
  /** The last trace of the previous page; only later ones are returned. */
  readonly after: TraceStart | undefined
  /** Maximum number of traces. */
  readonly limit: number
}

type Page = Omit<TraceSearch, 'after'> & { readonly after: Cursor | undefined }

/** Approximate number of rows in the first part; the number of matches in it determines the next part's size. */
const firstRows = 50_000

const { span: s } = aliases

/** Returns the newest first. */
export async function newestTraces(store: Store, extent: Extent, search: TraceSearch): Promise<MatchingTrace[]> {
  if (search.query.readsTree) await store.finalizeTraces()
  const page = { ...search, after: search.after && (await cursorOf(store, search.after)) }
  if (search.query.matchesAll) return newestOfAll(store, page)
  const from = later(page.window?.fromNs ?? extent.first, extent.first)
  const until = earlier(page.window?.toNs ?? extent.last, page.after?.fresh ?? extent.last)
  const newest = earlier(until, extent.last)
  let size = extent.step
  for (;;) {
    const since = newest - size
    const begun = until < extent.last ? freshBetween(later(since, extent.first), until) : 'true'
    const found =
      since > from ? await startedSince(store, page, begun, since) : await overlapping(store, page, begun, extent.first)
    if (since <= from || found.length === page.limit) return found
    size =
      found.length === 0 ? newest - from + 1n : size * BigInt(Math.max(2, Math.ceil((2 * page.limit) / found.length)))
  }
}

/** For `{}`: reads the table of traces and no spans. */
async function newestOfAll(store: Store, { window, restriction, after, limit }: Page): Promise<MatchingTrace[]> {
  const conditions = [
    window ? overlaps(window) : 'true',
    after
      ? `(${s}.fresh_ns < ${after.fresh} OR (${s}.fresh_ns = ${after.fresh} AND ${s}.trace_id > ${after.traceId}::UHUGEINT))`
      : 'true',
    restriction ?? 'true',
  ]
  const found = await store.query(
    `SELECT ${ofTrace} FROM traces ${s} WHERE ${conditions.join(' AND ')} ORDER BY fresh DESC, ${s}.trace_id LIMIT ${limit}`,
  )
  return found.map(traceOf)
}

/** A condition on `traces s`. */
export const overlaps = ({ fromNs, toNs }: TimeRangeNs): string =>
  `${s}.first_ns <= ${toNs} AND ${s}.last_ns >= ${fromNs}`

/** The trace's current position; if the trace was deleted, its position in the previous answer. */
async function cursorOf(store: Store, { start, traceId }: TraceStart): Promise<Cursor> {
  const [row] = await store.query(`SELECT min(fresh_ns) AS fresh FROM trace_rows WHERE trace_id = ${traceId}::UHUGEINT`)
  return { fresh: (row?.fresh as bigint | null) ?? start, traceId }
}

/** The range of start times in the store, in nanoseconds since 1970. */
export interface Extent {
  readonly first: bigint
  readonly last: bigint
  /** The length of the most recent part that has about `firstRows` spans. */
  readonly step: bigint
  /** The number of stored spans when `step` was measured. */
  readonly measured: number
}

const extents = new WeakMap<Store, { readonly received: number; readonly extent: Promise<Extent | undefined> }>()

/** Cached until new spans arrive; may include spans deleted since. Undefined for an empty store. */
export function extentOf({ shared: store }: Store): Promise<Extent | undefined> {
  const { received } = store.vitals.counts
  const known = extents.get(store)
  if (known?.received === received) return known.extent
  const extent = readExtent(store, known?.extent)
  extents.set(store, { received, extent })
  extent.catch(() => extents.delete(store))
  return extent
}

async function readExtent(store: Store, before?: Promise<Extent | undefined>): Promise<Extent | undefined> {
  const [row] = await store.query(
    'SELECT min(fresh_ns) AS first, max(newest_ns) AS last, sum(spans) AS spans FROM trace_rows',
  )
  const spans = Number(row?.spans)
  if (spans === 0) return undefined
  const { first, last } = row as { first: bigint; last: bigint }
  if (spans <= firstRows) return { first, last, step: last - first + 1n, measured: spans }
  const known = await before?.catch(() => undefined)
  if (known && known.measured > firstRows && known.measured < spans * 1.25 && spans < known.measured * 1.25)
    return { first, last, step: known.step, measured: known.measured }
  // An average would not do: a single span of 1970 would stretch the step to decades.
  const share = 1 - firstRows / spans
  const [place] = await store.query(`SELECT approx_quantile(fresh_ns, ${share}) AS since FROM trace_rows`)
  return { first, last, step: last - (place?.since as bigint) + 1n, measured: spans }
}

/** Traces with a span in this range. Traces that are all newer have none, and may be most of the store. */
const freshBetween = (from: bigint, to: bigint): string =>
  `${s}.trace_id IN (SELECT f.trace_id FROM spans f WHERE ${freshSince('f', from)} AND ${fresh('f')} <= ${to})`

/** The two comparisons let DuckDB skip older row groups without reading them. A few older spans may pass. */
const freshSince = (alias: string, since: bigint): string =>
  `${alias}.start_ns >= ${since} AND ${alias}.received_ns >= ${since - aheadNs}`

/** Ignores traces that began earlier: some of their spans may lie outside of this part. */
function startedSince(store: Store, page: Page, begun: string, since: bigint): Promise<MatchingTrace[]> {
  return newestOf(store, page, `${freshSince(s, since)} AND ${begun}`, ({ fresh }) => fresh >= since)
}

function overlapping(store: Store, page: Page, begun: string, first: bigint): Promise<MatchingTrace[]> {
  const from = page.window?.fromNs
  const all = from === undefined || from <= first
  const restriction = all
    ? begun
    : `${s}.trace_id IN (SELECT trace_id FROM spans WHERE start_ns + duration_ns >= ${from}) AND ${begun}`
  return newestOf(store, page, restriction, () => true)
}

/**
 * A trace's first matching span never precedes the start of the trace. If traces are listed by that span, newest first, then those that
 * start after the last listed one are certainly the newest.
 */
async function newestOf(
  store: Store,
  page: Page,
  restriction: string,
  isWhole: (trace: MatchingTrace) => boolean,
): Promise<MatchingTrace[]> {
  const { window, after, limit } = page
  for (let most = Math.max(200, limit * 4); ; most *= 8) {
    const rows = await store.query(tracesSql(page, restriction, most))
    const sure = rows.length < most ? undefined : rows.map(row => row.matched as bigint).reduce(earlier)
    const newest = rows
      .map(traceOf)
      .filter(({ start, end }) => !window || (start <= window.toNs && end >= window.fromNs))
      .filter(trace => !after || inOrder(after, trace) < 0)
      .filter(trace => isWhole(trace) && (sure === undefined || trace.fresh >= sure))
      .sort(inOrder)
      .slice(0, limit)
    if (sure === undefined || newest.length === limit) return newest
  }
}

/** A row per trace, ordered by its first matching span. */
function tracesSql({ query, restriction: seen }: Page, restriction: string, most: number): string {
  const { statement, rows } = query.spans(seen ? `${restriction} AND ${seen}` : restriction)
  const matched = `${rows.select([`${s}.trace_id`, `min(${fresh(s)}) AS matched`])} GROUP BY ${s}.trace_id ORDER BY matched DESC LIMIT ${most}`
  const part = statement.add(matched)
  return statement.sql(
    `SELECT ${s}.trace_id, min(${s}.first_ns) AS start_ns, max(${s}.last_ns) AS end_ns, min(${s}.fresh_ns) AS fresh,
      min(${s}.first_seq)::DOUBLE AS seq, any_value(${part}.matched) AS matched
    FROM ${part} JOIN trace_rows ${s} ON ${s}.trace_id = ${part}.trace_id GROUP BY ${s}.trace_id`,
  )
}

/** Columns of `traces s`. A restriction that selects whole traces on `spans s` is valid for these as well. */
export const ofTrace = `${s}.trace_id, ${s}.first_ns AS start_ns, ${s}.last_ns AS end_ns, ${s}.fresh_ns AS fresh, ${s}.first_seq::DOUBLE AS seq`

export const traceOf = (row: Row): MatchingTrace => ({
  traceId: row.trace_id as bigint,
  start: row.start_ns as bigint,
  end: row.end_ns as bigint,
  fresh: row.fresh as bigint,
  seq: row.seq as number,
})

const inOrder = (a: Cursor, b: Cursor): number => compare(b.fresh, a.fresh) || compare(a.traceId, b.traceId)
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

export const earlier = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const later = (a: bigint, b: bigint): bigint => (a > b ? a : b)
