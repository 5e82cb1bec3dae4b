// Decides which failed calls a client may retry.
import { ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../../semconv'
import type { LlmSpan } from './span'

/** Clients retry timeouts, rate limit errors, server errors and requests without a response. */
export function mayBeRepeated({ attributes }: Pick<LlmSpan, 'attributes'>): boolean {
  const answered = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  return typeof answered !== 'number' || answered >= 500 || [408, 409, 425, 429].includes(answered)
}
