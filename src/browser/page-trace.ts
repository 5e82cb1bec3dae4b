/** `traceparent` (https://www.w3.org/TR/trace-context/) as the page brings it. */
import type { SpanContext } from './otlp'
import { navigationEntry } from './timeline'

/** The server's trace in which the page came: of `<meta name="traceparent">`, or of `Server-Timing: traceparent`. */
export function pageTrace(): SpanContext | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=traceparent]')?.content
  const timing = navigationEntry().serverTiming?.find(({ name }) => name === 'traceparent')?.description
  const [, traceId, spanId] = /^00-([\da-f]{32})-([\da-f]{16})-/.exec(meta ?? timing ?? '') ?? []
  return traceId && spanId ? { traceId, spanId } : undefined
}
