/**
 * Public entry `@afn/otel/redact`; also what the SDK and the browser import. No dependency on Node or on a browser.
 */
import { createRedactor } from './redactor'

export type { Counts } from './counts'
export { type CustomDetector, type DetectorDefinition, defineDetector } from './define'
export type { Entity } from './entities'
export type { Listed, ListedValue } from './lists'
export type { Hmac, Mode } from './modes'
export type { RedactableLog, RedactableSpan } from './records'
export { createRedactor, type RedactOptions, type Redactor } from './redactor'

let shared: ReturnType<typeof createRedactor> | undefined

/** The text with every e-mail address, card, phone number and secret masked (`[EMAIL]`, `[CARD]` …): default rules. */
export function redact(text: string): string {
  shared ??= createRedactor()
  return shared.text(text)
}
