// Assembles the parts of a stream into the non-streamed result.
import type { Doc } from '../../wire/json'
import { joined, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'

export class LanguageFold implements Fold {
  readonly #answer: Doc = {}
  complete = false
  readonly #content: Doc[] = []
  /** Its texts and reasoning, `<type>/<id>`. */
  readonly #blocks = new Map<string, Doc>()

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete
  }

  document(): unknown {
    return { ...this.#answer, content: this.#content }
  }

  done(): void {}

  event(part: Doc): boolean {
    switch (part.type) {
      case 'response-metadata':
        this.#answer.response = part
        return false
      case 'finish':
        update(this.#answer, part)
        this.complete = true
        return false
      case 'error':
        this.#answer.error ??= part.error
        return false
      case 'text-delta':
      case 'reasoning-delta':
        if (this.options.content) this.#grow(part)
        return true
      case 'tool-call':
      case 'tool-result':
      case 'file':
        if (this.options.content) this.#content.push(part)
        return true
      default:
        return part.type === 'tool-input-delta'
    }
  }

  #grow({ type, id, delta, textDelta }: Doc): void {
    const kind = type === 'text-delta' ? 'text' : 'reasoning'
    const name = `${kind}/${id}`
    let block = this.#blocks.get(name)
    if (!block) {
      block = { type: kind, id }
      this.#content.push(block)
      this.#blocks.set(name, block)
    }
    block.text = joined(block.text, delta ?? textDelta)
  }
}
