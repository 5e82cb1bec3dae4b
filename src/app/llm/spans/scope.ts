// The scope of user and session attributes, kept in the context.
import { type Attributes, type Context, createContextKey } from '@opentelemetry/api'

/** The innermost scope takes precedence. `set` stays mutable: `setUser()` writes to the scope in which it is called. */
export interface Scope {
  readonly set: Attributes
  readonly outer: Scope | undefined
}

// a symbol of the global registry, so that all copies of this module share it
export const scopeKey = createContextKey('@afn/otel scope')

export function scopeOf(context: Context): Scope | undefined {
  return context.getValue(scopeKey) as Scope | undefined
}

export function withScope(context: Context, set: Attributes): Context {
  return context.setValue(scopeKey, { set, outer: scopeOf(context) } satisfies Scope)
}

/** The value of an attribute in the enclosing scopes; the innermost takes precedence. */
export function saidAround(context: Context, name: string): string | undefined {
  for (let scope = scopeOf(context); scope; scope = scope.outer) {
    const value = scope.set[name]
    if (typeof value === 'string') return value
  }
  return undefined
}
