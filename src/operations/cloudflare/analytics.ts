// Queries the GraphQL Analytics API for a time range: at most ten zones or one account per query, and only the fields that the plan
// includes. Values are estimates if Cloudflare samples, and complete only after some minutes.

import { ATTR_AFN_CLOUDFLARE_ZONE_NAME } from '../../../semconv'
import { ApiError } from './api-error'
import type { Client } from './client'
import { type Dataset, datasets, isQuantile, type Measure } from './datasets'

export interface AnalyticsOptions {
  /** Zone names by id. */
  readonly zones: ReadonlyMap<string, string>
  readonly accountId: string
  /** The range in ms since 1970, in whole minutes; `to` is exclusive. */
  readonly from: number
  readonly to: number
  /** Whether each minute has its own values. Default: one value for the whole range. */
  readonly byMinute?: boolean
  /** The settings of the plan, cached between calls. Without it, each call queries them. */
  readonly known?: Map<string, Settings>
}

export interface Value {
  readonly metric: string
  readonly unit: string
  readonly value: number
  readonly attributes: Readonly<Record<string, string>>
  /** End of the value's minute, in ms since 1970; absent if the value covers the whole range. */
  readonly at?: number
}

export interface Analytics {
  readonly values: readonly Value[]
  /** By dataset, the largest sample interval: N means that one in N requests was counted. */
  readonly sampleIntervals: ReadonlyMap<string, number>
  /** What is missing and why, as sentences. */
  readonly missing: readonly string[]
}

/** Cloudflare's limit. */
const ZONES_A_QUERY = 10
/** Newer minutes are not complete; other exporters wait as long. */
const LAG_MS = 120_000
const MINUTE_MS = 60_000

/** @returns the newest complete minutes, in ms since 1970 */
export function completeMinutes(count: number, now: number): { readonly from: number; readonly to: number } {
  const to = Math.floor((now - LAG_MS) / MINUTE_MS) * MINUTE_MS
  return { from: to - count * MINUTE_MS, to }
}

/** What a plan includes of a dataset, for one zone or account. */
export interface Settings {
  readonly enabled: boolean
  readonly maxPageSize: number
  /** seconds */
  readonly maxDuration: number
  readonly availableFields?: readonly string[]
}

interface Row {
  readonly avg?: { readonly sampleInterval?: number }
  readonly dimensions?: Readonly<Record<string, unknown>>
}

type Scope = Readonly<Record<string, unknown>>

/** @throws ApiError if the token is invalid or the API does not answer; `missing` names what a plan or a token lacks */
export async function readAnalytics(client: Client, options: AnalyticsOptions): Promise<Analytics> {
  const values: Value[] = []
  const sampleIntervals = new Map<string, number>()
  const missing = new Set<string>()
  const miss = (dataset: Dataset, ids: readonly string[], why: string) =>
    missing.add(`${dataset.node}: ${why}${ofZones(dataset, ids, options)}`)
  /** @returns undefined if the API refuses, which is then added to `missing` */
  async function tried<T>(dataset: Dataset, ids: readonly string[], ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      const why = error instanceof ApiError ? reasonText(error, dataset) : undefined
      if (why === undefined) throw error
      miss(dataset, ids, why)
      return undefined
    }
  }

  const { known = new Map<string, Settings>() } = options
  for (const dataset of datasets) {
    for (const ids of chunksOf(idsOf(dataset, options)))
      await tried(dataset, ids, () => askSettings(client, dataset, ids, known))
    for (const { ids, settings } of alike(dataset, idsOf(dataset, options), known)) {
      if (!settings.enabled) {
        miss(dataset, ids, 'the plan does not have it')
        continue
      }
      const measures = dataset.measures.filter(({ field }) => isAvailable(field, settings))
      if (measures.length === 0) {
        miss(dataset, ids, `the plan has none of ${dataset.measures.map(({ field }) => field).join(', ')}`)
        continue
      }
      for (const some of chunksOf(ids)) {
        const found = await tried(dataset, some, () => rowsOf(client, { ...dataset, measures }, some, settings, options)) // biome-ignore format: one line
        if (found?.isCut)
          miss(dataset, some, `a minute has more than ${settings.maxPageSize} rows; the rest is left out`)
        for (const one of found?.rows ?? []) {
          const interval = one.row.avg?.sampleInterval ?? 1
          sampleIntervals.set(dataset.node, Math.max(interval, sampleIntervals.get(dataset.node) ?? 1))
          const name = one.zoneId && (options.zones.get(one.zoneId) ?? one.zoneId)
          for (const measure of measures) values.push(...measured(dataset, measure, one, name))
        }
      }
    }
  }
  return { values: summed(values), sampleIntervals, missing: [...missing] }
}

