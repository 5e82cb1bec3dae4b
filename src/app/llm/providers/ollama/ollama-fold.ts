// Assembles the lines of a streamed Ollama answer into the non-streamed one.
import { type Doc, doc, docs, text } from '../../wire/json'
import { joined, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class OllamaFold implements Fold {
  readonly #last: Doc = {}
  #complete = false
  readonly #message: Doc = { role: 'assistant' }
  readonly #calls: Doc[] = []
  #response: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete || this.#last.error !== undefined
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    return { ...this.#last, response: this.#response, message: { ...this.#message, tool_calls: this.#calls } }
  }

  done(): void {}

  event(line: Doc): boolean {
    update(this.#last, line)
    if (line.done === true) this.#complete = true
    const message = doc(line.message) ?? { thinking: line.thinking }
    const calls = docs(message.tool_calls)
    if (this.options.content) {
      this.#calls.push(...calls)
      this.#response = joined(this.#response, line.response)
      for (const key of ['content', 'thinking']) this.#message[key] = joined(this.#message[key], message[key])
    }
    const words = text(message.content) ?? text(message.thinking) ?? text(line.response)
    return words !== undefined || calls.length > 0
  }
}

export const significantEvent = /"(?:done"\s*:\s*true|error")/
