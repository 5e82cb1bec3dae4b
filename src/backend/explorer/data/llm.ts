// What a span says of an LLM call: model, tokens by kind, cost by kind, speed, how it ended. `gen_ai.usage.input_tokens` counts cached tokens in, and output counts reasoning in; the kinds here don't
// overlap, so that they add up.
import * as names from '../../../../semconv'
import { type UnpricedReason, unpricedReason } from '../../../app/llm/report/cost/unpriced'
import { promptNames, promptVersions } from '../../../app/llm/report/prompt-names'
import { modelOperations } from '../../../app/llm/spans/operations'
import type { TypedAttribute } from '../../../shared/otlp/any-value'
import type { UnpricedCalls } from '../../api/answers'
import { flagAt, numberAt, type Span, textAt, textsAt } from './span'

export type TokenKind = 'input' | 'cached' | 'cacheWrite' | 'output' | 'reasoning'

export interface Tokens {
  readonly kinds: Readonly<Record<TokenKind, number>>
  readonly input: number | undefined
  readonly output: number | undefined
  readonly total: number
  /** provider, application, estimated or missing. */
  readonly source: string | undefined
}

export interface Cost {
  /** Undefined: no price was known. */
  readonly total: number | undefined
  readonly input: number | undefined
  readonly output: number | undefined
  readonly currency: string
  readonly source: string | undefined
  readonly priceTable: string | undefined
}

export interface LlmCall {
  readonly operation: string
  readonly provider: string | undefined
  readonly model: string | undefined
  readonly askedModel: string | undefined
  readonly tokens: Tokens | undefined
  readonly cost: Cost
  /** Why a sum leaves the call out; undefined where its cost is known, and where there is none. */
  readonly unpriced: UnpricedReason | undefined
  /** Repeats what calls below it used; not to be added up. */
  readonly rollup: boolean
  readonly streamed: boolean
  readonly ttftSeconds: number | undefined
  /** Output tokens a second, from the first piece on. */
  readonly tokensPerSecond: number | undefined
  readonly streamEnd: string | undefined
  readonly finishReasons: readonly string[]
  /** Name and version. */
  readonly prompt: string | undefined
  /** 1 for the first. */
  readonly attempt: number | undefined
  /** What the provider's limits left after this call. */
  readonly limits: { readonly requests: Limit | undefined; readonly tokens: Limit | undefined }
}

export interface Limit {
  readonly left: number
  readonly of: number
}

