/** What an app records by a single call. May be called before the start. */
import { activeSpan } from './context'
import { guarded } from './diagnose'
import { describeError } from './exception'
import type { Attributes } from './otlp'
import { event } from './record'

/** An event with a name and attributes of the app's own, in the span that runs now. */
export function recordCustomEvent(name: string, attributes: Attributes = {}): void {
  event(name, attributes, 9, activeSpan())
}

/** An error that the app caught; in sessions that aren't sampled too. */
export const captureError: (error: unknown, attributes?: Attributes) => void = /* @__PURE__ */ guarded(
  (error: unknown, attributes?: Attributes) =>
    event('exception', { ...describeError(error), ...attributes }, 17, activeSpan()),
)
