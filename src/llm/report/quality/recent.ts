// Remembers a little of spans that have ended, since judges take their time. Filled by the sdk's export path, asked by
// `record.ts`.
import type { Attributes, HrTime } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../../semconv'
import type { LlmSpan } from '../../spans/span'
import { TRACE_NAME, TRACE_TAGS } from '../langfuse/names'

export interface Ended {
  readonly endTime: HrTime
  readonly model: string | undefined
  readonly responseId: string | undefined
  /** Whose it is and what trace it is of, as LangFuse wants it on each observation. */
  readonly belongsTo: Attributes
}

const belongings = [ATTR_USER_ID, ATTR_SESSION_ID, ATTR_GEN_AI_CONVERSATION_ID, TRACE_NAME, TRACE_TAGS]
const nothing: Attributes = {}

/** At least so many are known, at most twice as many: some hundred kilobytes. */
const most = 2_048

/**
 * In two halves, the older of which goes whole. Out of one map the oldest would go one by one, and to find it V8 walks over
 * the places of all that went before: 10 µs a span once the map is full.
 */
export class RecentSpans {
  #newer = new Map<string, Ended>()
  #older = new Map<string, Ended>()

  add(span: LlmSpan): void {
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

  get(spanId: string): Ended | undefined {
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
  if (attributes[ATTR_AFN_LLM_LOCAL_ROOT] === true) return { [TRACE_NAME]: name, ...known }
  return known ?? nothing
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
