// Remembers some properties of ended spans, because evaluations arrive later.
import type { Attributes, HrTime } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../../semconv'
import type { LlmSpan } from '../../spans/span'
import { text } from '../../wire/json'

export interface RecentSpan {
  readonly endTime: HrTime
  readonly model: string | undefined
  readonly responseId: string | undefined
  /** User, session and trace attributes that LangFuse expects on each observation. */
  readonly belongsTo: Attributes
}

const belongings = [
  ATTR_USER_ID,
  ATTR_SESSION_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
]
const nothing: Attributes = {}

/** At least this many spans are remembered, at most twice as many: a few hundred kilobytes. */
const most = 2_048

/**
 * Consists of two halves, and drops the older one as a whole. In a single map, the oldest entries would be removed one by one, and to find
 * each V8 walks over the slots of all removed ones: 10 µs per span once the map is full.
 */
export class RecentSpans {
  #newer = new Map<string, RecentSpan>()
  #older = new Map<string, RecentSpan>()

  readonly add = (span: LlmSpan): void => {
    const { context, endTime, attributes } = span
    if (this.#newer.size >= most) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(context.spanId, {
      endTime,
      model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
      responseId: text(attributes[ATTR_GEN_AI_RESPONSE_ID]),
      belongsTo: belongingsOf(span),
    })
  }

  get(spanId: string): RecentSpan | undefined {
    return this.#newer.get(spanId) ?? this.#older.get(spanId)
  }
}

function belongingsOf({ name, attributes }: LlmSpan): Attributes {
  let known: Attributes | undefined
  for (const key of belongings) {
    const value = attributes[key]
    if (value === undefined) continue
    known ??= {}
    known[key] = value
  }
  // a local root names its trace
  if (attributes[ATTR_AFN_LLM_LOCAL_ROOT] === true) return { [ATTR_LANGFUSE_TRACE_NAME]: name, ...known }
  return known ?? nothing
}

/** Marks spans below which several models answered. */
const SEVERAL = Symbol('several')
const ERROR = 2

/** Minimum spans remembered, and half of the maximum. */
const mostParents = 2_048

/**
 * Finds the model that answered below a span. An app often evaluates an answer within a request or an agent, whose span is active instead
 * of that of the call.
 */
export class AnsweringModels {
  // the older half is dropped as a whole, as in `RecentSpans`
  #newer = new Map<string, string | typeof SEVERAL>()
  #older = new Map<string, string | typeof SEVERAL>()

  /** Receives each span when it ends; children must come before their parents. */
  readonly ended = (span: Pick<LlmSpan, 'call' | 'context' | 'parentSpanContext' | 'status'>): void => {
    const parent = span.parentSpanContext?.spanId
    if (parent === undefined) return
    const { call, status } = span
    const isAnswer =
      call?.isModelCall && call.operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS && status.code !== ERROR
    const model = (isAnswer && call.requestModel) || this.#get(span.context.spanId)
    if (model === undefined) return
    const known = this.#get(parent)
    if (known === model) return
    if (this.#newer.size >= mostParents) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(parent, known === undefined ? model : SEVERAL)
  }

  /** The model of all ended and answered calls below the span; undefined if there is none, or several. */
  below(spanId: string): string | undefined {
    const model = this.#get(spanId)
    return model === SEVERAL ? undefined : model
  }

  #get(spanId: string): string | typeof SEVERAL | undefined {
    return this.#newer.get(spanId) ?? this.#older.get(spanId)
  }
}
