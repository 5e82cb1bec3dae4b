// Amazon Bedrock's bidirectional stream (Nova Sonic): events in both directions for the whole conversation, which is one span here.
import { GEN_AI_OPERATION_NAME_VALUE_CHAT, GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK } from '../../../../../semconv'
import { textPart, toolCall } from '../../messages'
import type { Usage } from '../../usage'
import type { Frame } from '../../wire/eventstream'
import { EventStreamReader } from '../../wire/eventstream'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { joined, update } from '../fold'
import type { Fold, FoldOptions, Protocol } from '../protocol'
import { calledIn } from './bedrock'
import { errorFields, errorIn, exceptionOf } from './errors'
import { requestId } from './request-id'

export const bedrockBidirectional: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  identifiableByHead: () => true, // nobody else has such a path
  frames: EventStreamReader,

  requestFields: {},
  requestContentFields: {},
  request(_, url) {
    const model = calledIn(url.pathname)?.model
    return model === undefined ? undefined : { model, stream: true, choices: 1, attributes: {} }
  },
  input: () => ({ messages: [] }),

  responseFields: errorFields,
  responseContentFields: {},
  significantEvent: /./, // comes as frames
  fold: options => new ConversationFold(options),
  response(document, header) {
    const answer = doc(document) ?? {}
    const reason = text(answer.stopReason)
    return {
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document, header),
      attributes: requestId(header),
    }
  },
  output: document => [
    {
      role: 'assistant',
      parts: docs(doc(document)?.content).map(({ content, toolName, toolUseId }) =>
        text(toolName) ? toolCall(toolUseId, toolName, content) : textPart(text(content) ?? ''),
      ),
    },
  ],
}

/** Totals of the conversation so far. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  const [input, output] = [count(counts?.totalInputTokens), count(counts?.totalOutputTokens)]
  if (input === undefined && output === undefined) return undefined
  const total = doc(doc(counts?.details)?.total)
  const [heard, said] = [doc(total?.input), doc(total?.output)]
  return {
    input,
    output,
    textInput: count(heard?.textTokens),
    audioInput: count(heard?.speechTokens),
    textOutput: count(said?.textTokens),
    audioOutput: count(said?.speechTokens),
  }
}

class ConversationFold implements Fold {
  readonly #answer: Doc = {}
  complete = false
  readonly #content = new Map<unknown, Doc>()
  /** Speculative content, which is repeated as final once it has been spoken. */
  readonly #speculative = new Set<unknown>()

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#answer.error !== undefined
  }

  document(): unknown {
    return { ...this.#answer, content: [...this.#content.values()] }
  }

  done(): void {}

  frame({ kind, type, payload }: Frame, parse: (json: Buffer) => unknown): boolean {
    const body = doc(parse(payload)) ?? {}
    if (kind === 'exception') {
      update(this.#answer, exceptionOf(type, body))
      return false
    }
    const inner = doc(parse(Buffer.from(text(body.bytes) ?? '', 'base64')))
    return this.event(doc(inner?.event) ?? {})
  }

  event({ usageEvent, completionEnd, contentStart, textOutput, audioOutput, toolUse }: Doc): boolean {
    if (usageEvent) this.#answer.usage = usageEvent
    if (completionEnd) {
      this.complete = true
      this.#answer.stopReason = doc(completionEnd)?.stopReason
    }
    const { contentId, additionalModelFields: fields } = doc(contentStart) ?? {}
    if (text(fields)?.includes('SPECULATIVE')) this.#speculative.add(contentId)
    const said = doc(toolUse) ?? doc(textOutput)
    const isOurs = said !== undefined && said.role !== 'USER' && !this.#speculative.has(said.contentId)
    if (isOurs && this.options.content) {
      const known = this.#content.get(said.contentId)
      this.#content.set(said.contentId, { ...said, content: joined(known?.content, said.content) })
    }
    return audioOutput !== undefined || (said !== undefined && said.role !== 'USER')
  }
}
