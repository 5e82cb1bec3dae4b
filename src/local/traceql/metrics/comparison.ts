/**
 * compare(): which values of which attributes the chosen spans have, beside all other spans. Called by metrics.ts. DuckDB
 * counts each value in each step; what is left is to take the most frequent ones.
 */
import { aliases, attribute, text } from '../../store/columns'
import { attributeMaps, promoted } from '../../store/schema'
import type { FirstStage, IntrinsicName, MetricsFunction } from '../ast'
import { type AnyValue, decoded, encoded } from '../encoded'
import { printName } from '../print'
import type { Statement } from '../statement'
import { filled, type Grid, stepSql } from './grid'
import { matched } from './matched'
import type { Observing } from './observe'
import { type Series, type SeriesSet, setOf } from './series'

type Compare = Extract<MetricsFunction, { op: 'compare' }>

/** Of times and ids no two are the same, so nobody counts them. */
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
  const { store, grid } = observing
  const { selection, top, start, end } = stage.function
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
  await store.settle()
  const counted = await store.query(statement.sql(parts.join(' UNION ALL ')))
  const counts = new Counts(grid)
  for (const { chosen, name, value, step, n } of counted)
    counts.add(chosen ? 'selection' : 'baseline', name as string, value as string, step as number, Number(n))
  return setOf(counts.series(top))
}

const { span } = aliases
const { other: _, ...maps } = attributeMaps

/** What is counted column by column, as answers call it. */
const columnNames = [
  ...intrinsics.map(name => printName({ type: 'intrinsic', name, at: 0 })),
  ...Array.from(promoted.keys(), name => printName({ type: 'attribute', scope: 'span', name, at: 0 })),
]

/** All in one pass. */
function ofColumns(spans: string): string {
  const columns = columnNames.map((_, index) => `v${index}`)
  const sets = columns.map(column => `(chosen, step, ${column})`)
  const names = columnNames.map((name, index) => `WHEN grouping(v${index}) = 0 THEN ${text(name)}`)
  const counted =
    `SELECT chosen, step, CASE ${names.join(' ')} END AS name, coalesce(${columns.join(', ')}) AS value, count(*) AS n ` +
    `FROM ${spans} GROUP BY GROUPING SETS (${sets.join(', ')})`
  return `SELECT * FROM (${counted}) WHERE value IS NOT NULL`
}

/** Spans have few resources and scopes, so these are counted first and their attributes looked at then. */
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
 * The maps of a table, type by type.
 * @param count how many spans a row stands for
 */
function ofMaps(table: string, prefix: string, count = '1'): string[] {
  return Object.entries(maps).map(([type, column]) => {
    const value = type === 'array' ? 'to_json(m.value)' : 'm.value'
    // counted by its column
    const left = prefix === 'resource' && type === 'string' ? ` WHERE m.key <> 'service.name'` : ''
    const entries = `SELECT chosen, step, ${count} AS n, unnest(map_entries(${column})) AS m FROM ${table}`
    return (
      `SELECT chosen, step, ${text(`${prefix}.`)} || ${keySql} AS name, ` +
      `'${letters[type as keyof typeof letters]}' || ${value}::VARCHAR AS value, sum(n)::BIGINT AS n FROM (${entries})${left} GROUP BY ALL`
    )
  })
}

/** As `printName` writes it. */
const keySql = `CASE WHEN regexp_matches(m.key, '[\\s{}()=~!<>&|^,"]') THEN '"' || regexp_replace(m.key, '([\\\\"])', '\\\\\\1', 'g') || '"' ELSE m.key END`

type Group = 'baseline' | 'selection'

class Counts {
  readonly #grid: Grid
  readonly #values = new Map<string, { group: Group; name: string; values: Map<string, number[]> }>()

  constructor(grid: Grid) {
    this.#grid = grid
  }

  add(group: Group, name: string, value: string, step: number, count: number): void {
    const key = `${group} ${name}`
    const of = this.#values.get(key) ?? { group, name, values: new Map<string, number[]>() }
    this.#values.set(key, of)
    const counts = of.values.get(value) ?? filled(this.#grid, 0)
    of.values.set(value, counts)
    counts[step]! += count
  }

  /** Of each attribute the most frequent values, and the sums over all of them. */
  series(top: number): Series[] {
    return Array.from(this.#values.values()).flatMap(({ group, name, values }) => {
      const sums = [...values].map(([value, counts]) => ({ value, counts, sum: sum(counts) }))
      sums.sort((a, b) => b.sum - a.sum || (a.value < b.value ? -1 : 1))
      const total = filled(this.#grid, 0).map((_, step) => sum(sums.map(({ counts }) => counts[step]!)))
      return [
        ...sums.slice(0, top).map(({ value, counts }) => seriesOf(group, name, decoded(value), counts)),
        seriesOf(`${group}_total`, name, { stringValue: 'nil' }, total),
      ]
    })
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function seriesOf(kind: string, name: string, value: AnyValue, values: readonly number[]): Series {
  return {
    labels: [
      { key: '__meta_type', value: { stringValue: kind } },
      { key: name, value },
    ],
    values,
    exemplars: [],
  }
}
