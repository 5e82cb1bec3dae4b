/**
 * Loki. It deletes lines by query, asynchronously; chunks that were in the ingester when a request became `processed` need another request.
 * The query's text remains in Loki's request store and log.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/#request-log-deletion
 */
import { type Backend, getJson, request } from '../../../shared/queries/http'
import { oneOf } from '../../../shared/queries/promql-strings'
import { exactValues, identityKeys, personKeys, textPattern } from '../person-attributes'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** Covers the compactor's interval and the flush of chunks (`max_chunk_age` 2 h, `retention_delete_delay` 2 h). */
const FLUSH_WINDOW_MS = 4 * 3_600_000
const DAY_MS = 86_400_000
/**
 * How long the write-ahead log keeps data: chunks stay in memory for at most a day in the generated loki.yaml, and then until the next
 * checkpoint.
 */
const LOG_MS = DAY_MS + FLUSH_WINDOW_MS
/** Loki's default limit of a query's range, 721 hours (`max_query_length`). */
const LONGEST_DAYS = 30
/** Maximum per query, because they are part of its URL. */
const MOST_TRACES = 50
/** Loki's limit of lines per response. */
const MOST_LINES = 5_000
/** All streams received by OTLP have this label. */
const STREAMS = '{service_name=~".+"}'

export interface LokiOptions {
  readonly backend: Backend
  /** Undefined for a Loki without tenants. */
  readonly tenant?: string
  /** Its longest retention; no query reaches further back. */
  readonly retentionDays: number
  readonly now: () => number
}

export function lokiStore({ backend, tenant, retentionDays, now }: LokiOptions): SubjectStore {
  const headers: Record<string, string> = tenant === undefined ? {} : { 'x-scope-orgid': tenant }
  const windows = () => {
    const days = Array.from({ length: Math.ceil(retentionDays / LONGEST_DAYS) }, (_, at) => at * LONGEST_DAYS)
    return days.map(back => {
      const days = Math.min(LONGEST_DAYS, retentionDays - back)
      return { end: now() - back * DAY_MS, days }
    })
  }
  const count = (target: Target, signal: AbortSignal) => countOf(queriesOf(target, true), signal)
  /** 0 if that is too much for Loki; every match then counts as a large share. */
  const countAll = (signal: AbortSignal) => countOf([STREAMS], signal).catch(() => 0)
  async function countOf(queries: readonly string[], signal: AbortSignal): Promise<number> {
    let lines = 0
    for (const query of queries)
      for (const { end, days } of windows()) {
        signal.throwIfAborted()
        const parameters = { query: `sum(count_over_time(${query}[${days}d]))`, time: seconds(end) }
        const { data } = (await getJson(backend, 'loki/api/v1/query', parameters, headers)) as VectorAnswer
        lines += Number(data.result[0]?.value[1] ?? 0)
      }
    return lines
  }
  return {
    name: 'loki',
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<SubjectRecords> {
      const records = await count(target, signal)
      const samples: unknown[] = []
      for (const query of records > 0 ? queriesOf(target, true) : [])
        for await (const { record } of linesOf(query, now() - LONGEST_DAYS * DAY_MS, now(), signal, SAMPLES)) {
          samples.push(record)
          if (samples.length === SAMPLES) return { records, allRecords: await countAll(signal), samples, ...noTraces }
        }
      return { records, allRecords: await countAll(signal), samples, ...noTraces }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const query of queriesOf(target, true))
        for (const { end, days } of windows()) yield* linesOf(query, end - days * DAY_MS, end, signal)
    },
    async erase(target, signal) {
      // Loki stores the query, so a request that matches nothing would keep the person's id for no reason
      if ((await count(target, signal)) === 0) return
      for (const query of queriesOf(target, false)) {
        const end = now() - 1_000
        const parameters = { query, start: seconds(end - retentionDays * DAY_MS), end: seconds(end) }
        await request(backend, 'loki/api/v1/delete', parameters, { method: 'POST', headers, signal })
      }
    },
    verify: count,
    unerasable: ms => [
      {
        what: 'lines that also name other persons in attributes',
        why: 'Loki deletes only whole lines',
        agesOut: new Date(ms + retentionDays * DAY_MS).toISOString(),
      },
      {
        what: 'the text of delete requests, in the request store and the log of Loki',
        why: 'lines are matched by what names the person; Loki keeps the query with its status',
        agesOut: null,
      },
      {
        what: 'the write-ahead log of the ingesters',
        why: 'it holds data in memory, and is truncated once that is flushed',
        agesOut: new Date(ms + LOG_MS).toISOString(),
      },
    ],
  }

  /** Newest first, in pages. Lines with the same nanosecond as a page's last line are read again with the next page. */
  async function* linesOf(
    query: string,
    start: number,
    end: number,
    signal: AbortSignal,
    most = MOST_LINES,
  ): AsyncGenerator<ExportRecord> {
    const seen = new Set<string>()
    for (let until = BigInt(end) * 1_000_000n; ; ) {
      signal.throwIfAborted()
      const parameters = {
        query,
        start: `${start}000000`,
        end: String(until),
        limit: `${most}`,
        direction: 'backward',
      }
      const { data } = (await getJson(backend, 'loki/api/v1/query_range', parameters, headers)) as StreamsAnswer
      const lines = data.result.flatMap(({ stream, values }) => values.map(([time, line]) => ({ time, line, stream })))
      const fresh = lines.filter(one => !seen.has(JSON.stringify(one)))
      for (const record of fresh) {
        seen.add(JSON.stringify(record))
        yield { signal: 'log', record }
      }
      if (lines.length < most || fresh.length === 0) return
      until = lines.reduce((least, { time }) => (BigInt(time) < least ? BigInt(time) : least), until) + 1n
    }
  }
}

