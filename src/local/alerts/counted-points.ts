// What the counters in the store counted, and what its gauges say, a little more each time it is read: no window is ever read twice.
import { createHash } from 'node:crypto'
import { promoted } from '../../config/promoted'
import { type Kind, labelName, metricName } from '../../otlp/prometheus-names'
import { estimatedMetrics, estimateOf } from '../../slo/estimated-edge'
import { text } from '../store/columns'
import { attributeMaps } from '../store/schema'
import type { Row, Store } from '../store/store'
import { Stretch } from '../stretch'

/** A counter or histogram of one resource, with one set of attributes. Whoever keeps it keeps all of its labels. */
export interface Series {
  /** By OpenTelemetry's name. */
  readonly metric: string
  /** As Prometheus calls it, without the suffix of a histogram's series; undefined: it has no name there. */
  readonly name: string | undefined
  /** A label by Prometheus' name: of the point, else of the resource where the pipeline makes a label of it, else ''. */
  label(name: string): string
}

/** What a series counted between two of its points. */
export interface Increase {
  /** When it began, in milliseconds since 1970. */
  readonly from: number
  /** The time of the later point. */
  readonly to: number
  readonly count: number
  /** The number of the later point; of a gauge it is all there is. */
  readonly value: number
  /** Observations up to each of the thresholds; undefined where the histogram has no edge there. */
  readonly below: readonly (number | undefined)[]
}

/** Takes what a series counts; undefined: nobody wants to know. */
export type Listener = ((increase: Increase) => void) | undefined

export interface CountedPointsOptions {
  readonly store: Store
  /** By OpenTelemetry's names. */
  readonly metrics: readonly string[]
  /** Of histograms, in the units of their metrics. */
  readonly thresholds: readonly number[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How far back points count, in milliseconds. */
  readonly window: number
  /** Called once for each series. */
  readonly listenerOf: (series: Series) => Listener
}

/** Points that one question looks at, so that none takes long: their numbers lie in order in the file, and what lies elsewhere is not read. */
const PAGE = 10_000n
/** Milliseconds after which a series that has no new points is forgotten. */
const FORGOTTEN = 86_400_000
/** Series that are known at once, 200 bytes each: who sends more has an attribute that names each request. */
const MOST_SERIES = 100_000
const CUMULATIVE = 2
/** DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK */
const NO_VALUE = 1

interface Known {
  readonly listener: Listener
  start: bigint
  time: bigint
  count: number
  below: readonly (number | undefined)[]
  readAt: number
}

export class CountedPoints {
  readonly #options: CountedPointsOptions
  readonly #sql: string
  readonly #series = new Map<string, Known>()
  readonly #owners = { resources: new Map<number, Owner>(), scopes: new Map<number, Owner>() }
  /** Of the last point that was looked at. */
  #seq = -1n
  #isFull = false

  constructor(options: CountedPointsOptions) {
    this.#options = options
    this.#sql = pageSql(options)
  }

