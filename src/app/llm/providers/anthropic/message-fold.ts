// Assembles the events of a streamed message into the message of a non-streamed answer.
import { type Doc, doc } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class MessageFold implements Fold {
  #stopped = false
  #message: Doc = {}
  #usage: Doc | undefined
  #error: unknown
  readonly #blocks: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#stopped || this.#error !== undefined
  }

  get complete(): boolean {
    return this.#stopped
  }

  document(): unknown {
    return { ...this.#message, usage: this.#usage, error: this.#error, content: this.#blocks.map(whole) }
  }

  done(): void {}

  event(event: Doc): boolean {
    switch (event.type) {
      case 'message_start': {
        this.#message = doc(event.message) ?? {}
        // This output count only covers the first token; a truncated stream never reports the final one.
        const { output_tokens: _, ...usage } = doc(this.#message.usage) ?? {}
        if (Object.keys(usage).length) this.#usage = usage
        break
      }
      case 'content_block_start': {
        const block = doc(event.content_block)
        if (block && this.options.content) this.#blocks[placeOf(event.index, this.#blocks.length)] = { ...block }
        return block?.type !== 'text' && block?.type !== 'thinking'
      }
      case 'content_block_delta':
        if (this.options.content) grow(this.#blocks[placeOf(event.index)], doc(event.delta))
        return true
      case 'message_delta': {
        const counts = Object.entries(doc(event.usage) ?? {}).filter(([, value]) => value !== null)
        update(this.#message, doc(event.delta))
        if (counts.length) this.#usage = update(this.#usage ?? {}, Object.fromEntries(counts))
        break
      }
      case 'message_stop':
        this.#stopped = true
        break
      case 'error':
        this.#error = event.error
    }
    return false
  }
}

function grow(block: Doc | undefined, delta: Doc | undefined): void {
  if (!block || !delta) return
  if (delta.type === 'text_delta') block.text = joined(block.text, delta.text)
  else if (delta.type === 'thinking_delta') block.thinking = joined(block.thinking, delta.thinking)
  else if (delta.type === 'input_json_delta') block.partial = joined(block.partial, delta.partial_json)
}

/** A tool's input is streamed as fragments of JSON; without any, it keeps the empty object that the block started with. */
function whole(block: Doc): Doc {
  const { partial, ...rest } = block
  return typeof partial === 'string' && partial !== '' ? { ...rest, input: partial } : rest
}
