// Assembles the events of streams of Cohere's first API version; the last event repeats the whole answer.
import { type Doc, doc, docs } from '../../wire/json'
import { joined, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class CohereFoldV1 implements Fold {
  readonly #answer: Doc = {}
  #complete = false
  #text: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    return { text: this.#text, ...this.#answer }
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.generation_id) this.#answer.generation_id = event.generation_id
    switch (event.event_type) {
      case 'text-generation':
        if (this.options.content) this.#text = joined(this.#text, event.text)
        return true
      case 'tool-calls-chunk':
        return true
      case 'tool-calls-generation':
        this.#answer.tool_calls = docs(event.tool_calls)
        return true
      case 'stream-end': {
        const reason = event.finish_reason
        update(this.#answer, { finish_reason: reason, ...doc(event.response) })
        this.#complete = true
        return false
      }
      default:
        return false
    }
  }
}