/** Maximum number of zone names in a message. */
const MOST_NAMES = 5

/** Names the affected zones, unless all are. */
function ofZones({ of }: Dataset, ids: readonly string[], { zones }: AnalyticsOptions): string {
  if (of === 'account' || ids.length === zones.size) return ''
  const names = ids.slice(0, MOST_NAMES).map(id => zones.get(id))
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : ''
  return ` (${names.join(', ')}${more})`
}

function reasonText({ reason, errors }: ApiError, { of }: Dataset): string | undefined {
  if (reason === 'scope')
    return `the token lacks ${of === 'zone' ? 'Zone > Analytics > Read' : 'Account > Account Analytics > Read'}`
  if (reason === 'plan') return 'the plan does not have it'
  return reason === 'refused' ? errors.map(({ message }) => message).join('; ') : undefined
}

const idsOf = ({ of }: Dataset, { zones, accountId }: AnalyticsOptions): string[] =>
  of === 'account' ? [accountId] : [...zones.keys()]

const chunksOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / ZONES_A_QUERY) }, (_, n) =>
    ids.slice(n * ZONES_A_QUERY, (n + 1) * ZONES_A_QUERY),
  )

/**
 * Values are inlined in the query, because Cloudflare does not document the types of variables. All values are our own, so nothing needs
 * escaping.
 */
const scopeText = ({ of }: Dataset, ids: readonly string[], inside: string): string =>
  of === 'zone'
    ? `{viewer{zones(filter:{zoneTag_in:${JSON.stringify(ids)}}){zoneTag ${inside}}}}`
    : `{viewer{accounts(filter:{accountTag:${JSON.stringify(ids[0])}}){${inside}}}}`

async function scopesOf(client: Client, dataset: Dataset, ids: readonly string[], inside: string): Promise<Scope[]> {
  const { viewer } = await client.graphql<{ viewer: { zones?: Scope[]; accounts?: Scope[] } }>(
    scopeText(dataset, ids, inside),
  )
  return viewer.zones ?? viewer.accounts ?? []
}

const keyOf = ({ node }: Dataset, id: string): string => `${node} ${id}`

/** Stores the settings of each zone or account. */
async function askSettings(client: Client, dataset: Dataset, ids: readonly string[], known: Map<string, Settings>) {
  if (ids.every(id => known.has(keyOf(dataset, id)))) return
  const inside = `settings{${dataset.node}{enabled maxPageSize maxDuration availableFields}}`
  for (const [n, { zoneTag, settings }] of (await scopesOf(client, dataset, ids, inside)).entries()) {
    const own = ((settings ?? {}) as Record<string, Partial<Settings> | null>)[dataset.node] ?? {}
    known.set(keyOf(dataset, String(zoneTag ?? ids[n])), {
      enabled: own.enabled === true,
      maxPageSize: sane(own.maxPageSize, 1_000),
      maxDuration: sane(own.maxDuration, 86_400),
      ...(own.availableFields && { availableFields: own.availableFields }),
    })
  }
}

const sane = (value: number | undefined, otherwise: number) => (value !== undefined && value > 0 ? value : otherwise)

/** Groups zones with equal settings. A query for a field that one of its zones lacks would be refused for all of them. */
function alike(dataset: Dataset, ids: readonly string[], known: ReadonlyMap<string, Settings>) {
  const found = new Map<string, { readonly ids: string[]; readonly settings: Settings }>()
  for (const id of ids) {
    const settings = known.get(keyOf(dataset, id))
    if (settings === undefined) continue
    const key = JSON.stringify(settings)
    const group = found.get(key) ?? { ids: [], settings }
    group.ids.push(id)
    found.set(key, group)
  }
  return found.values()
}

/** The list writes `sum_visits` for `sum.visits`. */
const isAvailable = (field: string, { availableFields }: Settings): boolean =>
  field === 'count' || availableFields === undefined || availableFields.includes(field.replace('.', '_'))

interface LocatedRow {
  readonly zoneId: string | undefined
  readonly row: Row
  /** The same as in `Value`. */
  readonly at?: number
}

