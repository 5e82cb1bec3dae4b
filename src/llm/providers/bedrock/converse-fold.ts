// Puts the events of converse-stream together into the answer of converse. Called by the protocol with frames, one fold a
// stream, and by that of invocations: Nova's own streams tell the same events as documents, `{"messageStop": {…}}`.

import type { Frame } from '../../observe/wire/eventstream'
import { count, type Doc, doc, parsed } from '../../observe/wire/value'
import { joined } from '../joined'
import type { Fold, FoldOptions } from '../protocol'
import { exceptionOf } from './error'

export class ConverseFold implements Fold {
  #stopped = false
  #ended = false
  #answer: Doc = {}
  readonly #blocks: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  /** The counts come after the stop. */
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

  frame({ kind, type, payload }: Frame): boolean {
    if (kind === 'event' && type === 'contentBlockDelta' && !this.options.content) return true
    const told = parsed(payload.toString())
    if (kind === 'event') return this.event({ [type]: told })
    this.#answer = { ...this.#answer, ...exceptionOf(type, told) }
    this.#ended = true
    return false
  }

  event(event: Doc): boolean {
    const stop = doc(event.messageStop)
    if (stop) {
      this.#stopped = true
      this.#answer = { ...this.#answer, ...stop }
    }
    const metadata = doc(event.metadata)
    if (metadata) {
      this.#ended = true
      this.#answer = { ...this.#answer, ...metadata }
    }
    const start = doc(event.contentBlockStart)
    if (start) {
      if (this.options.content) this.#blocks[count(start.contentBlockIndex) ?? 0] = { ...doc(start.start) }
      return doc(start.start)?.toolUse !== undefined
    }
    const delta = doc(event.contentBlockDelta)
    if (!delta) return false
    if (this.options.content) {
      const at = count(delta.contentBlockIndex) ?? 0
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
  return typeof delta.text === 'string' ? { ...block, text: joined(block.text, delta.text) } : { ...block, ...delta }
}
