// Whose work a piece of code is, kept in the context.
import { type Attributes, type Context, createContextKey } from '@opentelemetry/api'

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

/** What the code around says of its work; the inner word counts. */
export function saidAround(context: Context, name: string): string | undefined {
  for (let scope = scopeOf(context); scope; scope = scope.outer) {
    const value = scope.set[name]
    if (typeof value === 'string') return value
  }
  return undefined
}
