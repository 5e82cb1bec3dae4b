/** The span that runs now, as far as code runs synchronously. */
import type { SpanContext } from './otlp'

let active: SpanContext | undefined

export const activeSpan = (): SpanContext | undefined => active

/** Runs the function inside the span. */
export function runIn<T>(context: SpanContext | undefined, inside: () => T): T {
  const outer = active
  active = context
  try {
    return inside()
  } finally {
    active = outer
  }
}