type Stretch = Pick<AnalyticsOptions, 'from' | 'to' | 'byMinute'>

const MINUTE = 'datetimeMinute'

/**
 * A full page may be incomplete, so its time range is split in two and queried again. A range of several minutes is also split if the
 * dataset has no minute field.
 */
async function rowsOf(
  client: Client,
  dataset: Dataset,
  ids: readonly string[],
  settings: Settings,
  stretch: Stretch,
): Promise<{ rows: LocatedRow[]; isCut: boolean }> {
  const { from, to, byMinute } = stretch
  const most = settings.maxPageSize
  const minutes = (to - from) / MINUTE_MS
  const hasMinutes = isAvailable(`dimensions.${MINUTE}`, settings)
  if (to - from <= settings.maxDuration * 1_000 && (!byMinute || hasMinutes || minutes <= 1)) {
    const only = dataset.filter === undefined ? '' : `,${dataset.filter}`
    const limits = `limit:${most},filter:{datetime_geq:"${timeText(from)}",datetime_lt:"${timeText(to)}"${only}}`
    const fields = fieldsOf(dataset, settings, byMinute ? [MINUTE] : [])
    const scopes = await scopesOf(client, dataset, ids, `rows:${dataset.node}(${limits}){${fields}}`)
    const pages = scopes.map(({ rows, zoneTag }) => ({ zoneId: zoneTag as string | undefined, rows: (rows ?? []) as Row[] })) // biome-ignore format: one line
    const isFull = pages.some(({ rows }) => rows.length >= most)
    if (!isFull || minutes <= 1) {
      const rows = pages.flatMap(({ zoneId, rows }) =>
        rows.map(row => ({ zoneId, row, ...(byMinute && { at: endOf(row, from) }) })),
      )
      return { rows, isCut: isFull }
    }
  }
  const middle = from + Math.ceil(minutes / 2) * MINUTE_MS
  const first = await rowsOf(client, dataset, ids, settings, { ...stretch, to: middle })
  const second = await rowsOf(client, dataset, ids, settings, { ...stretch, from: middle })
  return { rows: [...first.rows, ...second.rows], isCut: first.isCut || second.isCut }
}

function endOf({ dimensions }: Row, from: number): number {
  const start = Date.parse(String(dimensions?.[MINUTE]))
  return (Number.isNaN(start) ? from : start) + MINUTE_MS
}

const timeText = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

function fieldsOf({ measures, dimensions }: Dataset, settings: Settings, more: readonly string[]): string {
  const grouped = new Map<string, string[]>()
  const fields = [
    ...measures.map(({ field }) => field),
    ...[...Object.keys(dimensions), ...more].map(name => `dimensions.${name}`),
    'avg.sampleInterval',
  ].filter(field => isAvailable(field, settings))
  for (const field of fields) {
    const [group, name] = field.split('.') as [string, string | undefined]
    grouped.set(group, [...(grouped.get(group) ?? []), ...(name === undefined ? [] : [name])])
  }
  return [...grouped].map(([group, names]) => (names.length > 0 ? `${group}{${names.join(' ')}}` : group)).join(' ')
}

function measured(
  { dimensions }: Dataset,
  { metric, unit, field, divisor = 1, attributes }: Measure,
  { row, at }: LocatedRow,
  zone: string | undefined,
): Value[] {
  const value = field.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], row)
  if (typeof value !== 'number') return []
  const seen = Object.entries(dimensions).flatMap(([name, attribute]) => {
    const text = row.dimensions?.[name]
    return text === undefined || text === null || text === '' ? [] : [[attribute, String(text)]]
  })
  const of = { ...(zone && { [ATTR_AFN_CLOUDFLARE_ZONE_NAME]: zone }), ...Object.fromEntries(seen), ...attributes }
  return [{ metric, unit, value: value / divisor, attributes: of, ...(at !== undefined && { at }) }]
}

/** Sums the values of a series over several queries. Quantiles can't be added, so the maximum is kept. */
function summed(values: readonly Value[]): Value[] {
  const found = new Map<string, Value>()
  for (const one of values) {
    const key = JSON.stringify([one.metric, one.at, Object.entries(one.attributes)])
    const before = found.get(key)?.value
    const value =
      before === undefined ? one.value : isQuantile(one.attributes) ? Math.max(before, one.value) : before + one.value
    found.set(key, { ...one, value })
  }
  return [...found.values()]
}
