// Asks the GraphQL Analytics API for one stretch of time: at most ten zones or one account a query, and of each dataset only what the plan has.
// The numbers are estimates where Cloudflare samples, and complete some minutes late; both is said beside them.
import { ApiError } from './api-error'
import type { Client } from './client'
import { type Dataset, datasets, type Measure } from './datasets'

export interface AnalyticsOptions {
  readonly zoneIds: readonly string[]
  readonly accountId: string
  /** ms since 1970, of whole minutes; `to` is no more part of it. */
  readonly from: number
  readonly to: number
}

export interface Value {
  readonly metric: string
  readonly unit: string
  readonly value: number
  readonly attributes: Readonly<Record<string, string>>
}

export interface Analytics {
  readonly values: readonly Value[]
  /** By dataset, one in how many requests was counted, where Cloudflare has sampled most. */
  readonly sampleIntervals: ReadonlyMap<string, number>
  /** What is missing, and why, in sentences. */
  readonly missing: readonly string[]
}

/** Cloudflare's. */
const ZONES_A_QUERY = 10
/** The newest minutes are not complete; exporters of others wait as long. */
const LAG_MS = 120_000
const MINUTE_MS = 60_000

/** @returns the newest whole minutes that are complete, in ms since 1970 */
export function completeMinutes(count: number, now: number): { readonly from: number; readonly to: number } {
  const to = Math.floor((now - LAG_MS) / MINUTE_MS) * MINUTE_MS
  return { from: to - count * MINUTE_MS, to }
}

interface Settings {
  readonly enabled?: boolean
  readonly maxPageSize?: number
  /** s */
  readonly maxDuration?: number
  readonly availableFields?: readonly string[]
}

interface Row {
  readonly avg?: { readonly sampleInterval?: number }
  readonly dimensions?: Readonly<Record<string, unknown>>
}

type Scope = Readonly<Record<string, unknown>>

/** @throws ApiError where the token is none, or nobody answers; what a plan or a token lacks is said in `missing` */
export async function readAnalytics(client: Client, options: AnalyticsOptions): Promise<Analytics> {
  const values: Value[] = []
  const sampleIntervals = new Map<string, number>()
  const missing = new Set<string>()
  for (const dataset of datasets)
    for (const ids of idsOf(dataset, options)) {
      try {
        const settings = await settingsOf(client, dataset, ids)
        if (!settings.enabled) {
          missing.add(`${dataset.node}: the plan does not have it`)
          continue
        }
        const measures = dataset.measures.filter(({ field }) => isAvailable(field, settings))
        if (measures.length === 0) {
          missing.add(`${dataset.node}: the plan has none of ${dataset.measures.map(({ field }) => field).join(', ')}`)
          continue
        }
        const found = await rowsOf(client, { ...dataset, measures }, ids, settings, options)
        if (found.isCut)
          missing.add(`${dataset.node}: a minute has more than ${settings.maxPageSize} rows; the rest is left out`)
        for (const [zone, row] of found.rows) {
          const interval = row.avg?.sampleInterval ?? 1
          sampleIntervals.set(dataset.node, Math.max(interval, sampleIntervals.get(dataset.node) ?? 1))
          for (const measure of measures) values.push(...measured(dataset, measure, row, zone))
        }
      } catch (error) {
        const why = error instanceof ApiError ? reasonText(error, dataset) : undefined
        if (why === undefined) throw error
        missing.add(`${dataset.node}: ${why}`)
      }
    }
  return { values: summed(values), sampleIntervals, missing: [...missing] }
}

function reasonText({ reason, errors }: ApiError, { of }: Dataset): string | undefined {
  if (reason === 'scope')
    return `the token lacks ${of === 'zone' ? 'Zone > Analytics > Read' : 'Account > Account Analytics > Read'}`
  if (reason === 'plan') return 'the plan does not have it'
  return reason === 'refused' ? errors.map(({ message }) => message).join('; ') : undefined
}

function idsOf({ of }: Dataset, { zoneIds, accountId }: AnalyticsOptions): string[][] {
  if (of === 'account') return [[accountId]]
  return Array.from({ length: Math.ceil(zoneIds.length / ZONES_A_QUERY) }, (_, n) =>
    zoneIds.slice(n * ZONES_A_QUERY, (n + 1) * ZONES_A_QUERY),
  )
}

/** Values stand in the query: what type Cloudflare gives a variable is nowhere written. All of them are ours. */
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

