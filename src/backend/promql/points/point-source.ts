/** Provides the store's metric points as Prometheus series. */

import { Stretch } from '../../event-loop-turns'
import { text } from '../../store/columns'
import { attributeMaps } from '../../store/schema'
import type { Row, Store } from '../../store/store'
import type { Matcher } from '../ast'
import { type Label, Labels, METRIC } from '../labels'
import type { Notes } from '../notes'
import { formatNumber } from '../numbers'
import { accepted, type Expressions } from '../patterns'
import type { Samples, StoredSeries } from '../series'
import type { SelectContext } from '../source'
import { SampleColumn, united } from './column'
import { type Families, type Family, isDelta, type SeriesKind } from './families'
import { pointLabels, resourcesOf } from './labels-of'
import { samplesOf } from './samples-of'
import type { SeriesSource } from './sources'
import { dayOf, nanos, sinceWhen } from './times'

/** Milliseconds between samples of `target_info` within one request. */
const INFO_STEP = 150_000
const INFO = 'target_info'

const maps = Object.values(attributeMaps)
const attributesHash = `hash(${maps.map(map => `p.${map}`).join(', ')})`

/** Lists the points of a group in the order of storage: sorting in DuckDB would double the time of the query. */
const listed = (expression: string, name: string) => `list(${expression}) AS ${name}`

const count = listed('p.count::DOUBLE', 'points_count')
const sum = listed('p.sum', 'points_sum')

/** Reads only the columns that the parts need: buckets are most of a histogram's size. */
function columnsOf({ kind }: Family, parts: ReadonlySet<SeriesKind>): readonly string[] {
  if (kind === 'summary') return [count, sum, listed('p.point', 'points_point')]
  if (kind !== 'histogram') return [listed('p.value', 'points_value')]
  return [
    ...(parts.has('count') || parts.has('bucket') ? [count] : []),
    ...(parts.has('sum') ? [sum] : []),
    ...(parts.has('bucket')
      ? [
          'p.bounds',
          'len(p.bucket_counts)::DOUBLE AS buckets',
          'flatten(list(p.bucket_counts::DOUBLE[])) AS points_buckets',
        ]
      : []),
  ]
}

/** The columns by which points are grouped. */
const groupOf = (parts: Iterable<SeriesKind>): string =>
  [
    'p.resource',
    'p.scope',
    attributesHash,
    ...([...parts].includes('bucket') ? ['p.bounds', 'len(p.bucket_counts)'] : []),
  ].join(', ')

export interface SelectedFamily {
  readonly family: Family
  readonly parts: ReadonlyMap<string, SeriesKind>
}

const attributes = maps.map(map => `any_value(p.${map}) AS ${map}`).join(', ')

const isOfName = ({ label }: Matcher): boolean => label === METRIC

const whereOf = ({ name, unit, kind, monotonic, temporality }: Family): string =>
  `p.name = ${text(name)} AND p.unit = ${text(unit)} AND p.kind = ${text(kind)} AND p.monotonic = ${monotonic} AND p.temporality = ${temporality}`

const resolution = `CASE p.resolution WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 0 END`

/**
 * Points of a family that may produce samples after `from` up to `to`. The first later point of each process that began in this range is
 * included, because it shows that its counters began at 0.
 */
function within(family: Family, from: number, to: number): string {
  const [first, medium, low] = [0, 1, 2].map(number => nanos(sinceWhen(from, number)) + 1_000_000n)
  const last = nanos(to) + 999_999n
  const since = `CASE p.resolution WHEN 'medium' THEN ${medium} WHEN 'low' THEN ${low} ELSE ${first} END`
  const of = whereOf(family)
  const begun = `SELECT arg_min(p.seq, p.time_ns) FROM metric_points p
    WHERE ${of} AND p.time_ns > ${last} AND p.start_ns BETWEEN ${since} AND ${last}
    GROUP BY p.resource, p.scope, ${attributesHash}, p.start_ns`
  return `${of} AND p.time_ns >= ${low} AND (p.time_ns BETWEEN ${since} AND ${last} OR p.seq IN (${begun}))`
}

/** The times of points of a resource that arrived together. */
interface Info {
  readonly resource: number
  readonly first: number
  readonly last: number
  readonly resolution: number
}

