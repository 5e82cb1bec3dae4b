// The redactor of who brings none: secrets, e-mail addresses, cards and URLs are masked by the redaction's core, as before a page's engine has come
// (decision 7). Content is none of its business: without a whole redactor there is none.
import { isContentEvent, isContentKey, isMessages } from '../../shared/redact/content'
import { redactCore } from '../../shared/redact/core'
import type { SpanRedactor } from './options'

type Attributes = Record<string, unknown>

function redactedValue(value: unknown): unknown {
  if (typeof value === 'string') return redactCore(value)
  return Array.isArray(value) ? value.map(redactedValue) : value
}

function attributesOf<T extends Record<string, unknown>>(attributes: T): T {
  const left: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(attributes))
    if (!isContentKey(key) && !isMessages(value)) left[redactCore(key)] = redactedValue(value)
  return left as T
}

export const coreRedactor: SpanRedactor = {
  attributes: attributesOf,
  span(span) {
    span.name = redactCore(span.name)
    const { message } = span.status
    if (message) span.status = { ...span.status, message: redactCore(message) }
    span.attributes = attributesOf(span.attributes)
    const redacted = <Part extends { attributes?: Attributes | undefined }>(part: Part): Part =>
      part.attributes ? { ...part, attributes: attributesOf(part.attributes) } : part
    const events = span.events.filter(({ name }) => !isContentEvent(name))
    span.events = events.map(event => redacted({ ...event, name: redactCore(event.name) }))
    span.links = span.links.map(redacted)
  },
}
