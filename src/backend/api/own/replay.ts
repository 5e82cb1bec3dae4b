// `GET /api/afn/replay` and `/replay/counts`, for `afn-otel export --to`: stored records as OTLP requests in order of arrival, and their
// number.

import { type Signal, signals } from '../../../shared/config/otlp'
import { messages } from '../../../shared/otlp/messages'
import { toProtobuf } from '../../../shared/otlp/to-protobuf'
import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import type { Row, Store } from '../../store/store'
import type { ReplayCounts } from '../answers'
import { readBounded } from '../bounded-rows'
import { oneOf } from '../parameters'
import type { Parts } from '../parts'
import { logRecordOf, metricsOf } from '../record-documents'
import { nested, spanOf } from '../tempo/document'

const tables = {
  traces: { table: 'spans', time: 'start_ns' },
  metrics: { table: 'metric_points', time: 'time_ns' },
  logs: { table: 'logs', time: 'time_ns' },
} as const

/** Limits per request, which every receiver accepts even for records with many attributes. */
const MOST_RECORDS = 2_000
const MOST_BYTES = 2 ** 20

/** Ages in seconds beyond which Prometheus or Loki may reject records, with our or their default configuration. */
const AGES = [1_800, 3_600, 604_800] as const

interface Selection {
  readonly signal: Signal
  /** Row numbers; the range excludes `after` and includes `until`. */
  readonly after: bigint
  readonly until: bigint | undefined
  /** The range of record times, in nanoseconds since 1970; `to` is exclusive. */
  readonly from: bigint | undefined
  readonly to: bigint | undefined
}

function selectionOf(params: QueryParams): Selection {
  const number = (name: string) => {
    const text = params(name)
    if (!text) return undefined
    if (/^-?\d{1,19}$/.test(text)) return BigInt(text)
    throw new Refused(400, `invalid ${name}: "${text}" is not a whole number`)
  }
  return {
    signal: oneOf(params, 'signal', signals, 'traces'),
    after: number('after') ?? -1n,
    until: number('until'),
    from: number('from'),
    to: number('to'),
  }
}

function condition({ signal, after, until, from, to }: Selection): string {
  const { time } = tables[signal]
  const all = [`s.seq > ${after}`]
  if (until !== undefined) all.push(`s.seq <= ${until}`)
  if (from !== undefined) all.push(`s.${time} >= ${from}`)
  if (to !== undefined) all.push(`s.${time} < ${to}`)
  return all.join(' AND ')
}

/** @param params `received` is when the newest replayed row arrived. @throws Refused with 400 */
export async function replayCounts({ store, now }: Parts, params: QueryParams): Promise<ReplayCounts> {
  const asked = selectionOf(params)
  const { signal } = asked
  const { table, time } = tables[signal]
  if (signal === 'traces') await store.finalizeTraces()
  const selection = { ...asked, after: await startOf(store, asked, params('received')) }
  const older = AGES.map(age => `s.${time} < ${BigInt(Math.floor(now() / 1_000) - age) * 1_000_000_000n}`)
  const [row] = await store.query(`
    SELECT count(*)::DOUBLE AS records, min(s.${time}) AS first, max(s.${time}) AS last, max(s.seq) AS until,
      ${older.map((old, at) => `(count(*) FILTER (${old}))::DOUBLE AS older${at}`).join(', ')},
      ${signal === 'metrics' ? '(count(*) FILTER (s.temporality = 1))::DOUBLE' : '0::DOUBLE'} AS deltas
    FROM ${table} s WHERE ${condition(selection)}`)
  const { records, first, last, until, deltas } = row!
  return {
    records: records as number,
    first: first === null ? null : String(first),
    last: last === null ? null : String(last),
    after: String(selection.after),
    until: until === null ? String(selection.after) : String(until),
    olderThan: Object.fromEntries(AGES.map((age, at) => [age, row![`older${at}`] as number])),
    deltas: deltas as number,
  }
}

/**
 * Row numbers are reused if the newest rows were deleted before the file was reopened. Rows that arrived since then have numbers below
 * `after`, and must be sent too.
 */
async function startOf(store: Store, { signal, after }: Selection, received: string | undefined): Promise<bigint> {
  if (!received || !/^\d{1,19}$/.test(received)) return after
  const [row] = await store.query(
    `SELECT min(seq) AS first FROM ${tables[signal].table} WHERE seq <= ${after} AND received_ns > ${received}`,
  )
  return row!.first === null ? after : (row!.first as bigint) - 1n
}

/** @returns an OTLP request in protobuf; its headers say how far it reaches. 204 after the last one. @throws Refused with 400 */
export async function replay({ store }: Parts, params: QueryParams): Promise<Response> {
  const selection = selectionOf(params)
  const { signal } = selection
  const { table } = tables[signal]
  const found = await store.query(
    `SELECT s.seq FROM ${table} s WHERE ${condition(selection)} ORDER BY s.seq LIMIT ${MOST_RECORDS}`,
  )
  if (found.length === 0) return new Response(null, { status: 204 })
  const seqs = found.map(({ seq }) => seq as bigint)
  const rows = await readBounded(seqs, part => store.query(`SELECT s.* FROM ${table} s WHERE ${part}`), MOST_BYTES)
  const received = rows.reduce(
    (newest, row) => ((row.received_ns as bigint) > newest ? (row.received_ns as bigint) : newest),
    0n,
  )
  return new Response(await requestOf(store, signal, rows), {
    headers: {
      'content-type': 'application/x-protobuf',
      // no row is left if all were deleted meanwhile
      'afn-until': String(rows.at(-1)?.seq ?? seqs.at(-1)),
      'afn-records': String(rows.length),
      'afn-received': String(received),
    },
  })
}

async function requestOf(store: Store, signal: Signal, rows: readonly Row[]): Promise<Buffer> {
  if (rows.length === 0) return Buffer.alloc(0)
  if (signal === 'traces')
    return toProtobuf(messages.ExportTraceServiceRequest, {
      resourceSpans: await nested(store, rows, 'scopeSpans', spans => ({ spans: spans.map(spanOf) })),
    })
  if (signal === 'logs')
    return toProtobuf(messages.ExportLogsServiceRequest, {
      resourceLogs: await nested(store, rows, 'scopeLogs', records => ({ logRecords: records.map(logRecordOf) })),
    })
  return toProtobuf(messages.ExportMetricsServiceRequest, {
    resourceMetrics: await nested(store, rows, 'scopeMetrics', points => ({ metrics: metricsOf(points) })),
  })
}
