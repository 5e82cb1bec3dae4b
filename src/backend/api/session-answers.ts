// Types of the answers about sessions and model calls. As in answers.ts, times are seconds and ids hexadecimal.
import type { UnpricedReason } from '../../app/llm/report/cost/unpriced'
import type { Usage } from './answers'

export type SessionKind = 'session' | 'conversation'

export interface Session extends Usage {
  readonly kind: SessionKind
  readonly id: string
  readonly user: string | null
  readonly start: number
  readonly end: number
  readonly traces: number
  readonly errors: number
}

/** `GET /api/afn/sessions` */
export interface SessionsAnswer {
  readonly sessions: readonly Session[]
  /** Whether the list has all sessions. */
  readonly complete: boolean
}

export interface Turn {
  readonly traceId: string
  readonly spanId: string
  readonly start: number
  readonly durationMs: number
  readonly name: string
  readonly model: string | null
  readonly user: string | null
  readonly costUsd: number | null
  /** Why an answered call has no cost. */
  readonly unpriced: UnpricedReason | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly ttftMs: number | null
  readonly status: 'unset' | 'ok' | 'error'
  /** The JSON text of `gen_ai.input.messages`, if content was captured. */
  readonly inputMessages: string | null
  readonly outputMessages: string | null
  /** The JSON text of `gen_ai.system_instructions`; a system prompt may also be the first message. */
  readonly systemInstructions: string | null
}

/** `GET /api/afn/traces/{id}/calls`: the model calls of a trace, session or conversation, and other spans with a cost. */
export interface CallsAnswer {
  /** Over all calls, including those on other pages. */
  readonly sum: Usage
  readonly byModel: readonly (Usage & { readonly model: string | null })[]
  /** Oldest or most expensive first. */
  readonly turns: readonly Turn[]
  /** Pass it as `after` to get the next page; null on the last page. */
  readonly next: string | null
}

/** `GET /api/afn/sessions/{kind}/{id}` */
export interface SessionAnswer extends CallsAnswer {
  readonly kind: SessionKind
  readonly id: string
}
