/**
 * compare(): how often each attribute has each value among the selected spans and among all others. DuckDB counts the values in each step
 * and keeps the most frequent ones.
 */
import { aliases, attribute, text } from '../../store/columns'
import { attributeMaps, promoted } from '../../store/schema'
import type { Row } from '../../store/store'
import type { FirstStage, IntrinsicName, MetricsFunction } from '../ast'
import { arrayJson, decoded, encoded } from '../encoded-value'
import { printName } from '../print'
import type { Statement } from '../statement'
import { filled, type MetricsGrid, mostSeries, stepSql } from './grid'
import type { Observing } from './matched'
import { matched } from './matched'
import { getOrAdd, keyOf, type MetricsSeries, type SeriesSet } from './series'

type Compare = Extract<MetricsFunction, { op: 'compare' }>

/** Leaves out times and ids: almost every span has its own value. */
const intrinsics: readonly IntrinsicName[] = [
  'span:name',
  'span:kind',
  'span:status',
  'span:statusMessage',
  'span:childCount',
  'trace:rootName',
  'trace:rootService',
  'instrumentation:name',
  'instrumentation:version',
]

export async function comparison(stage: FirstStage & { function: Compare }, observing: Observing): Promise<SeriesSet> {
  const { store, grid, context } = observing
  const { selection, start, end } = stage.function
  const top = Math.max(1, Math.floor(mostSeries(grid, stage.function.top * manyAttributes) / manyAttributes))
  if (top < stage.function.top)
    context.warnings.add(
      `With this many steps, only the top ${top} values of each attribute are returned; use a longer step.`,
    )
  const { rows, statement, filter } = matched(stage, observing, true)
  const time = start > 0n ? `${span}.start_ns > ${start} AND ${span}.start_ns <= ${end} AND ` : ''
  const chosen = `coalesce(${time}(${filter.condition(selection.expression)}), false)`
  const single = [
    ...intrinsics.map(name => encoded(filter.value({ type: 'intrinsic', name, at: 0 }))),
    ...Array.from(promoted.values(), ({ key, type }) => encoded({ [type]: attribute('span', key, type) })),
  ].map((sql, index) => `${sql} AS v${index}`)
  const own = [...Object.values(maps), 'resource', 'scope'].map(column => `${span}.${column}`)
  const spans = statement.add(
    rows.select([`${chosen} AS chosen`, `${stepSql(grid)} AS step`, ...single, ...own], filter.needs),
  )
  const parts = [
    ofColumns(spans),
    ...ofMaps(spans, 'span'),
    ...(['resource', 'scope'] as const).flatMap(table => ofTable(statement, spans, table)),
  ]
  await store.finalizeTraces()
  const counted = statement.add(parts.join(' UNION ALL '))
  return seriesOf(await store.query(statement.sql(mostFrequent(counted, top))), grid)
}

/** The most frequent values of each attribute, and the totals over all values, which have NULL as their value. */
function mostFrequent(counted: string, top: number): string {
  const frequent =
    `SELECT chosen, name, value FROM ${counted} GROUP BY chosen, name, value ` +
    `QUALIFY row_number() OVER (PARTITION BY chosen, name ORDER BY sum(n) DESC, value) <= ${top}`
  return (
    `SELECT chosen, name, value, step, sum(n) AS n FROM ${counted} SEMI JOIN (${frequent}) USING (chosen, name, value) ` +
    `GROUP BY ALL UNION ALL SELECT chosen, name, NULL, step, sum(n) FROM ${counted} GROUP BY ALL`
  )
}

function seriesOf(rows: readonly Row[], grid: MetricsGrid): SeriesSet {
  const found = new Map<string, MetricsSeries & { readonly values: number[] }>()
  for (const { chosen, name, value, step, n } of rows) {
    const kind = `${chosen ? 'selection' : 'baseline'}${value === null ? '_total' : ''}`
    const labels = [
      { key: '__meta_type', value: { stringValue: kind } },
      { key: name as string, value: decoded(value as string | null) },
    ]
    const series = getOrAdd(found, keyOf(labels), () => ({ labels, values: filled(grid, 0), exemplars: [] }))
    series.values[step as number] = Number(n)
  }
  return found
}

/** Few sets of spans have more attributes than this. */
const manyAttributes = 200

const { span } = aliases
const { other: _, ...maps } = attributeMaps

/** The names of the fields that `ofColumns` counts, as answers have them. */
const columnNames = [
  ...intrinsics.map(name => printName({ type: 'intrinsic', name, at: 0 })),
  ...Array.from(promoted.keys(), name => printName({ type: 'attribute', scope: 'span', name, at: 0 })),
]

/** Counts all columns in one pass and one hash table: a table per column would exceed DuckDB's memory. */
function ofColumns(spans: string): string {
  const entries = columnNames.map((name, index) => `{name: ${text(name)}, value: v${index}}`)
  return (
    `SELECT chosen, step, m.name AS name, m.value AS value, count(*) AS n FROM ` +
    `(SELECT chosen, step, unnest([${entries.join(', ')}]) AS m FROM ${spans}) WHERE m.value IS NOT NULL GROUP BY ALL`
  )
}

/** Groups spans by resource or scope before reading attributes, because there are few of these. */
function ofTable(statement: Statement, spans: string, table: 'resource' | 'scope'): string[] {
  const counted = statement.add(
    `SELECT p.chosen, p.step, p.n, t.* FROM (SELECT chosen, step, ${table}, count(*) AS n FROM ${spans} GROUP BY ALL) p ` +
      `JOIN ${table}s t ON t.id = p.${table}`,
  )
  if (table === 'scope') return ofMaps(counted, 'instrumentation', 'n')
  const service = `SELECT chosen, step, 'resource.service.name', 's' || ${attribute('resource', 'service.name', 'string', 't')}, sum(n)::BIGINT FROM ${counted} t GROUP BY ALL`
  return [service, ...ofMaps(counted, 'resource', 'n')]
}

const letters = { string: 's', int: 'i', float: 'f', bool: 'b', array: 'a' } as const

/**
 * Counts the maps of a table, one type at a time.
 * @param count SQL of the number of spans that a row stands for
 */
function ofMaps(table: string, prefix: string, count = '1'): string[] {
  return Object.entries(maps).map(([type, column]) => {
    const value = type === 'array' ? arrayJson('m.value') : 'm.value'
    // `ofTable` has counted it by its column
    const left = prefix === 'resource' && type === 'string' ? ` WHERE m.key <> 'service.name'` : ''
    const entries = `SELECT chosen, step, ${count} AS n, unnest(map_entries(${column})) AS m FROM ${table}`
    return (
      `SELECT chosen, step, ${text(`${prefix}.`)} || ${keySql} AS name, ` +
      `'${letters[type as keyof typeof letters]}' || ${value}::VARCHAR AS value, sum(n)::BIGINT AS n FROM (${entries})${left} GROUP BY ALL`
    )
  })
}

/** Quotes keys like `printName`. */
const keySql = `CASE WHEN regexp_matches(m.key, '[\\s{}()=~!<>&|^,"]') THEN '"' || regexp_replace(m.key, '([\\\\"])', '\\\\\\1', 'g') || '"' ELSE m.key END`
