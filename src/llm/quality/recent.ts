// Remembers a little of spans that have ended, since judges take their time. Filled by the sdk's export path, asked by
// `record.ts`.
import type { HrTime } from '@opentelemetry/api'
import { ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_RESPONSE_ID } from '../../../semconv'
import type { LlmSpan } from '../span'

export interface Ended {
  readonly endTime: HrTime
  readonly model: string | undefined
  readonly responseId: string | undefined
}

/** At least so many are known, at most twice as many: some hundred kilobytes. */
const most = 2_048

/**
 * In two halves, the older of which goes whole. Out of one map the oldest would go one by one, and to find it V8 walks over
 * the places of all that went before: 10 µs a span once the map is full.
 */
export class RecentSpans {
  #newer = new Map<string, Ended>()
  #older = new Map<string, Ended>()

  add({ context, endTime, attributes }: LlmSpan): void {
    if (this.#newer.size >= most) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(context.spanId, {
      endTime,
      model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
      responseId: text(attributes[ATTR_GEN_AI_RESPONSE_ID]),
    })
  }

  get(spanId: string): Ended | undefined {
    return this.#newer.get(spanId) ?? this.#older.get(spanId)
  }
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
