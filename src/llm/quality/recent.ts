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

/** Some hundred kilobytes. */
const most = 4_096

export class RecentSpans {
  readonly #ended = new Map<string, Ended>()

  add({ context, endTime, attributes }: LlmSpan): void {
    this.#ended.set(context.spanId, {
      endTime,
      model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
      responseId: text(attributes[ATTR_GEN_AI_RESPONSE_ID]),
    })
    if (this.#ended.size > most) this.#ended.delete(this.#ended.keys().next().value as string)
  }

  get(spanId: string): Ended | undefined {
    return this.#ended.get(spanId)
  }
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
