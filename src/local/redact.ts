// Redacts what was received, for clients that did not.
import type { Redactor } from '../redact'
import { messages } from './otlp/messages'
import type { Document, Message } from './otlp/schema'

/** @returns what redacts a request of OTLP in place: every attribute with what its key gives away, every other text */
export function createDocumentRedactor(redactor: Redactor): (message: Message, document: Document) => void {
  function walk(message: Message, document: Document): void {
    for (const [name, value] of Object.entries(document)) {
      const type = message.byName.get(name)?.type
      if (type === messages.KeyValue) document[name] = attributes(value as KeyValue[])
      else if (type === messages.AnyValue)
        document[name] = typed(redactor.value(name, plain(value as Document)), value as Document)
      else if (type === 'string') document[name] = redactor.text(value as string)
      else if (typeof type === 'object') for (const one of [value].flat()) walk(type, one as Document)
    }
  }

  function attributes(list: readonly KeyValue[]): KeyValue[] {
    return list.flatMap(({ key = '', value = {} }) => {
      const redacted = Object.entries(redactor.attributes({ [key]: plain(value) }))
      return redacted.map(([name, result]) => ({ key: name, value: typed(result, value) }))
    })
  }

  return walk
}

const { ResourceSpans, ScopeSpans, Span, ResourceLogs, ScopeLogs, LogRecord, ResourceMetrics, ScopeMetrics, Metric } =
  messages
const records = new Set<unknown>([Span, LogRecord, Metric])
const holders = new Set<unknown>([ResourceSpans, ScopeSpans, ResourceLogs, ScopeLogs, ResourceMetrics, ScopeMetrics])

/** Milliseconds after which other work gets its turn. */
const STRETCH = 8

/**
 * Does something with each record, and with what the records stand in, without keeping other work from its turn.
 * @param visit gets a message whose records were taken out, or one record
 */
export async function eachPart(
  message: Message,
  document: Document,
  visit: (message: Message, document: Document) => void,
): Promise<void> {
  let turn = performance.now()
  for (const [type, part] of partsOf(message, document)) {
    visit(type, part)
    if (performance.now() - turn < STRETCH) continue
    await new Promise(resolve => setTimeout(resolve))
    turn = performance.now()
  }
}

function* partsOf(message: Message, document: Document): Generator<[Message, Document]> {
  const lists: [string, unknown][] = []
  for (const [name, value] of Object.entries(document)) {
    const type = message.byName.get(name)?.type as Message
    const isHolder = holders.has(type)
    if (!isHolder && !records.has(type)) continue
    for (const one of value as Document[])
      if (isHolder) yield* partsOf(type, one)
      else yield [type, one]
    lists.push([name, value])
    delete document[name]
  }
  yield [message, document]
  for (const [name, value] of lists) document[name] = value
}

interface KeyValue {
  readonly key?: string
  readonly value?: Document
}

/** As the redactor knows values. Bytes are mostly text, which it reads better as such. */
function plain(value: Document): unknown {
  if (value.stringValue !== undefined) return value.stringValue
  if (value.boolValue !== undefined) return value.boolValue
  if (value.intValue !== undefined || value.doubleValue !== undefined)
    return Number(value.intValue ?? value.doubleValue)
  if (value.arrayValue !== undefined) return elementsOf(value).map(plain)
  if (value.bytesValue !== undefined) return textOrBytes(value.bytesValue as string)
  if (value.kvlistValue === undefined) return undefined
  return Object.fromEntries(entriesOf(value).map(entry => [entry.key ?? '', plain(entry.value ?? {})]))
}

/** Back to a value of OTLP: the given one where nothing changed, so that an integer stays one, and a large one whole. */
function typed(result: unknown, given: Document): Document {
  if (result === undefined || result instanceof Uint8Array || Object.is(result, plain(given))) return given
  if (Array.isArray(result)) {
    const elements = elementsOf(given)
    return { arrayValue: { values: result.map((one, at) => typed(one, elements[at] ?? {})) } }
  }
  if (typeof result === 'object' && result !== null) {
    const entries = new Map(entriesOf(given).map(({ key = '', value = {} }) => [key, value]))
    const values = Object.entries(result).map(([key, value]) => ({ key, value: typed(value, entries.get(key) ?? {}) }))
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

const elementsOf = ({ arrayValue }: Document): Document[] =>
  (arrayValue as { values?: Document[] } | undefined)?.values ?? []
const entriesOf = ({ kvlistValue }: Document): KeyValue[] =>
  (kvlistValue as { values?: KeyValue[] } | undefined)?.values ?? []
