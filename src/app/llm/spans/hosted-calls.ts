// Calls of other models that a provider made during an answer: each becomes a child span, with the price of its own model.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_HOSTED,
  ATTR_AFN_LLM_USAGE_ITERATIONS,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '../../../../semconv'
import { iterationsAttribute, readIterations } from '../iterations'
import { type Iteration, usageAttributes } from '../usage'
import type { LlmSpan } from './span'

/** Attributes of a call that also apply to the calls below it. Attributes outside of the conventions do too: user and session. */
const shared: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
])
const ofTheCall = /^(?:gen_ai|openai|http|error|afn\.llm)\./

export interface HostedCall {
  readonly name: string
  readonly attributes: Attributes
}

/** Removes the calls of other models from a span's runs, and returns them. */
export function takeHostedCalls(span: LlmSpan): HostedCall[] {
  if (span.attributes[ATTR_AFN_LLM_USAGE_ITERATIONS] === undefined) return []
  const runs = readIterations(span.attributes)
  const calls = runs.flatMap(run => (run.hosted ? [hostedCall(span.attributes, run, run.hosted)] : []))
  const left = iterationsAttribute(runs.filter(({ hosted }) => !hosted))
  const own = span.own()
  if (left === undefined) delete own[ATTR_AFN_LLM_USAGE_ITERATIONS]
  else own[ATTR_AFN_LLM_USAGE_ITERATIONS] = left
  return calls
}

function hostedCall(
  above: Readonly<Attributes>,
  { usage }: Iteration,
  { operation, model }: NonNullable<Iteration['hosted']>,
): HostedCall {
  const attributes: Attributes = {}
  for (const key of Object.keys(above)) if (shared.has(key) || !ofTheCall.test(key)) attributes[key] = above[key]
  return {
    name: model === undefined ? operation : `${operation} ${model}`,
    attributes: {
      ...attributes,
      ...usageAttributes(usage),
      [ATTR_GEN_AI_OPERATION_NAME]: operation,
      ...(model !== undefined && { [ATTR_GEN_AI_REQUEST_MODEL]: model, [ATTR_GEN_AI_RESPONSE_MODEL]: model }),
      [ATTR_AFN_LLM_USAGE_SOURCE]: AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
      [ATTR_AFN_LLM_HOSTED]: true,
    },
  }
}
