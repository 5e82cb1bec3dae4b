// Goes through a request record by record, so that a large one keeps no other request waiting.
import { messages } from './messages'
import type { Document, Message } from './schema'
import { nextTurn } from './turns'

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
    await nextTurn()
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
