/** Which answer a page is to rate, where the page gets the answer without a `Response`: of a server action, or of a chat's messages. */
import { isSpanContextValid, trace } from '@opentelemetry/api'

/**
 * The ids of the span that is active, for `target` of the page's `recordFeedback()`. They say nothing but where the trace is. Call it
 * in the route, the server action or the component that answers.
 * @returns undefined where nothing is traced
 */
export function feedbackTarget(): { traceId: string; spanId: string } | undefined {
  const context = trace.getActiveSpan()?.spanContext()
  return context && isSpanContextValid(context) ? { traceId: context.traceId, spanId: context.spanId } : undefined
}
