// What the embedded backend answers about calls that another trace continues, as types alone, as answers.ts does.
import type { TracesData } from '../../shared/otlp/trace'

/** What says that the one called the other: a request, a message, a child process, a session of an agent, a model's answer. */
export type BreakKind = 'http' | 'mcp' | 'message' | 'process' | 'session' | 'response'

export interface BreakEnd {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly service: string
}

/** A call that was not told which trace it belongs to: the root of the other trace is what was called. */
export interface TraceBreak {
  readonly kind: BreakKind
  readonly caller: BreakEnd
  readonly callee: BreakEnd
}

/** `GET /api/afn/traces/{id}/breaks`: those of which the trace is either end. */
export interface BreaksAnswer {
  readonly breaks: readonly TraceBreak[]
}

/** `GET /api/afn/traces/{id}/provider-side`: what providers sent in other traces of their own side of this trace's calls. */
export interface ProviderSideAnswer {
  readonly traces: readonly (TracesData & { readonly traceId: string })[]
}
