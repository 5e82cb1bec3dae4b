// The attributes of an answer, from its head and its body.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  AFN_LLM_STREAM_END_VALUE_ABORTED,
  AFN_LLM_STREAM_END_VALUE_COMPLETE,
  AFN_LLM_STREAM_END_VALUE_CONSUMER,
  AFN_LLM_STREAM_END_VALUE_CUT,
  AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED,
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT,
  ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING,
  ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT,
  ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING,
  ATTR_AFN_LLM_RETRY_AFTER,
  ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ITERATIONS,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
} from '../../../../semconv'
import { iterationsAttribute } from '../iterations'
import type { HeaderOf, ParsedResponse, ProviderCost } from '../providers/protocol'
import { type Usage, usageAttributes } from '../usage'

/** Maximum characters of an id, a model name or a reason. Longer values would be costly in each span, series and log record. */
const LONGEST = 1_024
const MOST_MEMBERS = 128
const MOST_RUNS = 128

/** Only content may be longer, and has its own limit. */
export function bounded(attributes: Attributes): Attributes {
  for (const key in attributes) {
    const value = attributes[key]
    if (typeof value === 'string') attributes[key] = boundedText(value)
    else if (Array.isArray(value))
      attributes[key] = value
        .slice(0, MOST_MEMBERS)
        .map(item => (typeof item === 'string' ? boundedText(item) : item)) as string[]
  }
  return attributes
}

/** Copies the text, because a slice keeps the whole string in memory. */
export function boundedText(text: string): string {
  return text.length > LONGEST ? Buffer.from(text.slice(0, LONGEST), 'utf16le').toString('utf16le') : text
}

export function answerAttributes(answer: ParsedResponse): Attributes {
  const iterations = answer.iterations
    ?.slice(0, MOST_RUNS)
    .map(run => ({ ...run, ...(run.hosted && { hosted: bounded({ ...run.hosted }) as typeof run.hosted }) }))
  return {
    ...bounded({
      [ATTR_GEN_AI_RESPONSE_ID]: answer.id,
      [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: answer.finishReasons.length ? answer.finishReasons : undefined,
      ...answer.attributes,
      [ATTR_AFN_LLM_UNPRICED_CAUSE]: answer.cost ? undefined : answer.unpriced,
    }),
    ...(answer.usage && usageAttributes(answer.usage)),
    ...(iterations && { [ATTR_AFN_LLM_USAGE_ITERATIONS]: iterationsAttribute(iterations) }),
    ...(answer.cost && costAttributes(answer.cost)),
  }
}

function costAttributes({ total, input, output }: ProviderCost): Attributes {
  return {
    [ATTR_AFN_LLM_COST_TOTAL]: total,
    [ATTR_AFN_LLM_COST_INPUT]: input,
    [ATTR_AFN_LLM_COST_OUTPUT]: output,
    [ATTR_AFN_LLM_COST_CURRENCY]: 'USD',
    [ATTR_AFN_LLM_COST_SOURCE]: AFN_LLM_COST_SOURCE_VALUE_PROVIDER,
  }
}

/**
 * Attributes with the times of a streamed answer's chunks.
 * @param started milliseconds on the same clock as `first` and `last`, which are undefined if no chunk arrived
 */
export function timingAttributes(
  started: number,
  first: number | undefined,
  last: number | undefined,
  pieces: number,
): Attributes {
  if (first === undefined || last === undefined) return {}
  return {
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: (first - started) / 1000,
    [ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS]: Math.round(first - started),
    [ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK]: pieces > 1 ? (last - first) / 1000 / (pieces - 1) : undefined,
  }
}

/** `afn.llm.stream.end` */
export function streamEnd({
  complete,
  aborted,
  cut,
}: Readonly<Record<'complete' | 'aborted' | 'cut', boolean>>): string {
  if (complete) return AFN_LLM_STREAM_END_VALUE_COMPLETE
  if (aborted) return AFN_LLM_STREAM_END_VALUE_ABORTED
  return cut ? AFN_LLM_STREAM_END_VALUE_CUT : AFN_LLM_STREAM_END_VALUE_CONSUMER
}

/** `afn.llm.usage.source`, for tokens. @param isTold whether the answer reports the usage */
export function usageSource(usage: Usage | undefined, isTold: boolean): string {
  if ((usage?.input ?? usage?.output) === undefined) return AFN_LLM_USAGE_SOURCE_VALUE_MISSING
  return isTold ? AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER : AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED
}

/** OpenAI's header names, which most hosts adopted, then those of Anthropic, Together and Mistral. */
const counts: readonly (readonly [attribute: string, headers: readonly string[]])[] = [
  [
    ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT,
    [
      'x-ratelimit-limit-requests',
      'anthropic-ratelimit-requests-limit',
      'x-ratelimit-limit',
      'x-ratelimit-limit-req-minute',
    ],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING,
    [
      'x-ratelimit-remaining-requests',
      'anthropic-ratelimit-requests-remaining',
      'x-ratelimit-remaining',
      'x-ratelimit-remaining-req-minute',
    ],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT,
    ['x-ratelimit-limit-tokens', 'anthropic-ratelimit-tokens-limit', 'x-ratelimit-limit-tokens-minute'],
  ],
  [
    ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING,
    ['x-ratelimit-remaining-tokens', 'anthropic-ratelimit-tokens-remaining', 'x-ratelimit-remaining-tokens-minute'],
  ],
]

/**
 * The remaining rate limit of the provider.
 * @param now milliseconds, for a `retry-after` with a date
 */
export function rateLimitAttributes(header: HeaderOf, status: number, now: number): Attributes {
  const attributes: Attributes = {}
  for (const [attribute, names] of counts) {
    for (const name of names) {
      const value = header(name)
      if (!value || !/^\d{1,15}$/.test(value)) continue
      attributes[attribute] = Number(value)
      break
    }
  }
  // Some hosts send it with every answer, but it is a request to wait only if the call was rejected.
  if (status >= 400) attributes[ATTR_AFN_LLM_RETRY_AFTER] = retryAfter(header, now)
  return attributes
}

function retryAfter(header: HeaderOf, now: number): number | undefined {
  const ms = Number.parseFloat(header('retry-after-ms') ?? '')
  if (ms >= 0) return ms / 1000
  const value = header('retry-after') ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value)
  const date = value ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now) / 1000
}

/** The cost that LiteLLM's proxy reports, in USD: https://docs.litellm.ai/docs/proxy/response_headers. */
const COST = 'x-litellm-response-cost'

/**
 * The cost of the call as reported by a gateway. Undefined for a streamed answer, whose headers are sent before the cost is known; and for
 * 0, which the proxy also sends if it knows no price.
 */
export function gatewayCost(header: HeaderOf, streamed: boolean): ProviderCost | undefined {
  const total = streamed ? 0 : Number(header(COST) ?? 0)
  return total > 0 && total < Number.POSITIVE_INFINITY ? { total } : undefined
}
