// Assembles the chunks of a streamed invocation. Inside the frames, each model uses the protocol of its vendor, so the first chunk selects
// the fold.
import type { Frame } from '../../wire/eventstream'
import { type Doc, doc, docs, text } from '../../wire/json'
import { anthropicMessages } from '../anthropic/messages'
import { update } from '../fold'
import { openaiChat } from '../openai/chat'
import type { Fold, FoldOptions } from '../protocol'
import { ConverseFold } from './converse-fold'
import { exceptionOf } from './errors'
import { TextFold } from './texts'
import { METRICS } from './usage'

export class InvokeFold implements Fold {
  #inner: Fold | undefined
  /** What Bedrock itself adds to the last chunk, and an exception frame. */
  readonly #added: Doc = {}

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#added[METRICS] !== undefined || this.#added.error !== undefined
  }

  get complete(): boolean {
    return this.#inner?.complete === true
  }

  document(): unknown {
    return { ...doc(this.#inner?.document()), ...this.#added }
  }

  done(): void {}

  frame({ kind, type, payload }: Frame, parse: (json: Buffer) => unknown): boolean {
    const body = parse(payload)
    if (kind === 'exception') {
      update(this.#added, exceptionOf(type, body))
      return false
    }
    const chunk = doc(parse(Buffer.from(text(doc(body)?.bytes) ?? '', 'base64')))
    return chunk ? this.event(chunk) : false
  }

  event(chunk: Doc): boolean {
    for (const [name, value] of Object.entries(chunk)) if (name.startsWith('amazon-bedrock-')) this.#added[name] = value
    this.#inner ??= foldFor(chunk, this.options)
    return this.#inner.event(chatShaped(chunk))
  }
}

function foldFor(chunk: Doc, options: FoldOptions): Fold {
  if (/^(?:message|content_block|ping|error)/.test(String(chunk.type))) return anthropicMessages.fold(options)
  if (Object.keys(chunk).some(name => /^(?:message|contentBlock)(?:Start|Delta|Stop)$/.test(name))) {
    return new ConverseFold(options)
  }
  return Array.isArray(chunk.choices) ? openaiChat.fold(options) : new TextFold(options)
}

/** Chat completions in the variant of Mistral and DeepSeek on Bedrock: `stop_reason`, and a `text` or a `message` in the stream. */
export function chatShaped(answer: Doc): Doc {
  if (!Array.isArray(answer.choices)) return answer
  const choices = docs(answer.choices).map(choice => {
    const message = choice.message ?? (typeof choice.text === 'string' ? { content: choice.text } : undefined)
    return {
      ...choice,
      finish_reason: choice.finish_reason ?? choice.stop_reason,
      message,
      delta: choice.delta ?? message,
    }
  })
  return { ...answer, choices }
}
