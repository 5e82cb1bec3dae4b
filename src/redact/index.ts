/**
 * Public entry `@afn/otel/redact`; also what the SDK and the browser import. No dependency on Node or on a browser.
 */
import { createRedactor } from './redactor'

export type { RedactableLog, RedactableSpan } from './records'
export { createRedactor, type RedactOptions, type Redactor } from './redactor'

let shared: ReturnType<typeof createRedactor> | undefined

/** The text with every e-mail address, card, phone number and secret masked (`[EMAIL]`, `[CARD]` …): default rules. */
export function redact(text: string): string {
  shared ??= createRedactor({ content: 'redacted' })
  return shared.text(text)
}
