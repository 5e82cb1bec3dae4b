/** What was thrown, in OpenTelemetry's words. */
import type { Attributes } from './otlp'

interface Thrown {
  readonly name?: unknown
  readonly message?: unknown
  readonly stack?: unknown
  readonly cause?: unknown
}

type Describe = (type: string, message: string, stack: string) => Attributes
let more: Describe | undefined

/** Adds attributes to every exception. */
export function describeMore(describe: Describe): void {
  more = describe
}

/** The stack with those of the causes, at most three. */
function stackOf({ stack, cause }: Thrown, depth = 0): string {
  if (!stack) return ''
  const below = depth < 3 && cause ? stackOf(Object(cause), depth + 1) : ''
  return below ? `${`${stack}`.slice(0, 2000)}\nCaused by: ${below}` : `${stack}`
}

/** @param thrown anything; of an object that is no error the keys are recorded, and not the values */
export function describeError(thrown: unknown): Attributes {
  const error: Thrown = Object(thrown)
  const isError = 'message' in error
  const type = `${(isError && error.name) || typeof thrown}`
  const message = `${isError ? error.message : error === thrown ? `with ${Object.keys(error).slice(0, 20)}` : thrown}`
  const stack = stackOf(error)
  return {
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stack || undefined,
    ...more?.(type, message, stack),
  }
}
