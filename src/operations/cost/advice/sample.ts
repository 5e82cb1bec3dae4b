/**
 * Takes a sample of calls by searches in Tempo or afn-otel up. A search returns the newest traces up to a limit, so a single one would only
 * cover the last hour. Instead, each of several equal time ranges contributes the same number.
 */
import {
  ATTR_AFN_LLM_ATTEMPT,
  ATTR_AFN_LLM_RETRIED,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '../../../../semconv'
import type { Span } from '../../../shared/calendar/period'
import { plainAttributes } from '../../../shared/otlp/any-value'
import { type Backend, getJson } from '../../../shared/queries/http'
import { type SearchResponse, spanSetsOf } from '../../../shared/queries/tempo-api'
import { detailed, isCall } from '../spend-from-traces'
import type { Call } from './call'

export interface CallSample {
  readonly calls: readonly Call[]
  /** Whether some ranges had more traces than their search returned. */
  readonly isPart: boolean
}

export interface SampleOptions {
  readonly backend: Backend
  readonly featureAttribute: string
  /** Maximum number of traces over the whole range. */
  readonly limit: number
}

const PARTS = 24

/** TraceQL condition for calls whose tokens are known. */
const counted = `${isCall} && span.${ATTR_GEN_AI_USAGE_INPUT_TOKENS} != nil`

/** @throws BackendError */
export async function sampleOf(span: Span, { backend, featureAttribute, limit }: SampleOptions): Promise<CallSample> {
  const wanted = [...names.map(name => `span.${name}`), 'resource.service.name', featureAttribute]
  const all = `{ ${counted} } | select(${wanted.join(', ')})`
  // calls that a request waits for: below a span of kind SERVER
  const awaited = `{ kind = server } >> { ${counted} }`
  const each = Math.max(1, Math.floor(limit / PARTS))
  const calls: Call[] = []
  let isPart = false
  for (let part = 0; part < PARTS; part++) {
    const length = (span.end - span.start) / PARTS
    const [start, end] = [part, part + 1].map(edge => Math.floor((span.start + edge * length) / 1_000))
    const window = { start: String(start), end: String(end), limit: String(each), spss: '100' }
    const [found, below] = await Promise.all([search(backend, all, window), search(backend, awaited, window)])
    isPart ||= found.length >= each
    const waitedFor = new Set(below.flatMap(({ spans }) => spans.map(({ spanID }) => spanID)))
    // for a trace that only one of the two searches returned, this is unknown
    const known = new Set(below.map(({ traceID }) => traceID))
    const isWhole = below.length < each
    for (const { traceID, spans } of found) {
      if (!isWhole && !known.has(traceID)) continue
      // a trace across two ranges is in both
      for (const one of spans) {
        const at = Number(BigInt(one.startTimeUnixNano ?? 0) / 1_000_000n)
        if (at >= start! * 1_000 && at < end! * 1_000)
          calls.push(callOf(at, plainAttributes(one.attributes), featureAttribute, waitedFor.has(one.spanID)))
      }
    }
  }
  return { calls, isPart }
}

const names = [
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_AFN_LLM_ATTEMPT,
  ATTR_AFN_LLM_RETRIED,
]

async function search(backend: Backend, q: string, window: Readonly<Record<string, string>>) {
  const { traces = [] } = (await getJson(backend, 'api/search', { q, ...window }, detailed)) as SearchResponse
  return traces.map(trace => ({
    traceID: trace.traceID,
    spans: spanSetsOf(trace).flatMap(({ spans = [] }) => spans),
  }))
}

function callOf(
  at: number,
  attributes: Readonly<Record<string, unknown>>,
  featureAttribute: string,
  isAwaited: boolean,
): Call {
  // a selected attribute has no scope in the answer
  const plain = (name: string) => attributes[name] ?? attributes[name.replace(/^(?:span|resource)\./, '')]
  const text = (name: string) => (typeof plain(name) === 'string' ? (plain(name) as string) : undefined)
  const number = (name: string) => (typeof plain(name) === 'number' ? (plain(name) as number) : undefined)
  return {
    at,
    service: text('resource.service.name') ?? 'unknown',
    feature: text(featureAttribute),
    provider: text(ATTR_GEN_AI_PROVIDER_NAME) ?? 'unknown',
    model: text(ATTR_GEN_AI_REQUEST_MODEL) ?? 'unknown',
    input: number(ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? 0,
    output: number(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0,
    cacheRead: number(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS) ?? 0,
    cacheWrite: number(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS) ?? 0,
    maxTokens: number(ATTR_GEN_AI_REQUEST_MAX_TOKENS),
    serviceTier: text(ATTR_OPENAI_RESPONSE_SERVICE_TIER),
    conversation: text(ATTR_GEN_AI_CONVERSATION_ID),
    isStreamed:
      plain(ATTR_GEN_AI_REQUEST_STREAM) === true || number(ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK) !== undefined,
    isAwaited,
    attempt: number(ATTR_AFN_LLM_ATTEMPT) ?? 1,
    isRetried: plain(ATTR_AFN_LLM_RETRIED) === true,
  }
}
