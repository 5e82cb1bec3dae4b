// Whose work a piece of code is, kept in the context. Written by the structure API, read where spans end.
import { type Attributes, type Context, createContextKey } from '@opentelemetry/api'

/** The inner word counts. `set` is open for later: `setUser()` writes into the scope that it is called in. */
export interface Scope {
  readonly set: Attributes
  readonly outer: Scope | undefined
}

// a symbol of the global registry, so that every copy of this module has the same
const key = createContextKey('@afn/otel scope')

export function scopeOf(context: Context): Scope | undefined {
  return context.getValue(key) as Scope | undefined
}

export function withScope(context: Context, set: Attributes): Context {
  return context.setValue(key, { set, outer: scopeOf(context) } satisfies Scope)
}
