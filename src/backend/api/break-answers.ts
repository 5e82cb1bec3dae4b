// Types of the answers about calls that continue in another trace, as in answers.ts.
import type { TracesData } from '../../shared/otlp/trace'

/** What links caller and callee: a request, a message, a child process, an agent session, or a model's response. */
export type BreakKind = 'http' | 'mcp' | 'message' | 'process' | 'session' | 'response'

export interface BreakEnd {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly service: string
}

/** A call without context propagation: the callee is the root of another trace. */
export interface TraceBreak {
  readonly kind: BreakKind
  readonly caller: BreakEnd
  readonly callee: BreakEnd
}

/** `GET /api/afn/traces/{id}/breaks`: all breaks in which the trace is the caller or the callee. */
export interface BreaksAnswer {
  readonly breaks: readonly TraceBreak[]
}

/** `GET /api/afn/traces/{id}/provider-side`: the traces in which providers recorded their own side of this trace's calls. */
export interface ProviderSideAnswer {
  readonly traces: readonly (TracesData & { readonly traceId: string })[]
}
