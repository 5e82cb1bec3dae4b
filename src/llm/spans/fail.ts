// How work that failed looks as a span. Called by `./api`, by the AI SDK's spans and by the MCP instrumentation.
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '../../../semconv'
import { failureName } from '../observe/failure'

export function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  span.setAttribute(ATTR_ERROR_TYPE, failureName(error))
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 512) })
  span.recordException(error instanceof Error ? error : message)
}
