// A stand-in for LangFuse's server, as far as our parts talk to it. Written by us after LangFuse v4.16 (the definitions in
// fern/apis/server, web/src/pages/api/public, packages/shared/src/server/otel) and after what a real one was seen to answer
// (500 while its S3 or Redis is away, 500 to a deletion of too many traces). A real one needs ClickHouse, Postgres, Redis and S3.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { listen } from './ports'
import { decodeSpans, type ReceivedSpan } from './receiver'

export interface Observation {
  readonly id?: string
  readonly traceId: string | null
  readonly startTime: Date
  readonly [field: string]: unknown
}

/** Of the `filter` of a search: GetObservationsV2Request of @langfuse/core. */
interface Condition {
  readonly type: string
  readonly column: string
  readonly operator: string
  readonly value: string
}

export interface Refusal {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: object
}

export interface LangfuseServerOptions {
  /** What is stored at the start. */
  readonly observations?: readonly Observation[]
  readonly publicKey?: string
  readonly secretKey?: string
  /** More traces in one deletion than its database can begin transactions for. */
  readonly mostDeleted?: number
}

export async function startLangfuseServer({
  observations = [],
  publicKey = 'pk-lf-1',
  secretKey = 'sk-lf-2',
  mostDeleted = 500,
}: LangfuseServerOptions = {}) {
  /** Answers of the next requests, before it answers by itself again. */
  const refusals: Refusal[] = []
  /** `METHOD path`, of all requests. */
  const requests: string[] = []
  const batches: string[][] = []
  /** The requests for observations. */
  const searches: Record<string, string>[] = []
  /** At least once: an observation that came twice is listed twice, until ClickHouse has merged the two. */
  let stored: Observation[] = [...observations]
  const scores = new Map<string, Record<string, unknown>>()
  const state = {
    authorization: basic(publicKey, secretKey),
    /** Its S3 or Redis. */
    isStoreAway: false,
    /** Its queue of deletions waits, and the answer is that all went well. */
    forgetsLater: false,
    /** The operator `matches`, which came later than version 4.16. */
    hasTextSearch: true,
  }
  const later: (() => void)[] = []

  function list(search: URLSearchParams): Refusal {
    searches.push(Object.fromEntries(search))
    const conditions = JSON.parse(search.get('filter') ?? '[]') as Condition[]
    if (!conditions.every(one => knows(one, state.hasTextSearch)))
      return { status: 400, body: { message: 'Invalid filter' } }
    const limit = Number(search.get('limit') ?? 50)
    if (limit > 1_000) return { status: 400 }
    // a place in the order: what is deleted between two pages moves nothing
    const from = search.get('cursor') ? Buffer.from(search.get('cursor')!, 'base64').toString() : undefined
    const [before, since] = [search.get('toStartTime'), search.get('fromStartTime')]
    const own = conditions.length > 0 ? new URLSearchParams() : search
    const [traceId, userId] = [own.get('traceId'), own.get('userId')]
    const found = stored
      .filter(({ startTime }) => before === null || startTime.getTime() < Date.parse(before))
      .filter(({ startTime }) => since === null || startTime.getTime() >= Date.parse(since))
      .filter(one => traceId === null || one.traceId === traceId)
      .filter(one => userId === null || one.userId === userId)
      .filter(one => conditions.every(condition => holds(condition, one)))
      .map(one => ({ one, place: `${one.startTime.toISOString()} ${one.traceId} ${one.id}` }))
      .filter(({ place }) => from === undefined || place < from)
      .sort((one, other) => (one.place < other.place ? 1 : -1))
    const data = found.slice(0, limit).map(({ one }) => one)
    const meta = found.length > limit ? { cursor: Buffer.from(found[limit - 1]!.place).toString('base64') } : {}
    return { status: 200, body: { data, meta } }
  }

  function remove({ traceIds }: { traceIds: string[] }): Refusal {
    if (traceIds.length < 1 || traceIds.length > 1_000) return { status: 400 }
    batches.push(traceIds)
    if (traceIds.length > mostDeleted)
      return {
        status: 500,
        body: { message: 'Transaction API error: Unable to start a transaction in the given time.' },
      }
    const forget = () => {
      stored = stored.filter(({ traceId }) => !traceIds.includes(traceId ?? ''))
    }
    if (state.forgetsLater) later.push(forget)
    else forget()
    return { status: 200, body: { message: 'Traces deleted successfully' } }
  }

  function ingest({ batch }: { batch: { id: string; type: string; body: Record<string, unknown> }[] }): Refusal {
    if (state.isStoreAway) return internalError
    for (const { body } of batch) scores.set(String(body.id), body)
    return { status: 207, body: { successes: batch.map(({ id }) => ({ id, status: 201 })), errors: [] } }
  }

  function take(path: string, headers: Record<string, string | string[] | undefined>, body: Buffer): Refusal {
    if (state.isStoreAway) return internalError
    const spans = decodeSpans({ path, headers, body })
    if (spans.some(({ traceId, spanId }) => traceId.length !== 32 || spanId.length !== 16))
      return { status: 400, body: { error: 'Invalid OTLP trace export' } }
    stored.push(...spans.map(observationOf))
    return { status: 200, body: {} }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      const what = `${request.method} ${pathname}`
      requests.push(what)
      const answer = (): Refusal => {
        if (request.headers.authorization !== state.authorization)
          return { status: 401, body: { error: 'UnauthorizedError', message: 'Invalid credentials' } }
        switch (what) {
          case 'POST /api/public/otel/v1/traces':
            return take(pathname, request.headers, body)
          case 'POST /api/public/ingestion':
            return ingest(JSON.parse(body.toString()))
          case 'GET /api/public/v2/observations':
            return list(searchParams)
          case 'GET /api/public/v3/scores':
            return { status: 200, body: { data: scoresOf(searchParams.get('traceId')), meta: {} } }
          case 'DELETE /api/public/traces':
            return remove(JSON.parse(body.toString()))
          default:
            return { status: 404, body: { message: 'not found' } }
        }
      }
      const { status, headers, body: content = { message: 'no' } } = refusals.shift() ?? answer()
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content))
    })
  })

  const scoresOf = (traceIds: string | null) =>
    [...scores.values()].filter(({ traceId }) => traceIds === null || traceIds.split(',').includes(String(traceId)))

  const url = `http://127.0.0.1:${await listen(server)}`
  return {
    url,
    state,
    asked: requests,
    batches,
    searches,
    refusals,
    stored: () => stored,
    /** The queue of deletions is worked off. */
    forgetNow: () => {
      for (const forget of later.splice(0)) forget()
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** `contains` and the like are refused of prompts and answers unless `matches` is there too. */
function knows({ type, column, operator }: Condition, hasTextSearch: boolean): boolean {
  if (type !== 'string') return false
  if (column === 'sessionId') return operator === '='
  return ['input', 'output'].includes(column) && operator === 'matches' && hasTextSearch
}

/** Prompts and answers are searched without regard to case. */
function holds({ column, operator, value }: Condition, one: Observation): boolean {
  const text = String(one[column] ?? '')
  return operator === '=' ? text === value : text.toLowerCase().includes(value.toLowerCase())
}

const internalError: Refusal = {
  status: 500,
  body: { error: 'InternalServerError', message: 'Failed to upload events to blob storage, aborting event processing' },
}

export const basic = (publicKey: string, secretKey: string): string =>
  `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`

/** OtelIngestionProcessor, as far as tests need it. */
function observationOf(span: ReceivedSpan): Observation {
  const { attributes, resource, status } = span
  const of = (...keys: string[]) => keys.map(key => attributes[key]).find(value => value !== undefined) ?? null
  const details = (key: string) => JSON.parse(String(attributes[key] ?? '{}'))
  return {
    id: span.spanId,
    traceId: span.traceId,
    parentObservationId: span.parentSpanId || null,
    startTime: new Date(Number(span.startNano / 1_000_000n)),
    name: of('gen_ai.tool.name') ?? span.name,
    level: of('langfuse.observation.level') ?? (status.code === 2 ? 'ERROR' : 'DEFAULT'),
    userId: of('user.id', 'langfuse.user.id'),
    sessionId: of('session.id', 'langfuse.session.id', 'gen_ai.conversation.id'),
    traceName: of('langfuse.trace.name'),
    tags: of('langfuse.trace.tags') ?? [],
    release: of('langfuse.release') ?? resource['langfuse.release'] ?? null,
    version: resource['service.version'] ?? null,
    usageDetails: details('langfuse.observation.usage_details'),
    costDetails: details('langfuse.observation.cost_details'),
  }
}