  /** There were more series than can be known: those that came last are not counted. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Looks at what came since the last call. Other work has its turn in between. */
  async read(): Promise<void> {
    if (this.#options.metrics.length === 0) return
    const [newest] = await this.#options.store.query(
      'SELECT min(seq) AS first, max(seq) AS last FROM metric_points WHERE seq > $1',
      [this.#seq],
    )
    const { first, last } = newest as { first: bigint | null; last: bigint | null }
    if (first === null || last === null) return
    const stretch = new Stretch()
    for (let from = first; from <= last; from += PAGE) {
      const to = from + PAGE - 1n
      const rows = await this.#page(from, to < last ? to : last)
      await this.#learn(rows)
      for (const row of rows) {
        const known = this.#series.get(this.#keyOf(row))
        const increase = known?.listener && this.#increaseOf(row, known)
        if (increase) known!.listener!(increase)
        if (stretch.isOver) await stretch.rest()
      }
      this.#seq = to < last ? to : last
    }
    const { now } = this.#options
    for (const [key, { readAt }] of this.#series) if (readAt < now() - FORGOTTEN) this.#series.delete(key)
  }

  #page(from: bigint, to: bigint): Promise<Row[]> {
    const { store, now, window } = this.#options
    const oldest = BigInt(Math.floor(now() - window)) * 1_000_000n
    return store.query(this.#sql, [from, to, oldest])
  }

  /** Resources, scopes and attributes that were not seen before. */
  async #learn(rows: readonly Row[]): Promise<void> {
    await this.#learnOwners('resources', rows)
    await this.#learnOwners('scopes', rows)
    const unknown = new Map<string, bigint>()
    for (const row of rows) {
      const key = this.#keyOf(row)
      if (this.#series.has(key) || unknown.has(key)) continue
      this.#isFull = this.#series.size + unknown.size >= MOST_SERIES
      if (!this.#isFull) unknown.set(key, row.seq as bigint)
    }
    if (unknown.size === 0) return
    const found = await this.#options.store.query(
      `SELECT seq, resource, name, unit, kind, monotonic, ${maps} FROM metric_points WHERE seq IN (${[...unknown.values()].join(', ')})`,
    )
    const bySeq = new Map(found.map(row => [row.seq as bigint, row]))
    for (const [key, seq] of unknown) {
      const row = bySeq.get(seq)
      if (!row) continue
      const series = seriesOf(row, this.#owners.resources.get(row.resource as number)!)
      const { listenerOf, now } = this.#options
      this.#series.set(key, { listener: listenerOf(series), start: 0n, time: 0n, count: 0, below: [], readAt: now() })
    }
  }

  async #learnOwners(table: 'resources' | 'scopes', rows: readonly Row[]): Promise<void> {
    const known = this.#owners[table]
    const ids = new Set(rows.map(row => row[table.slice(0, -1)] as number).filter(id => !known.has(id)))
    if (ids.size === 0) return
    const found = await this.#options.store.query(`SELECT * FROM ${table} WHERE id IN (${[...ids].join(', ')})`)
    for (const { id, ...columns } of found) known.set(id as number, ownerOf(columns))
    // a sweep may have taken it out since
    for (const id of ids) if (!known.has(id)) known.set(id, ownerOf({}))
  }

  /** After a start the same resource has another id. */
  #keyOf(row: Row): string {
    const { resources, scopes } = this.#owners
    const resource = resources.get(row.resource as number)!.key
    return `${row.name} ${row.unit} ${row.attributes} ${scopes.get(row.scope as number)!.key} ${resource}`
  }

  /** @returns undefined where nothing is known to have been counted */
  #increaseOf(row: Row, series: Known): Increase | undefined {
    if (((row.flags as number) & NO_VALUE) > 0) return undefined
    const start = row.start_ns as bigint
    const time = row.time_ns as bigint
    const count = Number(row.counted)
    const below = this.#options.thresholds.map((_, index) => (row[`below${index}`] as number | null) ?? undefined)
    const now = this.#options.now()
    series.readAt = now
    const isCounter = isCounted(row)
    const since = (from: bigint, before: { count: number; below: readonly (number | undefined)[] }): Increase => ({
      // a clock that is ahead has counted by now at the latest
      from: Math.min(Number(from / 1_000_000n), now),
      to: Math.min(Number(time / 1_000_000n), now),
      count: isCounter ? count - before.count : 0,
      value: count,
      below: below.map((value, index) => (value === undefined ? undefined : value - (before.below[index] ?? 0))),
    })
    if (!isCounter) return since(time, nothing)
    if (row.temporality !== CUMULATIVE) return since(start || time, nothing)
    const { start: startBefore, time: timeBefore } = series
    if (time <= timeBefore) return undefined
    const before = { count: series.count, below: series.below }
    Object.assign(series, { start, time, count, below })
    const hasStart = start > 0n && start < time
    // its first point: without a start nobody knows since when it counts
    if (timeBefore === 0n) return hasStart ? since(start, nothing) : undefined
    // its process has started anew
    if (hasStart && start !== startBefore && start >= timeBefore) return since(start, nothing)
    return since(timeBefore, count < before.count ? nothing : before)
  }
}

const nothing = { count: 0, below: [] }

const maps = Object.values(attributeMaps).join(', ')

/** The attributes as one number, in whatever order they were sent. */
const attributesHash = `hash(${Object.values(attributeMaps)
  .map(map => `list_sort(map_entries(p.${map}))`)
  .join(', ')})`

/** How many observations of a histogram are not above a number; NULL where that is no edge of it, and cannot be estimated. */
function upTo(threshold: number): string {
  const counted = (edge: number) => `list_sum(p.bucket_counts[1:list_position(p.bounds, ${edge}::DOUBLE)])::DOUBLE`
  const [name = ''] = estimatedMetrics
  const estimate = estimateOf({ name, unit: 's' }, threshold)
  if (!estimate) return counted(threshold)
  const { lower, upper, share } = estimate
  return `coalesce(${counted(threshold)}, CASE WHEN p.unit = 's' AND p.name IN (${estimatedMetrics.map(text).join(', ')})
    THEN ${counted(lower)} * ${1 - share} + ${counted(upper)} * ${share} END)`
}

function pageSql({ metrics, thresholds }: CountedPointsOptions): string {
  const below = thresholds.map((threshold, index) => `${upTo(threshold)} AS below${index}`)
  const columns = [
    ...[
      'seq',
      'resource',
      'scope',
      'name',
      'unit',
      'kind',
      'monotonic',
      'temporality',
      'start_ns',
      'time_ns',
      'flags',
    ].map(name => `p.${name}`),
    'coalesce(p.count::DOUBLE, p.value) AS counted',
    `${attributesHash}::VARCHAR AS attributes`,
    ...below,
  ]
  return `SELECT ${columns.join(', ')} FROM metric_points p
    WHERE p.seq BETWEEN $1 AND $2 AND p.time_ns >= $3 AND p.name IN (${metrics.map(text).join(', ')})
      AND p.kind <> 'summary'
    ORDER BY p.seq`
}

/** A resource or scope. */
interface Owner {
  /** Equal for equal ones. */
  readonly key: string
  /** Attributes that are labels of its series. */
  readonly labels: readonly (readonly [string, string])[]
}

function ownerOf(columns: Row): Owner {
  const attributes = attributesOf(columns)
  if (columns.service_name) attributes.set('service.name', columns.service_name as string)
  const whole = JSON.stringify([columns.name, columns.version, ...[...attributes].sort()])
  const [namespace, name = ''] = ['service.namespace', 'service.name'].map(key => attributes.get(key))
  return {
    key: createHash('sha256').update(whole).digest('base64'),
    labels: [
      ...[...attributes].filter(([key]) => promoted.includes(key)),
      // as Prometheus' receiver of OTLP makes it
      ['job', namespace ? `${namespace}/${name}` : name],
    ],
  }
}

/** Whether its numbers only grow; what else there is has a level. */
const isCounted = ({ kind, monotonic }: Row): boolean => kind !== 'gauge' && (kind !== 'sum' || monotonic === true)

const kindOf = (row: Row): Kind => {
  if (row.kind === 'gauge') return 'gauge'
  return row.kind === 'sum' && isCounted(row) ? 'counter' : 'other'
}

function seriesOf(row: Row, resource: Owner): Series {
  const labels = new Map([...resource.labels, ...attributesOf(row)].map(([key, value]) => [labelName(key), value]))
  return {
    metric: row.name as string,
    name: metricName(row.name as string, row.unit as string, kindOf(row)),
    label: name => labels.get(name) ?? '',
  }
}

function attributesOf(row: Row): Map<string, string> {
  const entries = Object.values(attributeMaps).flatMap(
    column => (row[column] ?? []) as { key: string; value: unknown }[],
  )
  return new Map(entries.map(({ key, value }) => [key, textOf(value)]))
}

/** As a label of Prometheus has it. */
const textOf = (value: unknown): string =>
  typeof value === 'object'
    ? JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part))
    : `${value}`
