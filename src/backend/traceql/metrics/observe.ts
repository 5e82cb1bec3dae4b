/** Observes spans for functions such as `rate() by (…)`: DuckDB returns a row per series and step. */
import { aliases } from '../../store/columns'
import type { Row } from '../../store/store'
import { orAbsent } from '../absent'
import type { Attribute, FirstStage, Intrinsic, MetricsFunction } from '../ast'
import { decoded, encoded } from '../encoded-value'
import type { Filter } from '../filter'
import { printName } from '../print'
import type { Typed } from '../typed-sql'
import { bucketSql } from './buckets'
import type { Candidate } from './exemplars'
import { mostSeries, stepSql } from './grid'
import { matched, type Observing } from './matched'
import type { Label } from './series'

/** The result of a function for one series in one step. */
export interface Observation {
  readonly labels: readonly Label[]
  readonly step: number
  /** The number of spans, or the aggregate of their values. */
  readonly value: number
  /** The upper bound of the bucket, for functions that use buckets. */
  readonly bucket: number | undefined
  readonly candidate: Candidate
}

export type Counting = Exclude<MetricsFunction, { op: 'compare' }>

/** Leaves out steps without spans, and spans without the value. */
export async function observe(
  stage: FirstStage & { function: Counting },
  observing: Observing,
): Promise<Observation[]> {
  const { store, context, grid } = observing
  const { warnings } = context
  const { by } = stage.function
  const { rows, statement, filter, readsTree } = matched(stage, observing)
  const typed = 'of' in stage.function ? measured(filter, stage.function.of, warnings) : {}
  const bucketed = isBucketed(stage.function)
  const most = mostSeries(grid, readable)
  const labels = labelColumns(
    by.map(name => labelSql(filter, name)),
    !bucketed,
  )
  const select = rows.select(
    [
      `${stepSql(grid)} AS step`,
      ...labels.map((sql, index) => `${sql} AS l${index}`),
      ...measures(stage.function, typed),
    ],
    filter.needs,
  )
  if (readsTree()) await store.finalizeTraces()
  const found = await store.query(statement.sql(limited(`${select} GROUP BY ALL`, labels.length, most)))
  warnOfLimit(found, most, warnings)
  warnOf(stage.function, found, warnings)
  const names = by.map(printName)
  return found
    .filter(({ place }) => place === undefined || Number(place) <= most)
    .filter(({ value, bucket }) => value !== null && (!bucketed || bucket !== null))
    .map(row => ({
      labels: labelsOf(names, row),
      step: row.step as number,
      value: Number(row.value),
      bucket: (row.bucket as number | undefined) ?? undefined,
      candidate: { seq: row.seq as bigint, value: (row.most as number | null) ?? Number.NaN },
    }))
}

const isBucketed = ({ op }: MetricsFunction): boolean => op === 'histogram_over_time' || op === 'quantile_over_time'

/** The maximum number of series: nobody reads more. */
const readable = 10_000

/** Returns one series more than the limit, which shows that the limit was exceeded. */
function limited(select: string, labels: number, most: number): string {
  if (labels === 0) return select
  const order = Array.from({ length: labels }, (_, index) => `l${index}`).join(', ')
  return `SELECT *, dense_rank() OVER (ORDER BY ${order}) AS place FROM (${select}) QUALIFY place <= ${most + 1}`
}

function warnOfLimit(found: readonly Row[], most: number, warnings: Set<string>): void {
  if (found.some(({ place }) => Number(place ?? 0) > most))
    warnings.add(`More than ${most} series; only the first ones by label are returned. Filter, or use fewer labels.`)
}

const { span } = aliases
const aggregates = { min_over_time: 'min', max_over_time: 'max', avg_over_time: 'avg', sum_over_time: 'sum' } as const

function measures(counting: Counting, typed: Typed): string[] {
  if (counting.op === 'rate' || counting.op === 'count_over_time')
    return ['count(*) AS value', `min(${span}.seq) AS seq`]
  const value = numberSql(typed)
  const common = [
    `arg_max(${span}.seq, ${value}) AS seq`,
    `max(${value}) AS most`,
    `count(*) - count(${value}) AS missing`,
  ]
  const floats = `count(${typed.float ?? 'NULL'}) AS floats`
  if (counting.op === 'histogram_over_time' || counting.op === 'quantile_over_time')
    return ['count(*) AS value', `${bucketSql(typed)} AS bucket`, ...common, floats]
  return [`${aggregates[counting.op]}(${value}) AS value`, ...common]
}

/** Durations become seconds, as charts show them; NaN counts as no value. */
function numberSql({ int, float, duration }: Typed): string {
  const some = [
    ...(float ? [`CASE WHEN NOT isnan(${float}) THEN ${float} END`] : []),
    ...(int ? [`${int}::DOUBLE`] : []),
    ...(duration ? [`${duration} / 1e9`] : []),
  ]
  return `coalesce(${[...some, 'NULL::DOUBLE'].join(', ')})`
}

function measured(filter: Filter, of: Attribute | Intrinsic, warnings: Set<string>): Typed {
  const name = printName(of)
  if (name === 'traceDuration' || name === 'event:timeSinceStart')
    warnings.add(`Tempo returns ${name} in nanoseconds; here it is in seconds, like every other duration.`)
  return filter.value(of)
}

function warnOf({ op }: MetricsFunction, found: readonly Row[], warnings: Set<string>): void {
  if (op === 'sum_over_time' && found.some(({ missing, value }) => value !== null && Number(missing) > 0))
    warnings.add(
      'Tempo loses sums if spans lack the attribute; here these spans are ignored. Filter with != nil for the same result.',
    )
  if (found.some(({ floats, bucket }) => bucket !== null && Number(floats ?? 0) > 0))
    warnings.add(`Tempo returns nothing for ${op}() of doubles; here they have power-of-two buckets too.`)
}

const labelSql = (filter: Filter, name: Attribute | Intrinsic): string => orAbsent(name, encoded(filter.value(name)))

/**
 * A series has no label for an attribute that its spans lack. If they lack all of them, the first label gets the value nil, because a
 * series needs a label.
 */
function labelColumns(labels: readonly string[], needsOne: boolean): string[] {
  const [first, ...others] = labels
  if (first === undefined || !needsOne) return [...labels]
  const nil =
    others.length === 0 ? "'snil'" : `CASE WHEN ${others.map(sql => `(${sql}) IS NULL`).join(' AND ')} THEN 'snil' END`
  return [`coalesce(${first}, ${nil})`, ...others]
}

function labelsOf(names: readonly string[], row: Row): Label[] {
  return names.flatMap((key, index) => {
    const text = row[`l${index}`] as string | null
    return text === null ? [] : [{ key, value: decoded(text) }]
  })
}
