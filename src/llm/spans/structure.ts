// How work that failed looks as a span.
import { type Attributes, type Context, createContextKey, type Span, SpanStatusCode } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '../../../semconv'
import { failureName } from '../observe/failure'

export function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  span.setAttribute(ATTR_ERROR_TYPE, failureName(error))
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 512) })
  span.recordException(error instanceof Error ? error : message)
}

// Names of spans that have an operation.

/** A span's name: `invoke_agent support`, or the operation alone. */
export function spanName(operation: string, name: string | undefined): string {
  return name ? `${operation} ${name}` : operation
}

// Whose work a piece of code is, kept in the context.

/** The inner word counts. `set` is open for later: `setUser()` writes into the scope that it is called in. */
export interface Scope {
  readonly set: Attributes
  readonly outer: Scope | undefined
}

// a symbol of the global registry, so that every copy of this module has the same
export const scopeKey = createContextKey('@afn/otel scope')

export function scopeOf(context: Context): Scope | undefined {
  return context.getValue(scopeKey) as Scope | undefined
}

export function withScope(context: Context, set: Attributes): Context {
  return context.setValue(scopeKey, { set, outer: scopeOf(context) } satisfies Scope)
}
