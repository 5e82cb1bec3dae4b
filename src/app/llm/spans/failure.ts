// Sets the attributes of failed work on its span.
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE, ERROR_TYPE_VALUE_OTHER } from '../../../../semconv'

export function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  span.setAttribute(ATTR_ERROR_TYPE, failureName(error))
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 512) })
  span.recordException(error instanceof Error ? error : message)
}

/** The value of `error.type`. undici's errors only have the message `fetch failed`; the cause has the reason. */
export function failureName(error: unknown): string {
  return named((error as Error | undefined)?.cause) ?? named(error) ?? ERROR_TYPE_VALUE_OTHER
}

function named(error: unknown): string | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && code) return code
  return typeof name === 'string' && name !== '' && name !== 'Error' ? name : undefined
}