interface VectorAnswer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] }
}
interface StreamsAnswer {
  readonly data: {
    readonly result: readonly { readonly stream: object; readonly values: readonly (readonly [string, string])[] }[]
  }
}

const noTraces = { traceIds: [], shared: 0 }
const labelOf = (key: string): string => key.replaceAll('.', '_')

/** Ten digits, the only format that delete requests accept. */
const seconds = (ms: number): string => String(Math.floor(ms / 1_000))

/**
 * Queries for lines that name only the subject: in their text, in structured metadata, where `user.id` is `user_id`, or by trace.
 * @param apart makes the queries disjoint, so that counts can be added
 */
export function queriesOf({ identity, traceIds }: Target, apart: boolean): string[] {
  const pattern = textPattern(identity)
  const own = oneOf(exactValues(identity))
  const values = JSON.stringify(`^(?:${own})$`)
  const labels = identityKeys.map(labelOf)
  // a missing label equals an empty one
  const nobodyElse = personKeys.map(key => ` | ${labelOf(key)}=~${JSON.stringify(`^(?:${own})?$`)}`).join('')
  const notInText = apart && pattern !== undefined ? ` !~ ${JSON.stringify(pattern)}` : ''
  const notInLabels = apart ? labels.map(label => ` | ${label}!~${values}`).join('') : ''
  const batches = Array.from({ length: Math.ceil(traceIds.length / MOST_TRACES) }, (_, at) =>
    traceIds.slice(at * MOST_TRACES, (at + 1) * MOST_TRACES),
  )
  return [
    ...(pattern === undefined ? [] : [`${STREAMS} |~ ${JSON.stringify(pattern)}${nobodyElse}`]),
    `${STREAMS}${notInText} | ${labels.map(label => `${label}=~${values}`).join(' or ')}${nobodyElse}`,
    ...batches.map(
      ids => `${STREAMS}${notInText} | trace_id=~${JSON.stringify(ids.join('|'))}${notInLabels}${nobodyElse}`,
    ),
  ]
}
