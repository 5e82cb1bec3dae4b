// Reads a call from the attributes of its span, once: if the span was created by another library, or was merged with one.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_BATCH_REQUESTS,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_HOSTED,
  ATTR_AFN_LLM_RESPONSE_PENDING,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
} from '../../../../semconv'
import type { Call, Kind } from '../call'
import { countsOf, hasPieces, type Usage, usageOf } from '../usage'
import { modelOperations } from './operations'
import { operationOf } from './recognise'

const callKinds = new Map<string, Kind>(modelOperations.map(operation => [operation, 'answer']))
callKinds.set(GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS, 'embeddings')
// its answer is counted once: no other library has a span for it
callKinds.set(GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE, 'other')

/** `undefined` for a span that is not about an LLM. */
export function kindOf(attributes: Readonly<Attributes>): Kind | undefined {
  const operation = operationOf(attributes)
  return operation === undefined ? undefined : (callKinds.get(operation) ?? 'other')
}

export function isCall(kind: Kind | undefined): boolean {
  return kind === 'answer' || kind === 'embeddings'
}

/**
 * `undefined` for a span that is not about an LLM.
 * @param told the usage, if available, which saves 35 attribute lookups
 */
export function readCall(attributes: Readonly<Attributes>, told?: Usage): Call | undefined {
  const known = operationOf(attributes)
  const operation = text(attributes[ATTR_GEN_AI_OPERATION_NAME]) ?? known
  if (operation === undefined) return undefined
  const kind = known === undefined ? undefined : (callKinds.get(known) ?? 'other')
  const isOfModel = callKinds.has(operation)
  const isRollup = attributes[ATTR_AFN_LLM_USAGE_ROLLUP] === true
  const port = attributes[ATTR_SERVER_PORT]
  const requests = number(attributes[ATTR_AFN_LLM_BATCH_REQUESTS])
  const total = attributes[ATTR_AFN_LLM_COST_TOTAL]
  const counts = told ?? (isOfModel || isCall(kind) ? usageOf(attributes) : {})
  const usage = countsOf(counts)
  const hasTokens = (counts.input ?? counts.output) !== undefined
  return {
    operation,
    kind,
    isModelCall: isOfModel && !isRollup,
    isRollup,
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]),
    requestModel: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
    responseModel: text(attributes[ATTR_GEN_AI_RESPONSE_MODEL]),
    responseId: text(attributes[ATTR_GEN_AI_RESPONSE_ID]),
    serverAddress: text(attributes[ATTR_SERVER_ADDRESS]),
    serverPort: typeof port === 'number' ? port : undefined,
    serviceTier:
      text(attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER]) ||
      text(attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER]) ||
      undefined,
    usage,
    hasWrongCount: usage !== counts,
    hasTokens,
    isCharged:
      (hasTokens && attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== AFN_LLM_USAGE_SOURCE_VALUE_MISSING) || hasPieces(counts),
    requests: requests !== undefined && requests >= 1 ? requests : 1,
    timeToFirstChunk: number(attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]),
    timePerOutputChunk: number(attributes[ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK]),
    streamEnd: text(attributes[ATTR_AFN_LLM_STREAM_END]),
    isPending: attributes[ATTR_AFN_LLM_RESPONSE_PENDING] === true,
    isHosted: attributes[ATTR_AFN_LLM_HOSTED] === true,
    unpricedCause: text(attributes[ATTR_AFN_LLM_UNPRICED_CAUSE]),
    cost:
      total === undefined
        ? undefined
        : {
            total,
            input: attributes[ATTR_AFN_LLM_COST_INPUT],
            output: attributes[ATTR_AFN_LLM_COST_OUTPUT],
            currency: attributes[ATTR_AFN_LLM_COST_CURRENCY],
            source: attributes[ATTR_AFN_LLM_COST_SOURCE],
          },
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
