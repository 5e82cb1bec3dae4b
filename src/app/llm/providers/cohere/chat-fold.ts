// Assembles the events of a streamed Cohere chat into the non-streamed answer.
import { type Doc, doc } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class CohereChatFold implements Fold {
  #answer: Doc = {}
  #complete = false
  #plan: unknown
  readonly #content: Doc[] = []
  readonly #calls: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    const message = {
      tool_plan: this.#plan,
      content: this.#content.filter(Boolean),
      tool_calls: this.#calls.filter(Boolean),
    }
    return { ...this.#answer, message }
  }

  done(): void {}

  event(event: Doc): boolean {
    const delta = doc(event.delta) ?? {}
    const message = doc(delta.message) ?? {}
    switch (event.type) {
      case 'message-start':
        this.#answer = { id: event.id }
        return false
      case 'message-end':
        update(this.#answer, delta)
        this.#complete = true
        return false
      case 'tool-plan-delta':
        if (this.options.content) this.#plan = joined(this.#plan, message.tool_plan)
        return true
      case 'content-start':
        this.#grow(this.#content, event, doc(message.content), content)
        return false
      case 'content-delta':
        this.#grow(this.#content, event, doc(message.content), content)
        return true
      case 'tool-call-start':
      case 'tool-call-delta':
        this.#grow(this.#calls, event, doc(message.tool_calls), called)
        return true
      default:
        return false
    }
  }

  #grow(parts: Doc[], event: Doc, piece: Doc | undefined, add: (known: Doc, piece: Doc) => Doc): void {
    if (!this.options.content || !piece) return
    const index = placeOf(event.index, Math.max(0, parts.length - 1))
    parts[index] = add(parts[index] ?? {}, piece)
  }
}

function content(known: Doc, piece: Doc): Doc {
  const type = piece.type ?? known.type ?? (piece.thinking === undefined ? 'text' : 'thinking')
  return { type, text: joined(known.text, piece.text), thinking: joined(known.thinking, piece.thinking) }
}

function called(known: Doc, piece: Doc): Doc {
  const before = doc(known.function) ?? {}
  const now = doc(piece.function) ?? {}
  return {
    id: piece.id ?? known.id,
    function: { name: now.name ?? before.name, arguments: joined(before.arguments, now.arguments) },
  }
}
