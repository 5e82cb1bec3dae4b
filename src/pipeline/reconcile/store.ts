// One tier of traces in Tempo, as reconciling sees it: which traces it has, with how many spans, a trace as a whole, and
// spans that are added.
// https://grafana.com/docs/tempo/latest/api_docs/
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchable } from '../../shared/config/credentials'
import type { TracesData } from '../../shared/otlp/trace'
import { type Backend, BackendError, getJson, reasonOf, request } from '../../shared/queries/http'
import {
  type SearchResponse,
  spanSetsOf,
  type TraceByIDResponse,
  type TraceSearchMetadata,
} from '../../shared/queries/tempo-api'
import { secondsOf, type TimeRange } from '../../shared/queries/window'
import type { TraceTier } from '../../shared/tiers'
import { only, otlpOf, spanKeys } from './document'

/** Traces of one answer; a window that has more has to be halved. Those of one second can't be: Tempo's own limit counts. */
const MOST_FOUND = 5_000
const MOST_FOUND_IN_A_SECOND = 20_000
/** A trace that takes more bytes as JSON is left alone. Tempo refuses larger ones than 5 to 20 MB, which are twice that as JSON. */
const MOST_BYTES = 64 * 2 ** 20
/** Tempo's receiver takes 20 MiB. */
const MOST_BYTES_OF_A_PUSH = 4 * 2 ** 20
const PATIENCE_MS = 60_000

export interface MatchingSpans {
  /** Number of matching spans by trace id. */
  readonly spans: ReadonlyMap<string, number>
  /** There are more than were found. */
  readonly isCut: boolean
}

export interface Store {
  list(query: string, window: TimeRange): Promise<MatchingSpans>
  /** Every span of the trace that this read shows; undefined when it is too large to be read. */
  trace(id: string): Promise<TracesData | undefined>
  /** Adds spans to it. */
  push(document: TracesData): Promise<void>
}

/**
 * @param otlp base URL of Tempo's own OTLP/HTTP receiver
 * @throws BackendError from each call when Tempo is not there or refuses
 */
export function storeOf(tier: TraceTier, backend: Backend, otlp: Backend): Store {
  const headers = { 'x-scope-orgid': `afn-${tier}` }
  return {
    async list(query, window) {
      const { start, end } = window
      const most = secondsOf(window) > 1 ? MOST_FOUND : MOST_FOUND_IN_A_SECOND
      const parameters = { q: query, start: `${start}`, end: `${end}`, limit: `${most}`, spss: '1' }
      const { traces = [] } = (await again(() => getJson(backend, 'api/search', parameters, headers))) as SearchResponse
      return { spans: new Map(traces.map(countOf)), isCut: traces.length >= most }
    },
    async trace(id) {
      const text = await again(async () => {
        const init = { headers, signal: AbortSignal.timeout(PATIENCE_MS) }
        return textOf(await request(backend, `api/v2/traces/${id}`, {}, init), backend)
      })
      if (text === undefined) return undefined
      const { trace = {} } = JSON.parse(text) as TraceByIDResponse
      return otlpOf(trace)
    },
    async push(document) {
      for (const body of partsOf(document)) await post(otlp, body, headers)
    },
  }
}

function countOf(trace: TraceSearchMetadata): [string, number] {
  return [trace.traceID.padStart(32, '0'), spanSetsOf(trace).reduce((sum, { matched = 0 }) => sum + matched, 0)]
}

/** Tempo answers 500 when a block goes away while it reads it; a second request is answered. */
async function again<T>(question: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left -= 1) {
    try {
      return await question()
    } catch (error) {
      if (!(error instanceof BackendError) || (error.status ?? 0) < 500 || left === 0) throw error
      await sleep(500)
    }
  }
}

/** @returns undefined when the answer is too long; the rest of it is not read */
async function textOf(response: Response, { name, url }: Backend): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of response.body ?? []) {
      bytes += part.byteLength
      if (bytes > MOST_BYTES) return undefined
      parts.push(part)
    }
  } catch (error) {
    throw new BackendError(`${name} at ${url} broke off an answer (${reasonOf(error)})`)
  }
  return Buffer.concat(parts).toString()
}

/** Each as JSON that a receiver takes in one request. A part without the other is no harm: the next run pushes what is missing. */
function partsOf(document: TracesData): string[] {
  const body = JSON.stringify(document)
  if (body.length <= MOST_BYTES_OF_A_PUSH) return [body]
  const keys = [...spanKeys(document)]
  if (keys.length === 1) return [body]
  const middle = Math.floor(keys.length / 2)
  return [keys.slice(0, middle), keys.slice(middle)].flatMap(half => partsOf(only(document, new Set(half))))
}

async function post({ name, url, setBy }: Backend, body: string, headers: Record<string, string>): Promise<void> {
  const target = fetchable(url)
  let response: Response
  try {
    response = await fetch(`${target.url.replace(/\/+$/, '')}/v1/traces`, {
      method: 'POST',
      headers: { ...target.headers, ...headers, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
  } catch (error) {
    throw new BackendError(
      `${name} takes no OTLP at ${url} (${reasonOf(error)}); open the port of its receiver, or set ${setBy}`,
    )
  }
  const said = await response.text()
  if (!response.ok)
    throw new BackendError(
      `${name} at ${url} refuses spans with ${response.status}: ${said.slice(0, 500)}`,
      response.status,
    )
}
