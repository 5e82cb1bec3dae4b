/** The spans of matching traces, in the shape of Tempo's answer. */
import type { FoundSpan, SpanSet } from '../../shared/queries/tempo-api'
import { Stretch } from '../event-loop-turns'
import { aliases, amongTraces, spanIdHex, traceIdHex } from '../store/columns'
import { ROW_GROUP } from '../store/duckdb'
import type { Row, Store } from '../store/store'
import type { CompiledQuery } from './compiled-query'
import { decoded } from './encoded-value'
import { later, type MatchingTrace } from './newest-traces'
import type { SelectedField } from './projection'
import type { Rows } from './rows'

export interface FoundSpanSet extends SpanSet {
  readonly spans: readonly FoundSpan[]
  readonly matched: number
}

/** Keyed by trace id, 32 hexadecimal digits. @param most maximum number of spans per set */
export async function spanSets(
  store: Store,
  query: CompiledQuery,
  traces: readonly MatchingTrace[],
  most: number,
): Promise<Map<string, FoundSpanSet[]>> {
  const { restriction, within } = spansOf(traces)
  const { statement, rows } = query.spans(restriction)
  const { needs, columns, spanName } = query.projection
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
    needs,
  )
  const found = await store.query(
    within(statement.sql(`${select} QUALIFY place <= ${most} ORDER BY place, ${s}.start_ns, ${s}.seq`)),
  )
  const stretch = new Stretch()
  const sets = new Map<string, Map<string, Row[]>>()
  for (const row of found) {
    const trace = row.trace as string
    const key = JSON.stringify(rows.splitting.map(({ name }) => row[name]))
    const ofTrace = sets.get(trace) ?? new Map<string, Row[]>()
    const spans = ofTrace.get(key)
    if (spans) spans.push(row)
    else sets.set(trace, ofTrace.set(key, [row]))
    if (stretch.isOver) await stretch.rest()
  }
  const answer = new Map<string, FoundSpanSet[]>()
  for (const [trace, ofTrace] of sets) {
    answer.set(
      trace,
      Array.from(ofTrace.values(), spans => spanSetOf(spans, rows, columns)),
    )
    if (stretch.isOver) await stretch.rest()
  }
  return answer
}

const { span: s } = aliases

/** Maximum number of ranges that are read separately. */
const MOST_STRETCHES = 200
/** Reading this many unneeded spans between two traces takes as long as planning another range. */
const NEAR = 2 * ROW_GROUP

export interface SpansOfTraces {
  /** A condition on `spans s`. */
  readonly restriction: string
  /** @returns the statement, with the spans that it reads under that restriction */
  within(sql: string): string
}

/**
 * How to read the spans of some traces; each span starts within its trace. Traces sorted by cost are scattered over the store, so one range
 * from the first to the last would read everything. In that case the statement reads a union of several ranges.
 */
export function spansOf(traces: readonly MatchingTrace[]): SpansOfTraces {
  const stretches: { start: bigint; end: bigint; seq: number; ids: bigint[] }[] = []
  for (const { traceId, start, end, seq } of [...traces].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const last = stretches.at(-1)
    if (last && (start <= last.end || Math.abs(seq - last.seq) <= NEAR || traces.length > MOST_STRETCHES)) {
      last.end = later(last.end, end)
      last.seq = seq
      last.ids.push(traceId)
    } else stretches.push({ start, end, seq, ids: [traceId] })
  }
  const conditions = stretches.map(
    ({ start, end, ids }) => `${amongTraces(ids)} AND ${s}.start_ns BETWEEN ${start} AND ${end}`,
  )
  if (conditions.length === 1) return { restriction: conditions[0]!, within: sql => sql }
  const parts = conditions.map(condition => `SELECT * FROM store.main.spans ${s} WHERE ${condition}`)
  const spans = `WITH spans AS (${parts.join(' UNION ALL ')})`
  return {
    restriction: 'true',
    within: sql => (sql.startsWith('WITH ') ? `${spans}, ${sql.slice('WITH '.length)}` : `${spans} ${sql}`),
  }
}

/** Encoded as by `encoded`; Tempo's answers have no empty arrays. */
const emptyArray = 'a{"s":null,"i":null,"f":null,"b":null}'

function spanSetOf(spans: readonly Row[], rows: Rows, columns: readonly SelectedField[]): FoundSpanSet {
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

function spanOf(row: Row, columns: readonly SelectedField[]): FoundSpan {
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
