// Redacts OTLP that strangers sent, whose own redaction nobody knows.

import type { Redactor } from '../redact'
import { isContentEvent } from '../redact/content'
import { PIECE } from '../redact/scan/ahead'
import { type AnyValue, type KeyValue, plainScalar } from './any-value'
import { messages } from './messages'
import type { Document, Message } from './schema'

/**
 * @returns what redacts a request of OTLP in place, with pauses in long texts: every attribute with what its key gives away, every
 *   other text
 */
export function createDocumentRedactor(redactor: Redactor): (message: Message, document: Document) => Generator<void> {
  function* walk(message: Message, document: Document): Generator<void> {
    const isContent = isContentEvent(eventName(message, document))
    for (const [name, value] of Object.entries(document)) {
      const type = message.byName.get(name)?.type
      if (type === messages.KeyValue) document[name] = yield* attributes(value as SentKeyValue[], isContent)
      else if (type === messages.AnyValue) {
        const read = plain(value as AnyValue)
        const result = yield* ahead(name, read, isContent, () => redactor.value(name, read, isContent))
        if (result === undefined && read !== undefined) delete document[name]
        else document[name] = typed(result, read, value as AnyValue)
      } else if (type === 'string') document[name] = Array.isArray(value) ? value.map(text) : text(value as string)
      else if (typeof type === 'object') for (const one of [value].flat()) yield* walk(type, one as Document)
    }
  }

  const text = (value: string) => redactor.text(value)

  function* attributes(list: readonly SentKeyValue[], isContent: boolean): Generator<void, SentKeyValue[]> {
    const all: SentKeyValue[] = []
    for (const { key = '', value = {} } of list) {
      const read = plain(value)
      const redacted = yield* ahead(key, read, isContent, () => redactor.attributes({ [key]: read }, isContent))
      for (const [name, result] of Object.entries(redacted)) all.push({ key: name, value: typed(result, read, value) })
    }
    return all
  }

  function* ahead<Result>(key: string, value: unknown, isContent: boolean, redact: () => Result) {
    const mayBeLong = typeof value === 'string' ? value.length > PIECE : typeof value === 'object'
    return mayBeLong ? yield* redactor.ahead({ [key]: value }, isContent, redact) : redact()
  }

  return walk
}

/** Of a span's event or a log record; older senders of logs have it among the attributes. */
function eventName(message: Message, { name, eventName, attributes }: Document): string {
  if (message === messages.Event) return String(name)
  if (message !== messages.LogRecord) return ''
  const older = (attributes as SentKeyValue[] | undefined)?.find(({ key }) => key === 'event.name')
  return String(eventName || older?.value?.stringValue)
}

/** A stranger may leave the key out. */
type SentKeyValue = Partial<KeyValue>

/** As the redactor knows values. Bytes are mostly text, which it reads better as such. */
function plain(value: AnyValue): unknown {
  if (value.arrayValue !== undefined) return elementsOf(value).map(plain)
  if (value.bytesValue !== undefined) return textOrBytes(value.bytesValue)
  if (value.kvlistValue === undefined) return plainScalar(value)
  const entries = byKey(value)
  // of several entries of one key one is read, so that no other may stay
  if (entries.size < entriesOf(value).length)
    Object.assign(value.kvlistValue, { values: Array.from(entries, ([key, value]) => ({ key, value })) })
  return Object.fromEntries(Array.from(entries, ([key, value]) => [key, plain(value)]))
}

/**
 * Back to a value of OTLP.
 * @param read what `plain` made of `sent`. Where the result is the same, the sent value stays: an integer one, and a
 *   large one whole
 */
function typed(result: unknown, read: unknown, sent: AnyValue): AnyValue {
  if (Object.is(result, read)) return sent
  if (result instanceof Uint8Array) return { bytesValue: Buffer.from(result).toString('base64') }
  if (Array.isArray(result)) {
    const [elements, parts] = [elementsOf(sent), Array.isArray(read) ? read : []]
    return { arrayValue: { values: result.map((one, at) => typed(one, parts[at], elements[at] ?? {})) } }
  }
  if (typeof result === 'object' && result !== null) {
    // an entry whose key was masked is not found there
    const [entries, parts] = [byKey(sent), new Map(Object.entries(read ?? {}))]
    const values = Object.entries(result).map(([key, value]) => {
      return { key, value: typed(value, parts.get(key), entries.get(key) ?? {}) }
    })
    return { kvlistValue: { values } }
  }
  if (typeof result === 'number') return { doubleValue: result }
  return typeof result === 'boolean' ? { boolValue: result } : { stringValue: String(result) }
}

function textOrBytes(base64: string): string | Uint8Array {
  const bytes = Buffer.from(base64, 'base64')
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes
  }
}
const utf8 = new TextDecoder('utf-8', { fatal: true })

const elementsOf = ({ arrayValue }: AnyValue): readonly AnyValue[] => arrayValue?.values ?? []
const byKey = (value: AnyValue): ReadonlyMap<string, AnyValue> =>
  new Map(entriesOf(value).map(({ key = '', value = {} }) => [key, value]))
const entriesOf = ({ kvlistValue }: AnyValue): readonly SentKeyValue[] => kvlistValue?.values ?? []
