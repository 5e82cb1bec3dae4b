// Gemini's Live API: a turn of the model, assembled from its messages as if generateContent had streamed it.

import { tellsModalities } from '../../usage'
import { type Doc, doc, docs, text } from '../../wire/json'
import type { Fold, FoldOptions, ParsedRequest, Protocol } from '../protocol'
import { parts, tools } from './content'
import { configured, googleGenerate } from './generate'
import { GenerateFold } from './generate-fold'
import { inBothStyles, member } from './members'
import { providerIn } from './request'

export const googleLive: Protocol = {
  ...googleGenerate,
  identifiableByHead: () => false, // it has no requests of its own
  requestFields: {
    ...inBothStyles('setup'),
    ...both('clientContent', { turnComplete: true, turn_complete: true }),
    ...both('toolResponse', {}),
    ...both('realtimeInput', { text: true, ...inBothStyles('activityEnd', 'audioStreamEnd') }),
  },
  requestContentFields: inBothStyles('clientContent', 'toolResponse'),
  request: (body, url) => request(doc(body), url),
  input(body) {
    const setup = doc(body)
    return {
      ...googleGenerate.input({ contents: setup?.contents }),
      system: parts(member(setup, 'systemInstruction')),
      tools: tools(setup?.tools),
    }
  },
  responseFields: { serverContent: true, toolCall: true, setupComplete: {}, usageMetadata: true, error: true },
  responseContentFields: {},
  fold: options => new LiveFold(options),
  response(document, header) {
    const answer = googleGenerate.response(document, header)
    const isCoarse = doc(document)?.hasSound === true && answer.usage && !tellsModalities(answer.usage)
    return { ...answer, unpriced: isCoarse ? 'usage' : answer.unpriced }
  },
}

/** @param setup includes the `contents` that were sent since the last turn */
function request(setup: Doc | undefined, url: URL): ParsedRequest {
  const model = text(setup?.model)?.split('/').at(-1)
  const attributes = configured(doc(member(setup, 'generationConfig')))
  return { model, provider: providerIn(url), stream: true, choices: 1, attributes }
}

/** A turn ends when the provider says so, which may be later than the end of the model's output. */
class LiveFold implements Fold {
  readonly #turn: GenerateFold
  #isStopped = false
  #hasSound = false

  constructor(options: FoldOptions) {
    this.#turn = new GenerateFold(options)
  }

  get ended(): boolean {
    return this.#turn.ended
  }

  get complete(): boolean {
    return !this.#isStopped && this.#turn.complete
  }

  event(message: Doc): boolean {
    const content = doc(message.serverContent) ?? {}
    if (content.interrupted === true) this.#isStopped = true
    const said = docs(doc(content.modelTurn)?.parts)
    const transcript = text(doc(content.outputTranscription)?.text)
    const called = docs(doc(message.toolCall)?.functionCalls)
    const sound = said.some(part => doc(part.inlineData))
    if (sound || message.hasSound === true) this.#hasSound = true
    const carried = this.#turn.event({
      usageMetadata: message.usageMetadata,
      error: message.error,
      candidates: [
        {
          finishReason: this.#reason(content, called.length > 0),
          content: {
            parts: [
              ...said.filter(part => !doc(part.inlineData)),
              ...(transcript === undefined ? [] : [{ text: transcript }]),
              ...called.map(functionCall => ({ functionCall })),
            ],
          },
        },
      ],
    })
    return carried || sound
  }

  done(): void {}

  document(): unknown {
    return { ...doc(this.#turn.document()), hasSound: this.#hasSound }
  }

  /** The provider usually gives no finish reason, only the type of the message. */
  #reason(content: Doc, isToolCall: boolean): string | undefined {
    if (content.turnComplete === true) {
      return text(content.turnCompleteReason) ?? (this.#isStopped ? 'interrupted' : 'turn_complete')
    }
    return isToolCall ? 'tool_call' : undefined
  }
}

function both(name: string, fields: Protocol['requestFields']): Protocol['requestFields'] {
  return Object.fromEntries(Object.keys(inBothStyles(name)).map(style => [style, fields]))
}
