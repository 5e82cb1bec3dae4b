/** The spans of traces that were found, in the shape of Tempo's answer. Called by search.ts. */
import { aliases, spanIdHex, traceIdHex } from '../store/columns'
import type { Row, Store } from '../store/store'
import type { Stage } from './ast'
import { type Candidate, earlier, later, type Sought } from './candidates'
import type { Context } from './context'
import { type AnyValue, decoded, encoded } from './encoded'
import { Filter } from './filter'
import { shortName } from './names'
import { Rows } from './rows'
import { SpansetCompiler } from './spansets'
import { Statement } from './statement'
import { conditionsOf, type Used, usedNames } from './used'

export interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}

export interface FoundSpan {
  /** 16 hexadecimal digits. */
  readonly spanID: string
  /** Only where the query reads it. */
  readonly name?: string
  readonly startTimeUnixNano: string
  readonly durationNanos: string
  /** What the query reads. */
  readonly attributes?: readonly KeyValue[]
}

export interface SpanSet {
  readonly spans: readonly FoundSpan[]
  /** All spans of the set, also those that are not told. */
  readonly matched: number
  /** What by() and aggregates gave. */
  readonly attributes?: readonly KeyValue[]
}

/** By trace id of 32 hexadecimal digits. @param most spans of each set */
export async function spanSets(
  store: Store,
  { context, stages }: Pick<Sought, 'context' | 'stages'>,
  traces: readonly Candidate[],
  most: number,
): Promise<Map<string, SpanSet[]>> {
  const statement = new Statement(restrictionTo(traces))
  const rows = new SpansetCompiler(context, statement).stages(stages, Rows.all(statement))
  const { filter, columns, spanName } = toldOf(context, stages)
  const set = [`${s}.trace_id`, ...rows.splitting.map(({ sql }) => sql)].join(', ')
  const select = rows.select(
    [
      `${traceIdHex(`${s}.trace_id`)} AS trace`,
      `${spanIdHex(`${s}.span_id`)} AS span`,
      `${spanName} AS span_name`,
      `${s}.start_ns`,
      `${s}.duration_ns`,
      ...rows.columns.map(({ sql, name }) => `${sql} AS ${name}`),
      ...columns.map(({ sql, name }) => `${sql} AS ${name}`),
      `count(*) OVER (PARTITION BY ${set}) AS matched`,
      `row_number() OVER (PARTITION BY ${set} ORDER BY ${s}.start_ns, ${s}.seq) AS place`,
    ],
    filter.needs,
  )
  const found = await store.query(
    statement.sql(`${select} QUALIFY place <= ${most} ORDER BY place, ${s}.start_ns, ${s}.seq`),
  )
  const sets = new Map<string, Map<string, Row[]>>()
  for (const row of found) {
    const trace = row.trace as string
    const key = JSON.stringify(rows.splitting.map(({ name }) => row[name]))
    const ofTrace = sets.get(trace) ?? new Map<string, Row[]>()
    sets.set(trace, ofTrace.set(key, [...(ofTrace.get(key) ?? []), row]))
  }
  return new Map(
    Array.from(sets, ([trace, ofTrace]) => [
      trace,
      Array.from(ofTrace.values(), spans => spanSetOf(spans, rows, columns)),
    ]),
  )
}

const { span: s } = aliases

/** Up to here a list is faster than the hash table of IN, in front of which DuckDB reads every column of every span. */
const shortList = 100

/** Every span of a trace starts within it. */
export function restrictionTo(traces: readonly Candidate[]): string {
  const ids = traces.map(({ traceId }) => traceId).join(', ')
  const list = `'[${ids}]'::UHUGEINT[]`
  const among =
    traces.length <= shortList ? `list_contains(${list}, ${s}.trace_id)` : `${s}.trace_id IN (SELECT unnest(${list}))`
  const starts = traces.map(({ start }) => start).reduce(earlier)
  const ends = traces.map(({ end }) => end).reduce(later)
  return `${among} AND ${s}.start_ns BETWEEN ${starts} AND ${ends}`
}

interface Told {
  readonly key: string
  readonly name: string
  readonly sql: string
}

interface Tellable {
  readonly filter: Filter
  readonly columns: readonly Told[]
  /** SQL of the name, which is NULL where it is not told. */
  readonly spanName: string
}

/** As `encoded` writes it; Tempo tells none. */
const emptyArray = 'a{"s":null,"i":null,"f":null,"b":null}'

/** What every answer tells in another place, or not at all. */
const untold: ReadonlySet<string> = new Set([
  'name',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
  'trace:id',
  'span:id',
])

function toldOf(context: Context, stages: readonly Stage[]): Tellable {
  const filter = new Filter(context)
  const used = usedNames(stages)
  const sqlOf = ({ named }: Used) => encoded(filter.value(named, 'last'))
  const selected = used.map(one => (one.when ? undefined : sqlOf(one)))
  // what is compared is told of an event that matched, where there are several
  for (const condition of conditionsOf(stages)) filter.condition(condition)
  const values = used.map((one, index) => selected[index] ?? sqlOf(one))
  const columns = used.flatMap((one, index): Told[] => {
    const { named } = one
    const key = named.type === 'intrinsic' ? shortName(named.name) : named.name
    if (named.type === 'intrinsic' && untold.has(key)) return []
    return [{ key, name: `told_${index}`, sql: toldSql(filter, one, values[index]!) }]
  })
  const name = used.find(isName)
  return { filter, columns, spanName: name ? toldSql(filter, name, `${s}.name`) : 'NULL::VARCHAR' }
}

const isName = ({ named }: Used): boolean => named.type === 'intrinsic' && named.name === 'span:name'

/** Tempo reads only values that meet a comparison, so where these are alternatives, its answers have no others. */
function toldSql(filter: Filter, { orNil, when }: Used, value: string): string {
  const nil = orNil ? [`WHEN ${value} IS NULL THEN 'snil'`] : []
  const some = when?.map(condition => `WHEN ${filter.condition(condition)} THEN ${value}`) ?? [
    `WHEN true THEN ${value}`,
  ]
  return `CASE ${[...nil, ...some].join(' ')} END`
}

function spanSetOf(spans: readonly Row[], rows: Rows, columns: readonly Told[]): SpanSet {
  const first = spans[0]!
  const attributes = rows.columns.map(({ label, name }) => ({
    key: label,
    value: decoded(first[name] as string | null),
  }))
  return {
    spans: spans.map(row => spanOf(row, columns)),
    matched: Number(first.matched),
    ...(attributes.length > 0 && { attributes }),
  }
}

function spanOf(row: Row, columns: readonly Told[]): FoundSpan {
  const name = row.span_name as string | null
  const attributes = columns.flatMap(({ key, name }) => {
    const value = row[name] as string | null
    return value === null || value === emptyArray ? [] : [{ key, value: decoded(value) }]
  })
  return {
    spanID: row.span as string,
    ...(name !== null && { name }),
    startTimeUnixNano: String(row.start_ns),
    durationNanos: String(row.duration_ns),
    ...(attributes.length > 0 && { attributes }),
  }
}
