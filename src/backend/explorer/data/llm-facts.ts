// Everything that the LLM view shows of a span: the call's numbers, its messages, tools, documents and scores. Content may stand on the span or on its event of inference details.
import * as names from '../../../../semconv'
import type { TypedAttribute } from '../../../shared/otlp/any-value'
import { type LlmCall, llmCallOf } from './llm'
import { type Message, type Part, parsed, readMessages, readParts } from './messages'
import { flagAt, numberAt, type Span, textAt } from './span'

export interface Score {
  readonly name: string
  readonly value: number | undefined
  readonly label: string | undefined
  readonly explanation: string | undefined
  /** pass, fail, error or skipped. */
  readonly outcome: string | undefined
  /** The evaluator's scale, and the score from which on the answer passes. */
  readonly min: number | undefined
  readonly max: number | undefined
  readonly threshold: number | undefined
  readonly evaluator: string | undefined
}

export interface ToolUse {
  readonly name: string
  readonly callId: string | undefined
  readonly args: unknown
  readonly result: unknown
}

export interface LlmFacts {
  readonly call: LlmCall
  readonly system: readonly Part[]
  readonly input: readonly Message[]
  readonly output: readonly Message[]
  /** Definitions that were offered to the model, as JSON. */
  readonly tools: unknown
  readonly toolUse: ToolUse | undefined
  readonly retrieval: { readonly query: string | undefined; readonly documents: unknown } | undefined
  readonly scores: readonly Score[]
  readonly guardrail: boolean
  /** How often in a row the agent had made the same steps before this call. */
  readonly repetitions: number | undefined
  /** `gen_ai.request.*`, without the model. */
  readonly settings: readonly TypedAttribute[]
}

export function llmFactsOf(span: Span): LlmFacts | undefined {
  const scores = scoresOf(span)
  const call = llmCallOf(span)
  if (!call && scores.length === 0) return undefined
  const content = [...span.attributes, ...span.events.filter(isDetails).flatMap(({ attributes }) => attributes)]
  const text = (key: string) => textAt(content, key)
  const messages = (key: string) => {
    const json = text(key)
    return json === undefined ? [] : readMessages(json)
  }
  const system = text(names.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS)
  return {
    call: call ?? { ...withoutCall, operation: span.name },
    system: system === undefined ? [] : readParts(system),
    input: messages(names.ATTR_GEN_AI_INPUT_MESSAGES),
    output: messages(names.ATTR_GEN_AI_OUTPUT_MESSAGES),
    tools: parsed(text(names.ATTR_GEN_AI_TOOL_DEFINITIONS)),
    toolUse: toolUseOf(content),
    retrieval: retrievalOf(content),
    scores,
    guardrail: flagAt(span.attributes, names.ATTR_AFN_LLM_GUARDRAIL_TRIGGERED) === true,
    repetitions: numberAt(span.attributes, names.ATTR_AFN_LLM_LOOP_REPETITIONS),
    settings: span.attributes.filter(
      ({ key }) => key.startsWith('gen_ai.request.') && key !== names.ATTR_GEN_AI_REQUEST_MODEL,
    ),
  }
}

const withoutCall = {
  provider: undefined,
  model: undefined,
  askedModel: undefined,
  tokens: undefined,
  cost: {
    total: undefined,
    input: undefined,
    output: undefined,
    currency: 'USD',
    source: undefined,
    priceTable: undefined,
  },
  unpriced: undefined,
  rollup: false,
  streamed: false,
  ttftSeconds: undefined,
  tokensPerSecond: undefined,
  streamEnd: undefined,
  finishReasons: [],
  prompt: undefined,
  attempt: undefined,
  limits: { requests: undefined, tokens: undefined },
}

function isDetails({ name }: { name: string }): boolean {
  return name === 'gen_ai.client.inference.operation.details'
}

function toolUseOf(content: readonly TypedAttribute[]): ToolUse | undefined {
  const name = textAt(content, names.ATTR_GEN_AI_TOOL_NAME)
  if (name === undefined) return undefined
  return {
    name,
    callId: textAt(content, names.ATTR_GEN_AI_TOOL_CALL_ID),
    args: parsed(textAt(content, names.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS)),
    result: parsed(textAt(content, names.ATTR_GEN_AI_TOOL_CALL_RESULT)),
  }
}

function retrievalOf(content: readonly TypedAttribute[]): LlmFacts['retrieval'] {
  const query = textAt(content, names.ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT)
  const documents = parsed(textAt(content, names.ATTR_GEN_AI_RETRIEVAL_DOCUMENTS))
  return query === undefined && documents === undefined ? undefined : { query, documents }
}

/** Events of evaluation, and a span that is one itself. */
function scoresOf({ attributes, events }: Span): Score[] {
  return [attributes, ...events.map(event => event.attributes)]
    .filter(place => textAt(place, names.ATTR_GEN_AI_EVALUATION_NAME) !== undefined)
    .map(place => ({
      name: textAt(place, names.ATTR_GEN_AI_EVALUATION_NAME)!,
      value: numberAt(place, names.ATTR_GEN_AI_EVALUATION_SCORE_VALUE),
      label: textAt(place, names.ATTR_GEN_AI_EVALUATION_SCORE_LABEL),
      explanation: textAt(place, names.ATTR_GEN_AI_EVALUATION_EXPLANATION),
      outcome: textAt(place, names.ATTR_AFN_LLM_EVALUATION_OUTCOME),
      min: numberAt(place, names.ATTR_AFN_LLM_EVALUATION_SCORE_MIN),
      max: numberAt(place, names.ATTR_AFN_LLM_EVALUATION_SCORE_MAX),
      threshold: numberAt(place, names.ATTR_AFN_LLM_EVALUATION_THRESHOLD),
      evaluator: textAt(place, names.ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME),
    }))
}
