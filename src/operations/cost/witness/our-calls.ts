/** All calls of a provider in a time range, from Tempo or `afn-otel up`; splits the range wherever a search reaches its limit. */
import {
  ATTR_AWS_REQUEST_ID,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '../../../../semconv'
import type { Span } from '../../../shared/calendar/period'
import { plainAttributes } from '../../../shared/otlp/any-value'
import type { Backend } from '../../../shared/queries/http'
import { searchWhole } from '../../../shared/queries/search-whole'
import { spanSetsOf } from '../../../shared/queries/tempo-api'
import { secondsAround } from '../../../shared/queries/window'
import { detailed, isCall } from '../spend-from-traces'
import type { OurCall } from './statement'
import { tierKey } from './tier-key'

export interface OurCalls {
  readonly calls: readonly OurCall[]
  /** Whether a single second has more traces than a search returns. */
  readonly isPart: boolean
}

export interface CallsOptions {
  readonly backend: Backend
  readonly provider: string
  readonly modelOf: (name: string) => string
}

const MOST = 1_000
/** The attributes of request ids: ours, current and former ones of AWS SDK instrumentations, and that of Anthropic's SDK. */
const requestIds = [ATTR_AWS_REQUEST_ID, 'aws.request.id', 'rpc.request_id', 'anthropic.request.id'] as const

/** @throws BackendError */
export async function ourCalls(span: Span, options: CallsOptions): Promise<OurCalls> {
  const { backend, provider } = options
  const names = [...read, ...requestIds].map(name => `span.${name}`)
  const query = `{ ${isCall} && span.${ATTR_GEN_AI_PROVIDER_NAME} = ${JSON.stringify(provider)} } | select(${names.join(', ')}, resource.service.name)`
  const found = new Map<string, OurCall>()
  const window = secondsAround(span)
  const isPart = await searchWhole(
    { backend, query, window, headers: detailed, most: MOST, spansOfTrace: 100 },
    trace => {
      for (const one of spanSetsOf(trace).flatMap(({ spans = [] }) => spans)) {
        const at = Number(BigInt(one.startTimeUnixNano ?? 0) / 1_000_000n)
        // a trace across two ranges is in both
        if (at >= span.start && at < span.end)
          found.set(one.spanID, {
            ...callOf(at, plainAttributes(one.attributes), options.modelOf, one.spanID),
            traceId: trace.traceID,
            spanId: one.spanID,
          })
      }
    },
  )
  return { calls: [...found.values()], isPart }
}

const read = [
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
]

function callOf(
  at: number,
  attributes: Readonly<Record<string, unknown>>,
  modelOf: (name: string) => string,
  spanId: string,
): Omit<OurCall, 'traceId' | 'spanId'> {
  const plain = (name: string) => attributes[name] ?? attributes[`span.${name}`] ?? attributes[`resource.${name}`]
  const text = (name: string) => (typeof plain(name) === 'string' ? (plain(name) as string) : undefined)
  const number = (name: string) => (typeof plain(name) === 'number' ? (plain(name) as number) : undefined)
  const name = text(ATTR_GEN_AI_REQUEST_MODEL) ?? 'unknown'
  return {
    at,
    name,
    // a provider that receives the trace context makes its span a child of ours; Tempo strips leading zeros
    ids: [...[ATTR_GEN_AI_RESPONSE_ID, ...requestIds].flatMap(name => text(name) ?? []), spanId.padStart(16, '0')],
    service: text('service.name') ?? 'unknown',
    model: modelOf(name),
    input: number(ATTR_GEN_AI_USAGE_INPUT_TOKENS),
    output: number(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
    cacheRead: number(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS) ?? 0,
    cacheWrite: number(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS) ?? 0,
    tier: tierKey(text(ATTR_OPENAI_RESPONSE_SERVICE_TIER)),
  }
}
