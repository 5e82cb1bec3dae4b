// What our own routes answer of sessions and of calls of models, as types alone: times are seconds, ids hexadecimal, as in answers.ts.
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
  /** Whether these are all that there are. */
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
  /** Why there is no cost, of a call that was answered. */
  readonly unpriced: UnpricedReason | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly ttftMs: number | null
  readonly status: 'unset' | 'ok' | 'error'
  /** The JSON text of `gen_ai.input.messages`, where content was captured. */
  readonly inputMessages: string | null
  readonly outputMessages: string | null
  /** The JSON text of `gen_ai.system_instructions`; a system prompt may also be the first of the messages. */
  readonly systemInstructions: string | null
}

/** Calls of models of a trace, a session or a conversation, and what else has a cost of its own. `GET /api/afn/traces/{id}/calls` */
export interface CallsAnswer {
  /** Of all calls, those too that this page leaves out. */
  readonly sum: Usage
  readonly byModel: readonly (Usage & { readonly model: string | null })[]
  /** The oldest first, or the most expensive. */
  readonly turns: readonly Turn[]
  /** The `after` of the next page; null: these are the last ones. */
  readonly next: string | null
}

/** `GET /api/afn/sessions/{kind}/{id}` */
export interface SessionAnswer extends CallsAnswer {
  readonly kind: SessionKind
  readonly id: string
}
