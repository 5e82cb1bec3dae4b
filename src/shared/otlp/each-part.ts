// Goes through a request record by record, so that a large one keeps no other request waiting.
import { messages } from './messages'
import type { Document, Message } from './schema'
import { inTurns } from './turns'

const { ResourceSpans, ScopeSpans, Span, ResourceLogs, ScopeLogs, LogRecord, ResourceMetrics, ScopeMetrics, Metric } =
  messages
const records = new Set<unknown>([Span, LogRecord, Metric])
const holders = new Set<unknown>([ResourceSpans, ScopeSpans, ResourceLogs, ScopeLogs, ResourceMetrics, ScopeMetrics])

/** Does something with one message, with pauses where it takes long. */
type Visit = (message: Message, document: Document) => Generator<void> | void

/**
 * Does something with each record, and with what the records stand in, without keeping other work from its turn.
 * @param visit gets a message whose records were taken out, or one record
 */
export function eachPart(message: Message, document: Document, visit: Visit): Promise<void> {
  return inTurns(visited(message, document, visit))
}

function* visited(message: Message, document: Document, visit: Visit): Generator<void, void> {
  const lists: [string, unknown][] = []
  for (const [name, value] of Object.entries(document)) {
    const type = message.byName.get(name)?.type as Message
    const isHolder = holders.has(type)
    if (!isHolder && !records.has(type)) continue
    for (const one of value as Document[]) {
      if (isHolder) yield* visited(type, one, visit)
      else yield* visit(type, one) ?? []
      yield
    }
    lists.push([name, value])
    delete document[name]
  }
  yield* visit(message, document) ?? []
  for (const [name, value] of lists) document[name] = value
}
