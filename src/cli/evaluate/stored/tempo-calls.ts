// The calls that a query finds in Tempo, in the shape of `GET /api/afn/calls`: a search says which spans match, and each trace is read whole.
import {
  AFN_LLM_PURPOSE_VALUE_EVALUATION,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_PURPOSE,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { isModelCall } from '../../../app/llm/spans/operations'
import { text } from '../../../app/llm/wire/json'
import type { CallEvaluation, FoundCall } from '../../../backend/api/call-answers'
import { detailed } from '../../../operations/cost/spend-from-traces'
import { integer, type PlainValue, plainAttributes } from '../../../shared/otlp/any-value'
import { type SpanNode, spanTree } from '../../../shared/otlp/span-tree'
import { hexId, statusCode } from '../../../shared/otlp/trace'
import type { Backend } from '../../../shared/queries/http'
import { readTraces, searchWhole } from '../../../shared/queries/search-whole'
import { spanSetsOf } from '../../../shared/queries/tempo-api'
import type { TimeRange } from '../../../shared/queries/window'
import type { FoundPage } from './plan'

/** Of one search. */
const MOST_TRACES = 500
/** Matching spans of a trace that come with it: Tempo's own limit. */
const MOST_SPANS = 100

/** @throws BackendError */
export async function* tempoCalls(backend: Backend, query: string, window: TimeRange): AsyncGenerator<FoundPage> {
  const matched = new Map<string, Set<string>>()
  let left = 0
  const search = { backend, query, window, headers: detailed, most: MOST_TRACES, spansOfTrace: MOST_SPANS }
  await searchWhole(search, trace => {
    const id = trace.traceID.padStart(32, '0')
    const known = matched.get(id) ?? new Set()
    matched.set(id, known)
    for (const { spans = [], matched: all = spans.length } of spanSetsOf(trace)) {
      left += Math.max(0, all - spans.length)
      for (const { spanID } of spans) known.add(spanID.padStart(16, '0'))
    }
  })
  yield { calls: [], left }
  const ids = [...matched.keys()]
  let at = 0
  for await (const traces of readTraces(backend, ids, {}, detailed)) {
    const calls = traces.flatMap(({ trace }) => {
      const id = ids[at++]!
      return callsBelow(spanTree(trace), id, matched.get(id)!)
    })
    yield { calls, left: 0 }
  }
}

/** A call that matches is one; anything else that matches, such as a request, stands for the calls below it. */
function callsBelow(roots: readonly SpanNode[], traceId: string, matched: ReadonlySet<string>): FoundCall[] {
  const calls: FoundCall[] = []
  const open = roots.map(node => ({ node, isBelow: false }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next
    const isWanted = next.isBelow || matched.has(hexId(node.spanId, 16))
    const attributes = plainAttributes(node.attributes)
    const isCall = isModelCall(attributes)
    if (isWanted && isCall && isApps(attributes)) calls.push(callOf(node, traceId, attributes))
    for (const child of node.children) open.push({ node: child, isBelow: isWanted && !isCall })
  }
  return calls
}

/** A model that judges is no work of the app, and nothing can be said of numbers. */
const isApps = (attributes: Readonly<Record<string, PlainValue>>): boolean =>
  attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS &&
  attributes[ATTR_AFN_LLM_PURPOSE] !== AFN_LLM_PURPOSE_VALUE_EVALUATION

const DETAILS = 'gen_ai.client.inference.operation.details'

function callOf(node: SpanNode, traceId: string, onSpan: Readonly<Record<string, PlainValue>>): FoundCall {
  const details = plainAttributes(node.events?.find(({ name }) => name === DETAILS)?.attributes)
  const attributes = { ...onSpan }
  const take = (key: string) => {
    const value = text(attributes[key]) ?? text(details[key]) ?? null
    delete attributes[key]
    return value
  }
  return {
    traceId,
    spanId: hexId(node.spanId, 16),
    start: Number(integer(node.startTimeUnixNano)) / 1e9,
    end: Number(integer(node.endTimeUnixNano)) / 1e9,
    service: node.service,
    serviceVersion: null,
    isFailed: statusCode(node.status?.code) === 'error',
    inputMessages: take(ATTR_GEN_AI_INPUT_MESSAGES),
    outputMessages: take(ATTR_GEN_AI_OUTPUT_MESSAGES),
    systemInstructions: take(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS),
    toolDefinitions: take(ATTR_GEN_AI_TOOL_DEFINITIONS),
    attributes,
    evaluations: evaluationsOf(node),
  }
}

/** As events of the call, and as spans below it. */
function evaluationsOf({ events = [], children }: SpanNode): CallEvaluation[] {
  const said = [...events, ...children].map(({ attributes }) => plainAttributes(attributes))
  return said.flatMap(attributes => {
    const evaluation = text(attributes[ATTR_GEN_AI_EVALUATION_NAME])
    if (evaluation === undefined || attributes[ATTR_GEN_AI_OPERATION_NAME] !== undefined) return []
    const evaluator = {
      name: text(attributes[ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME]) ?? null,
      type: text(attributes[ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE]) ?? null,
    }
    // what it said is not asked for
    const nothing = { scale: 'none', score: null, label: null, verdict: 'unrated', explanation: null } as const
    return [{ evaluation, evaluator, isOnSpan: true, ...nothing }]
  })
}
