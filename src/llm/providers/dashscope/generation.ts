// Alibaba's DashScope in its own words: text and multimodal generation, embeddings, reranking. Its compatible mode is OpenAI's.
// https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { type Message, textMessages } from '../../messages'
import { count, type Doc, doc, docs, text } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import { inOrder, parameterFields, parameters } from '../openai/chat'
import { choices, messages, tools } from '../openai/content'
import { usageOf as openaiUsageOf } from '../openai/usage'
import {
  type Fold,
  type FoldOptions,
  type HeaderOf,
  isJson,
  joined,
  type ParsedRequest,
  type Protocol,
  type ProviderError,
  placeOf,
  update,
} from '../protocol'

const SERVICE = /\/services\/(?:aigc\/(?:text|multimodal)-generation|(embeddings)|(rerank))\//

export const dashscope: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: 'dashscope',
  identifiableByHead: isJson, // nobody else has such paths

  requestFields: {
    model: true,
    input: {}, // whether it is there
    parameters: { ...parameterFields, dimension: true, response_format: { type: true } },
  },
  requestContentFields: { input: { messages: true, prompt: true }, parameters: { ...parameterFields, tools: true } },
  request,
  input(body) {
    const { input, parameters } = doc(body) ?? {}
    const said = docs(doc(input)?.messages)
    return {
      messages: said.length ? messages(said.map(typed)) : textMessages('user', doc(input)?.prompt),
      tools: tools(doc(parameters) ?? {}),
    }
  },

  responseFields: {
    request_id: true,
    output: { finish_reason: true, choices: { '*': { finish_reason: true } } },
    usage: true,
    code: true,
    message: true,
  },
  responseContentFields: { output: { finish_reason: true, text: true, choices: true } },
  significantEvent: /./, // every event has the counts so far
  fold: options => new GenerationFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const output = doc(answer.output) ?? {}
    return {
      id: text(answer.request_id),
      finishReasons: [output, ...inOrder(output)].flatMap(one => ended(one.finish_reason)),
      usage: usageOf(doc(answer.usage)),
      error: errorIn(answer),
    }
  },
  output(document): Message[] {
    const output = doc(doc(document)?.output) ?? {}
    const answers = inOrder(output).map(choice => ({ message: typed(doc(choice.message) ?? {}) }))
    return answers.length ? choices(answers) : textMessages('assistant', output.text)
  },
}

function request(body: unknown, { pathname }: URL, header: HeaderOf): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!model || !doc(params?.input)) return undefined
  const asked = doc(params?.parameters) ?? {}
  const [, embeddings, rerank] = SERVICE.exec(pathname) ?? []
  const format = text(doc(asked.response_format)?.type)
  const operation = embeddings ? GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS : rerank
  return {
    model,
    ...(operation && { operation }),
    stream: header('x-dashscope-sse') === 'enable' || header('accept')?.includes('event-stream') === true,
    choices: 1,
    attributes: {
      ...parameters(asked),
      [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
      [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(asked.dimension),
    },
  }
}

/** Parts have their kind as a name: `{text}`, `{image}`, `{audio}`. */
function typed(message: Doc): Doc {
  if (!Array.isArray(message.content)) return message
  const content = docs(message.content).map(part => {
    if (part.image) return { type: 'image_url', image_url: part.image }
    if (part.video) return { type: 'video_url', video_url: { url: part.video } }
    return typeof part.text === 'string'
      ? { type: 'text', text: part.text }
      : { type: Object.keys(part)[0] ?? 'unknown' }
  })
  return { ...message, content }
}

/** Until it has ended a stream says so with the word `null`. */
function ended(reason: unknown): string[] {
  return typeof reason === 'string' && reason !== '' && reason !== 'null' ? [reason] : []
}

/** Embeddings and reranking tell a total alone; images and speech may be charged by the piece. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const tokens = openaiUsageOf({ input_tokens: count(counts.total_tokens), ...counts })
  const [images, characters] = [count(counts.image_count), count(counts.characters)]
  const webSearches = count(doc(doc(counts.plugins)?.search)?.count)
  if (!tokens && images === undefined && characters === undefined) return undefined
  return {
    ...tokens,
    imageInput: tokens?.imageInput ?? count(counts.image_tokens),
    images,
    characters,
    webSearches,
  }
}

function errorIn({ code, message }: Doc): ProviderError | undefined {
  return text(code) ? { type: text(code), message: text(message) } : undefined
}

// Puts the events of a stream together: each has either what is new, or all that was said so far.

class GenerationFold implements Fold {
  readonly #answer: Doc = {}
  #text: unknown
  readonly #choices = new Map<number, Doc>()

  constructor(private readonly options: FoldOptions) {}

  /** The counts are in every event, and there is no end mark. */
  get ended(): boolean {
    return false
  }

  get complete(): boolean {
    const output = doc(this.#answer.output) ?? {}
    return [output, ...docs(output.choices)].some(one => ended(one.finish_reason).length > 0)
  }

  document(): unknown {
    const output = doc(this.#answer.output)
    return { ...this.#answer, output: { ...output, text: this.#text, choices: [...this.#choices.values()] } }
  }

  done(): void {}

  event(event: Doc): boolean {
    update(this.#answer, event)
    const output = doc(event.output) ?? {}
    let carried = text(output.text) !== undefined
    if (this.options.content) this.#text = said(this.#text, output.text)
    for (const choice of docs(output.choices)) {
      const index = placeOf(choice.index)
      const { content, reasoning_content, tool_calls } = doc(choice.message) ?? {}
      if (text(content) ?? text(reasoning_content) ?? docs(content)[0] ?? docs(tool_calls)[0]) carried = true
      const known = doc(this.#choices.get(index)?.message) ?? {}
      const message = this.options.content
        ? {
            role: 'assistant',
            content: saidIn(known.content, content),
            reasoning_content: said(known.reasoning_content, reasoning_content),
            tool_calls: calls(known.tool_calls, tool_calls),
          }
        : {}
      this.#choices.set(index, { index, finish_reason: choice.finish_reason, message })
    }
    return carried
  }
}

function said(known: unknown, piece: unknown): unknown {
  const isWhole = typeof known === 'string' && typeof piece === 'string' && known !== '' && piece.startsWith(known)
  return isWhole ? piece : joined(known, piece)
}

/** A text, or a list with one. */
function saidIn(known: unknown, content: unknown): unknown {
  const texts = Array.isArray(content)
    ? docs(content)
        .flatMap(part => text(part.text) ?? [])
        .join('')
    : content
  return said(known, texts)
}

function calls(known: unknown, pieces: unknown): Doc[] {
  const all = Array.isArray(known) ? (known as Doc[]) : []
  for (const piece of docs(pieces)) {
    const index = placeOf(piece.index)
    const [before, now] = [doc(all[index]?.function) ?? {}, doc(piece.function) ?? {}]
    all[index] = {
      ...all[index],
      ...(text(piece.id) && { id: piece.id }),
      function: { name: text(now.name) ?? before.name, arguments: said(before.arguments, now.arguments) },
    }
  }
  return all
}
