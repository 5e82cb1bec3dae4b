// Assembles the events of converse-stream into the answer of converse. Nova's own streams have the same events as documents,
// `{"messageStop": {…}}`.
import type { Frame } from '../../wire/eventstream'
import { type Doc, doc } from '../../wire/json'
import { joined, placeOf, update } from '../fold'
import type { Fold, FoldOptions } from '../protocol'
import { exceptionOf } from './errors'

export class ConverseFold implements Fold {
  #stopped = false
  #ended = false
  readonly #answer: Doc = {}
  readonly #blocks: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  /** The usage follows the stop event. */
  get ended(): boolean {
    return this.#ended
  }

  get complete(): boolean {
    return this.#stopped
  }

  document(): unknown {
    return { ...this.#answer, output: { message: { content: Object.values(this.#blocks) } } }
  }

  done(): void {}

  frame({ kind, type, payload }: Frame, parse: (json: Buffer) => unknown): boolean {
    if (kind === 'event' && type === 'contentBlockDelta' && !this.options.content) return true
    const body = parse(payload)
    if (kind === 'event') return this.event({ [type]: body })
    update(this.#answer, exceptionOf(type, body))
    this.#ended = true
    return false
  }

  event(event: Doc): boolean {
    const stop = doc(event.messageStop)
    if (stop) {
      this.#stopped = true
      update(this.#answer, stop)
    }
    const metadata = doc(event.metadata)
    if (metadata) {
      this.#ended = true
      update(this.#answer, metadata)
    }
    const start = doc(event.contentBlockStart)
    if (start) {
      if (this.options.content) this.#blocks[placeOf(start.contentBlockIndex)] = { ...doc(start.start) }
      return doc(start.start)?.toolUse !== undefined
    }
    const delta = doc(event.contentBlockDelta)
    if (!delta) return false
    if (this.options.content) {
      const at = placeOf(delta.contentBlockIndex)
      this.#blocks[at] = grown(this.#blocks[at] ?? {}, doc(delta.delta) ?? {})
    }
    return true
  }
}

function grown(block: Doc, delta: Doc): Doc {
  const tool = doc(delta.toolUse)
  if (tool) {
    const known = doc(block.toolUse)
    return { toolUse: { ...known, input: joined(known?.input, tool.input) } }
  }
  const reasoning = doc(delta.reasoningContent)
  if (reasoning) {
    const known = doc(doc(block.reasoningContent)?.reasoningText)
    return { reasoningContent: { reasoningText: { text: joined(known?.text, reasoning.text) } } }
  }
  return typeof delta.text === 'string' ? update(block, { text: joined(block.text, delta.text) }) : update(block, delta)
}
