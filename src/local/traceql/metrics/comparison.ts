/**
 * compare(): which values of which attributes the chosen spans have, beside all other spans. Called by metrics.ts. DuckDB
 * counts each value in each step; what is left is to take the most frequent ones.
 */
import { aliases } from '../../store/columns'
import { attributeMaps, promoted } from '../../store/schema'
import type { FirstStage, Intrinsic, IntrinsicName, MetricsFunction } from '../ast'
import { type AnyValue, decoded, encoded } from '../encoded'
import type { Filter } from '../filter'
import { printName } from '../print'
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
  const { store, text, grid, warnings } = observing
  const { selection, top, start, end } = stage.function
  const { rows, statement, filter } = matched(stage, text, grid, warnings, true)
  const { span } = aliases
  const time = start > 0n ? `${span}.start_ns > ${start} AND ${span}.start_ns <= ${end} AND ` : ''
  const chosen = `coalesce(${time}(${filter.condition(selection.expression)}), false)`
  const values = valueLists(filter)
  const spans = statement.add(
    rows.select([`${stepSql(grid)} AS step`, `${chosen} AS chosen`, `${values} AS pairs`], filter.needs),
  )
  const pairs = statement.add(`SELECT step, chosen, unnest(pairs) AS pair FROM ${spans}`)
  await store.settle()
  const counted = await store.query(
    statement.sql(
      `SELECT chosen, pair.key AS name, pair.value AS value, step, count(*) AS n FROM ${pairs} WHERE pair.value IS NOT NULL GROUP BY ALL`,
    ),
  )
  const counts = new Counts(grid)
  for (const { chosen, name, value, step, n } of counted)
    counts.add(chosen ? 'selection' : 'baseline', name as string, value as string, step as number, Number(n))
  return setOf(counts.series(top))
}

/** SQL of a list of `{key, value}` with the name of the attribute and its value as `encoded` writes it. */
function valueLists(filter: Filter): string {
  const { span, resource, scope } = aliases
  for (const table of ['resource', 'scope'] as const) filter.needs.add(table)
  const single = [
    ...intrinsics.map(name => ({ name, type: 'intrinsic', at: 0 }) satisfies Intrinsic),
    ...Array.from(promoted.keys(), name => ({ type: 'attribute', scope: 'span', name, at: 0 }) as const),
    { type: 'attribute', scope: 'resource', name: 'service.name', at: 0 } as const,
  ].map(name => `{'key': ${quoted(printName(name))}, 'value': ${encoded(filter.value(name))}}`)
  const maps = [
    ...mapLists(span, 'span', [...promoted.keys()]),
    ...mapLists(resource, 'resource', ['service.name']),
    ...mapLists(scope, 'instrumentation', []),
  ]
  return `flatten([[${single.join(', ')}], ${maps.join(', ')}])`
}

const letters = { string: 's', int: 'i', float: 'f', bool: 'b', array: 'a' } as const

/** The maps of a table by type, but for keys that are read otherwise. */
function mapLists(alias: string, prefix: string, without: readonly string[]): string[] {
  return Object.entries(letters).map(([type, letter]) => {
    const entries = `map_entries(${alias}.${attributeMaps[type as keyof typeof letters]})`
    const kept =
      without.length === 0
        ? entries
        : `list_filter(${entries}, lambda m: m.key NOT IN (${without.map(quoted).join(', ')}))`
    return `list_transform(coalesce(${kept}, []), lambda m: {'key': ${quoted(`${prefix}.`)} || ${keySql}, 'value': '${letter}' || (${type === 'array' ? 'to_json(m.value)' : 'm.value'})::VARCHAR})`
  })
}

/** As `printName` writes it. */
const keySql = `CASE WHEN regexp_matches(m.key, '[\\s{}()=~!<>&|^,"]') THEN '"' || regexp_replace(m.key, '([\\\\"])', '\\\\\\1', 'g') || '"' ELSE m.key END`

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

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
