// Which failed calls a client may try again.
import { ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../../semconv'
import type { LlmSpan } from './span'

/** Clients try again what timed out, what was refused for its rate, what the server failed at, and what had no answer at all. */
export function mayBeRepeated({ attributes }: Pick<LlmSpan, 'attributes'>): boolean {
  const answered = attributes[ATTR_HTTP_RESPONSE_STATUS_CODE]
  return typeof answered !== 'number' || answered >= 500 || [408, 409, 425, 429].includes(answered)
}