/** What all of them have. */
async function settingsOf(client: Client, dataset: Dataset, ids: readonly string[]): Promise<Settings> {
  const inside = `settings{${dataset.node}{enabled maxPageSize maxDuration availableFields}}`
  const all = (await scopesOf(client, dataset, ids, inside)).map(
    ({ settings }) => ((settings ?? {}) as Record<string, Settings | null>)[dataset.node] ?? {},
  )
  const least = (of: (settings: Settings) => number | undefined) => Math.min(...all.flatMap(one => of(one) ?? []))
  const lists = all.flatMap(({ availableFields }) => (availableFields ? [availableFields] : []))
  return {
    enabled: all.length > 0 && all.every(({ enabled }) => enabled),
    maxPageSize: finite(
      least(({ maxPageSize }) => maxPageSize),
      1_000,
    ),
    maxDuration: finite(
      least(({ maxDuration }) => maxDuration),
      86_400,
    ),
    ...(lists.length > 0 && { availableFields: lists[0]!.filter(field => lists.every(list => list.includes(field))) }),
  }
}

const finite = (value: number, otherwise: number) => (Number.isFinite(value) && value > 0 ? value : otherwise)

/** The list has `sum_visits` for `sum.visits`. */
const isAvailable = (field: string, { availableFields }: Settings): boolean =>
  field === 'count' || availableFields === undefined || availableFields.includes(field.replace('.', '_'))

/** A page that is full may lack rows, so its time is asked for in halves. */
async function rowsOf(
  client: Client,
  dataset: Dataset,
  ids: readonly string[],
  settings: Settings,
  { from, to }: Pick<AnalyticsOptions, 'from' | 'to'>,
): Promise<{ rows: [zone: string | undefined, row: Row][]; isCut: boolean }> {
  const most = settings.maxPageSize!
  const minutes = (to - from) / MINUTE_MS
  if (to - from <= settings.maxDuration! * 1_000) {
    const limits = `limit:${most},filter:{datetime_geq:"${timeText(from)}",datetime_lt:"${timeText(to)}"}`
    const scopes = await scopesOf(
      client,
      dataset,
      ids,
      `rows:${dataset.node}(${limits}){${fieldsOf(dataset, settings)}}`,
    )
    const pages = scopes.map(({ rows, zoneTag }) => [zoneTag as string | undefined, (rows ?? []) as Row[]] as const)
    const isFull = pages.some(([, rows]) => rows.length >= most)
    if (!isFull || minutes <= 1)
      return { rows: pages.flatMap(([zone, rows]) => rows.map(row => [zone, row] as [string | undefined, Row])), isCut: isFull } // biome-ignore format: one line
  }
  const middle = from + Math.ceil(minutes / 2) * MINUTE_MS
  const first = await rowsOf(client, dataset, ids, settings, { from, to: middle })
  const second = await rowsOf(client, dataset, ids, settings, { from: middle, to })
  return { rows: [...first.rows, ...second.rows], isCut: first.isCut || second.isCut }
}

const timeText = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

function fieldsOf({ measures, dimensions }: Dataset, settings: Settings): string {
  const grouped = new Map<string, string[]>()
  const fields = [
    ...measures.map(({ field }) => field),
    ...Object.keys(dimensions).map(name => `dimensions.${name}`),
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
  row: Row,
  zone: string | undefined,
): Value[] {
  const value = field.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], row)
  if (typeof value !== 'number') return []
  const seen = Object.entries(dimensions).flatMap(([name, attribute]) => {
    const text = row.dimensions?.[name]
    return text === undefined || text === null || text === '' ? [] : [[attribute, String(text)]]
  })
  const of = { ...(zone && { 'cloudflare.zone.id': zone }), ...Object.fromEntries(seen), ...attributes }
  return [{ metric, unit, value: value / divisor, attributes: of }]
}

/** Halves of a stretch are one again. Of quantiles the greatest stands for all: they cannot be added. */
function summed(values: readonly Value[]): Value[] {
  const found = new Map<string, Value>()
  for (const one of values) {
    const key = JSON.stringify([one.metric, Object.entries(one.attributes)])
    const before = found.get(key)?.value
    const isQuantile = one.attributes.quantile !== undefined
    const value = before === undefined ? one.value : isQuantile ? Math.max(before, one.value) : before + one.value
    found.set(key, { ...one, value })
  }
  return [...found.values()]
}