export class PointSource implements SeriesSource {
  readonly #store: Pick<Store, 'query'>
  readonly #families: Pick<Families, 'all'>
  readonly #expressions: Expressions
  #points = 0

  /** @param families of the same store, shared by all requests */
  constructor(store: Pick<Store, 'query'>, families: Pick<Families, 'all'>, expressions: Expressions) {
    this.#store = store
    this.#families = families
    this.#expressions = expressions
  }

  async select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    { samples, notes }: SelectContext,
  ): Promise<StoredSeries[]> {
    const ofName = matchers.filter(isOfName)
    const { wanted, missing } = await this.#wanted(ofName)
    if (ofName.length > 0) await this.#warnOf(missing, from, to, notes)
    const found: StoredSeries[] = []
    for (const each of wanted) found.push(...(await this.#read(each, matchers, from, to, samples)))
    if ((await this.#isAccepted(ofName, [INFO]))[0]) found.push(...(await this.#infos(from, to)))
    const kept = await this.#filtered(found, matchers)
    const groups = new Map<string, StoredSeries[]>()
    for (const one of kept) {
      const same = groups.get(one.labels.key)
      if (same) same.push(one)
      else groups.set(one.labels.key, [one])
    }
    return Array.from(groups.values(), united)
  }

  /** The distinct labels of series with samples in this range. */
  async labels(matchers: readonly Matcher[], from: number, to: number): Promise<Labels[]> {
    const found: StoredSeries[] = []
    const { wanted } = await this.#wanted(matchers.filter(isOfName))
    for (const { family, parts } of wanted) {
      const buckets = [...parts.values()].includes('bucket') ? 'p.bounds, len(p.bucket_counts)::DOUBLE AS buckets,' : ''
      const rows = await this.#store.query(
        `SELECT p.resource, ${attributes}, ${buckets} [0::DOUBLE] AS times, [0::DOUBLE] AS starts, [0::DOUBLE] AS marks,
          [0::DOUBLE] AS points_sum, [any_value(p.point)] AS points_point
        FROM metric_points p WHERE ${within(family, from, to)} GROUP BY ${groupOf(parts.values())}`,
      )
      found.push(...(await this.#seriesOf(rows, { family, parts }, matchers, Number.NEGATIVE_INFINITY, 0)))
    }
    if ((await this.#isAccepted(matchers.filter(isOfName), [INFO]))[0]) found.push(...(await this.#infos(from, to)))
    const kept = await this.#filtered(found, matchers)
    return [...new Map(kept.map(({ labels }) => [labels.key, labels])).values()]
  }

  /** The selected metrics, and those of which no series can be derived. */
  async #wanted(ofName: readonly Matcher[]): Promise<{ wanted: SelectedFamily[]; missing: SelectedFamily[] }> {
    const { families, points } = await this.#families.all()
    this.#points = points
    const names = [...new Set(families.flatMap(({ parts }) => [...parts.keys()]))]
    const isWanted = await this.#isAccepted(ofName, names)
    const kept = new Set(names.filter((_, at) => isWanted[at]))
    const selected = families.flatMap(family => {
      const parts = new Map([...family.parts].filter(([name]) => kept.has(name)))
      return parts.size > 0 ? [{ family, parts }] : []
    })
    const isMissing = ({ parts }: SelectedFamily) => [...parts.values()].includes('missing')
    return { wanted: selected.filter(one => !isMissing(one)), missing: selected.filter(isMissing) }
  }

  /** Otherwise an empty result would look as if nothing had arrived. */
  async #warnOf(missing: readonly SelectedFamily[], from: number, to: number, notes: Notes): Promise<void> {
    for (const { family } of missing) {
      const points = await this.#store.query(`SELECT 1 FROM metric_points p WHERE ${within(family, from, to)} LIMIT 1`)
      if (points.length === 0) continue
      notes.warn(
        `metric ${JSON.stringify(family.name)} has exponential histograms, which afn-otel up does not turn into series; Prometheus (up --prometheus) has them as native histograms`,
      )
    }
  }

  async #isAccepted(matchers: readonly Matcher[], values: readonly string[]): Promise<boolean[]> {
    const all = await Promise.all(matchers.map(matcher => accepted(matcher, values, this.#expressions)))
    return values.map((_, at) => all.every(each => each[at]))
  }

  async #filtered(series: readonly StoredSeries[], matchers: readonly Matcher[]): Promise<readonly StoredSeries[]> {
    let kept = series
    for (const matcher of matchers) {
      const values = [...new Set(kept.map(({ labels }) => labels.get(matcher.label)))]
      const isWanted = await accepted(matcher, values, this.#expressions)
      const wanted = new Set(values.filter((_, at) => isWanted[at]))
      kept = kept.filter(({ labels }) => wanted.has(labels.get(matcher.label)))
    }
    return kept
  }

  async #read(
    { family, parts }: SelectedFamily,
    matchers: readonly Matcher[],
    from: number,
    to: number,
    samples: Samples,
  ): Promise<StoredSeries[]> {
    // the sum includes earlier deltas of the day
    const where = isDelta(family)
      ? `${whereOf(family)} AND p.time_ns BETWEEN ${nanos(dayOf(sinceWhen(from, 2)))} AND ${nanos(to) + 999_999n}`
      : within(family, from, to)
    await this.#checkRoom(where, samples)
    const rows = await this.#store.query(
      `SELECT p.resource, ${attributes}, min(p.seq) AS first,
        ${listed('(p.time_ns // 1000000)::DOUBLE', 'times')}, ${listed('(p.start_ns // 1000000)::DOUBLE', 'starts')},
        ${listed(`((p.flags & 1) + 2 * ${resolution})::DOUBLE`, 'marks')}, ${columnsOf(family, new Set(parts.values())).join(', ')}
      FROM metric_points p WHERE ${where} GROUP BY ${groupOf(parts.values())} ORDER BY first`,
    )
    const stored = await this.#seriesOf(rows, { family, parts }, matchers, from, to)
    for (const { times } of stored) samples.take(times.length)
    return stored
  }

  /** @throws PromqlError before reading more than a query may hold */
  async #checkRoom(where: string, samples: Samples): Promise<void> {
    if (this.#points <= samples.left) return
    const [count] = await this.#store.query(`SELECT count(*)::DOUBLE AS points FROM metric_points p WHERE ${where}`)
    const points = count!.points as number
    if (points > samples.left) samples.take(points)
  }

  async #seriesOf(
    rows: readonly Row[],
    { family, parts }: SelectedFamily,
    matchers: readonly Matcher[],
    from: number,
    to: number,
  ): Promise<StoredSeries[]> {
    const edges = new Set(rows.flatMap(({ bounds }) => ((bounds ?? []) as number[]).map(formatNumber)))
    const all = [...edges, '+Inf']
    const isWanted = await this.#isAccepted(
      matchers.filter(({ label }) => label === 'le'),
      all,
    )
    const wanted = new Set(all.filter((_, at) => isWanted[at]))
    const resources = await resourcesOf(this.#store, rows)
    const found: StoredSeries[] = []
    const stretch = new Stretch()
    for (const row of rows) {
      const labels = pointLabels(row, resources.get(row.resource as number)!)
      for (const series of samplesOf(row, family, labels, parts, [from, to], le => wanted.has(le))) {
        found.push(series)
        if (stretch.isOver) await stretch.rest()
      }
    }
    return found
  }

  /** `target_info`, with one sample per request. */
  async #infos(from: number, to: number): Promise<StoredSeries[]> {
    const rows = await this.#store.query(
      `SELECT p.resource, (min(p.time_ns) // 1000000)::DOUBLE AS first, (max(p.time_ns) // 1000000)::DOUBLE AS last,
        min(${resolution}) AS resolution
      FROM metric_points p WHERE p.time_ns BETWEEN ${nanos(sinceWhen(from, 2))} AND ${nanos(to) + 999_999n}
      GROUP BY p.resource, p.received_ns ORDER BY first`,
    )
    const resources = await resourcesOf(this.#store, rows)
    const columns = new Map<number, SampleColumn>()
    for (const { resource, first, last, resolution } of rows as unknown as Info[]) {
      const column = columns.get(resource) ?? new SampleColumn()
      columns.set(resource, column)
      for (let time = first; time < last; time += INFO_STEP) column.add(time, 1, { resolution })
      column.add(last, 1, { resolution })
    }
    return [...columns].flatMap(([id, column]) => {
      const { info, target } = resources.get(id)!
      if (info.length === 0) return []
      const labels: Label[] = [...info, ...target, [METRIC, INFO]]
      return column.stored(Labels.of(labels), from, to) ?? []
    })
  }
}
