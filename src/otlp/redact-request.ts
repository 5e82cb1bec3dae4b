// Redacts OTLP that strangers sent, whose own redaction nobody knows.

import type { Redactor } from '../redact'
import { type AnyValue, type KeyValue, plainScalar } from './any-value'
import { messages } from './messages'
import type { Document, Message } from './schema'

/** @returns what redacts a request of OTLP in place: every attribute with what its key gives away, every other text */
export function createDocumentRedactor(redactor: Redactor): (message: Message, document: Document) => void {
  function walk(message: Message, document: Document): void {
    for (const [name, value] of Object.entries(document)) {
      const type = message.byName.get(name)?.type
      if (type === messages.KeyValue) document[name] = attributes(value as SentKeyValue[])
      else if (type === messages.AnyValue) {
        const read = plain(value as AnyValue)
        document[name] = typed(redactor.value(name, read), read, value as AnyValue)
      } else if (type === 'string') document[name] = redactor.text(value as string)
      else if (typeof type === 'object') for (const one of [value].flat()) walk(type, one as Document)
    }
  }

  function attributes(list: readonly SentKeyValue[]): SentKeyValue[] {
    return list.flatMap(({ key = '', value = {} }) => {
      const read = plain(value)
      const redacted = Object.entries(redactor.attributes({ [key]: read }))
      return redacted.map(([name, result]) => ({ key: name, value: typed(result, read, value) }))
    })
  }

  return walk
}

/** A stranger may leave the key out. */
type SentKeyValue = Partial<KeyValue>

/** As the redactor knows values. Bytes are mostly text, which it reads better as such. */
function plain(value: AnyValue): unknown {
  if (value.arrayValue !== undefined) return elementsOf(value).map(plain)
  if (value.bytesValue !== undefined) return textOrBytes(value.bytesValue)
  if (value.kvlistValue === undefined) return plainScalar(value)
  return Object.fromEntries(entriesOf(value).map(entry => [entry.key ?? '', plain(entry.value ?? {})]))
}

/**
 * Back to a value of OTLP.
 * @param read what `plain` made of `sent`. Where the result is the same, the sent value stays: an integer one, and a
 *   large one whole
 */
function typed(result: unknown, read: unknown, sent: AnyValue): AnyValue {
  if (result === undefined || Object.is(result, read)) return sent
  if (result instanceof Uint8Array) return { bytesValue: Buffer.from(result).toString('base64') }
  if (Array.isArray(result)) {
    const [elements, parts] = [elementsOf(sent), read as unknown[]]
    return { arrayValue: { values: result.map((one, at) => typed(one, parts[at], elements[at] ?? {})) } }
  }
  if (typeof result === 'object' && result !== null) {
    const entries = new Map(entriesOf(sent).map(({ key = '', value = {} }) => [key, value]))
    const values = Object.entries(result).map(([key, value]) => {
      return { key, value: typed(value, (read as Record<string, unknown>)[key], entries.get(key) ?? {}) }
    })
    return { kvlistValue: { values } }
  }
  return { stringValue: String(result) }
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
const entriesOf = ({ kvlistValue }: AnyValue): readonly SentKeyValue[] => kvlistValue?.values ?? []
