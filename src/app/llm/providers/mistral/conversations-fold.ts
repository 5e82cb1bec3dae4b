// Assembles the events of a stream into the non-streamed answer.
import { type Doc, doc, docs } from '../../wire/json'
import { joined } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

/** Events that start or continue an entry, with the type of the entry. */
const entries: Readonly<Record<string, string>> = {
  'message.output.delta': 'message.output',
  'function.call.delta': 'function.call',
  'tool.execution.started': 'tool.execution',
  'agent.handoff.started': 'agent.handoff',
}

export class ConversationFold implements Fold {
  readonly #answer: Doc = {}
  readonly #outputs = new Map<unknown, Doc>()
  complete = false

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete || this.#answer.error !== undefined
  }

  document(): unknown {
    return { ...this.#answer, outputs: [...this.#outputs.values()] }
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.conversation_id) this.#answer.conversation_id = event.conversation_id
    if (event.type === 'conversation.response.done') {
      this.#answer.usage = event.usage
      this.complete = true
    } else if (event.type === 'conversation.response.error') {
      this.#answer.error = { code: event.code, message: event.message }
    }
    const type = entries[String(event.type)]
    if (type) this.#grow(type, event)
    return type === 'message.output' || type === 'function.call'
  }

  #grow(type: string, event: Doc): void {
    const known = this.#outputs.get(event.id)
    if (!known) return void this.#outputs.set(event.id, { ...event, type })
    if (!this.options.content) return
    known.arguments = joined(known.arguments, event.arguments)
    known.content = grown(known.content, event.content)
  }
}

/** Concatenates texts; parts of other types arrive complete. */
function grown(known: unknown, piece: unknown): unknown {
  if (typeof known === 'string' && typeof piece === 'string') return joined(known, piece)
  const parts = Array.isArray(known) ? (known as Doc[]) : asParts(known)
  for (const part of asParts(piece)) {
    const last = doc(parts.at(-1))
    if (last?.type === 'text' && part.type === 'text') last.text = joined(last.text, part.text)
    else parts.push(part)
  }
  return parts
}

function asParts(content: unknown): Doc[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return docs([content].flat())
}