/** @returns undefined for a span that is no work of an LLM, an agent or a tool */
export function llmCallOf(span: Span): LlmCall | undefined {
  const { attributes } = span
  const operation = textAt(attributes, names.ATTR_GEN_AI_OPERATION_NAME)
  if (!operation) return undefined
  const ttftSeconds = numberAt(attributes, names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)
  const tokens = tokensOf(attributes)
  const cost = costOf(attributes)
  const rollup = flagAt(attributes, names.ATTR_AFN_LLM_USAGE_ROLLUP) === true
  const isPaid = cost.total === undefined && !rollup && modelOperations.includes(operation)
  return {
    operation,
    provider: textAt(attributes, names.ATTR_GEN_AI_PROVIDER_NAME),
    model: textAt(attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? textAt(attributes, names.ATTR_GEN_AI_RESPONSE_MODEL),
    askedModel: textAt(attributes, names.ATTR_GEN_AI_REQUEST_MODEL),
    tokens,
    cost,
    unpriced: isPaid ? unpricedReason(costless(span, tokens)) : undefined,
    rollup,
    streamed: flagAt(attributes, names.ATTR_GEN_AI_REQUEST_STREAM) === true || ttftSeconds !== undefined,
    ttftSeconds,
    tokensPerSecond: rateOf(tokens?.output, ttftSeconds, Number(span.end - span.start) / 1e9),
    streamEnd: textAt(attributes, names.ATTR_AFN_LLM_STREAM_END),
    finishReasons: textsAt(attributes, names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS),
    prompt:
      [wordAt(attributes, promptNames), wordAt(attributes, promptVersions)].filter(Boolean).join(' ') || undefined,
    attempt: numberAt(attributes, names.ATTR_AFN_LLM_ATTEMPT),
    limits: {
      requests: limitOf(
        numberAt(attributes, names.ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING),
        numberAt(attributes, names.ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT),
      ),
      tokens: limitOf(
        numberAt(attributes, names.ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING),
        numberAt(attributes, names.ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT),
      ),
    },
  }
}

function costless({ status, attributes }: Span, tokens: Tokens | undefined) {
  return {
    hasTokens:
      tokens?.input !== undefined ||
      tokens?.output !== undefined ||
      textAt(attributes, names.ATTR_AFN_LLM_UNPRICED_CAUSE) !== undefined,
    failed: status === 'error' || textAt(attributes, names.ATTR_ERROR_TYPE) !== undefined,
    streamEnd: textAt(attributes, names.ATTR_AFN_LLM_STREAM_END),
    pending: flagAt(attributes, names.ATTR_AFN_LLM_RESPONSE_PENDING),
  }
}

/** The first that is there; a version may be a number. */
function wordAt(attributes: readonly TypedAttribute[], keys: readonly string[]): string | undefined {
  return keys.map(key => textAt(attributes, key) ?? numberAt(attributes, key)?.toString()).find(Boolean)
}

function limitOf(left: number | undefined, of: number | undefined): Limit | undefined {
  return left === undefined || of === undefined ? undefined : { left, of }
}

function tokensOf(attributes: readonly TypedAttribute[]): Tokens | undefined {
  const input = numberAt(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS)
  const output = numberAt(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)
  const source = textAt(attributes, names.ATTR_AFN_LLM_USAGE_SOURCE)
  if (input === undefined && output === undefined && source === undefined) return undefined
  const cached = numberAt(attributes, names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS) ?? 0
  const cacheWrite = numberAt(attributes, names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS) ?? 0
  const reasoning = numberAt(attributes, names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS) ?? 0
  return {
    kinds: {
      input: Math.max(0, (input ?? 0) - cached - cacheWrite),
      cached,
      cacheWrite,
      output: Math.max(0, (output ?? 0) - reasoning),
      reasoning,
    },
    input,
    output,
    total: (input ?? 0) + (output ?? 0),
    source,
  }
}

function costOf(attributes: readonly TypedAttribute[]): Cost {
  return {
    total: numberAt(attributes, names.ATTR_AFN_LLM_COST_TOTAL),
    input: numberAt(attributes, names.ATTR_AFN_LLM_COST_INPUT),
    output: numberAt(attributes, names.ATTR_AFN_LLM_COST_OUTPUT),
    currency: textAt(attributes, names.ATTR_AFN_LLM_COST_CURRENCY) ?? 'USD',
    source: textAt(attributes, names.ATTR_AFN_LLM_COST_SOURCE),
    priceTable: textAt(attributes, names.ATTR_AFN_LLM_COST_PRICE_TABLE),
  }
}

function rateOf(output: number | undefined, ttft: number | undefined, seconds: number): number | undefined {
  if (output === undefined || output === 0 || ttft === undefined || seconds <= ttft) return undefined
  return output / (seconds - ttft)
}

export interface Total extends UnpricedCalls {
  readonly calls: number
  /** Null where the cost of no call is known. */
  readonly costUsd: number | null
  readonly tokens: number
}

/** Sums over the calls of models in a trace; a span that repeats its children's usage is none. */
export function totalOf(spans: readonly Span[]): Total {
  const unpricedBy = { no_price: 0, no_usage: 0 }
  let calls = 0
  let costUsd: number | null = null
  let tokens = 0
  for (const span of spans) {
    const call = llmCallOf(span)
    if (!call || call.rollup || !modelOperations.includes(call.operation)) continue
    calls += 1
    tokens += call.tokens?.total ?? 0
    if (call.cost.total !== undefined) costUsd = (costUsd ?? 0) + call.cost.total
    if (call.unpriced) unpricedBy[call.unpriced] += 1
  }
  return { calls, costUsd, unpriced: unpricedBy.no_price + unpricedBy.no_usage, unpricedBy, tokens }
}
