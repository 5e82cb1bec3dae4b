// Gemini's generateContent and its stream, of AI Studio and of Vertex.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../semconv'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../observe/wire/json'
import {
  errorFields,
  errorIn,
  type Fold,
  type FoldOptions,
  joined,
  type ParsedRequest,
  type Protocol,
  placeOf,
  update,
} from '../protocol'
import { candidates, messages, parts, tools } from './content'
import { calledIn, inBothStyles, member, providerIn } from './request'
import { groundingFields, searchesOf, tierOf, usageOf } from './usage'

export const googleGenerate: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: { contents: {}, ...inBothStyles('generationConfig') }, // of the contents, whether they are there
  requestContentFields: { contents: true, tools: true, ...inBothStyles('systemInstruction') },
  request,
  input(body) {
    const params = doc(body)
    return {
      messages: messages(params?.contents),
      system: parts(member(params, 'systemInstruction')),
      tools: tools(params?.tools),
    }
  },

  responseFields: {
    responseId: true,
    modelVersion: true,
    candidates: { '*': { index: true, finishReason: true, groundingMetadata: groundingFields } },
    promptFeedback: true,
    usageMetadata: true,
    ...errorFields,
  },
  responseContentFields: { candidates: true },
  significantEvent: /"(?:finishReason|usageMetadata|promptFeedback|groundingMetadata|error)"/,
  fold: options => new GenerateFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const counts = doc(answer.usageMetadata)
    const usage = usageOf(counts)
    const blocked = text(doc(answer.promptFeedback)?.blockReason)
    return {
      id: text(answer.responseId),
      model: text(answer.modelVersion),
      finishReasons: inOrder(answer).flatMap(candidate => text(candidate.finishReason) ?? []),
      usage: usage && {
        ...usage,
        ...searchesOf(inOrder(answer).flatMap(({ groundingMetadata }) => docs([groundingMetadata]))),
      },
      error: errorIn(document),
      attributes: {
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tierOf(counts),
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: blocked ? true : undefined,
      },
    }
  },
  output: document => candidates(inOrder(doc(document) ?? {})),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const contents = doc(body)?.contents
  if (!called || typeof contents !== 'object' || contents === null) return undefined
  const config = doc(member(doc(body), 'generationConfig'))
  const of = (name: string) => member(config, name)
  const wanted = count(of('candidateCount')) ?? 1
  const attributes = {
    ...configured(config),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  const stream = called.method.toLowerCase().startsWith('stream')
  return { model: called.model, provider: providerIn(url), stream, choices: wanted, attributes }
}

/** @param config the `generationConfig` */
export function configured(config: Doc | undefined): Attributes {
  const of = (name: string) => member(config, name)
  const stop = list(of('stopSequences')).filter(item => typeof item === 'string') as string[]
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(of('maxOutputTokens')),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(of('temperature')),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(of('topP')),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(of('topK')),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(of('frequencyPenalty')),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(of('presencePenalty')),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(of('seed')),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(member(doc(of('thinkingConfig')), 'thinkingLevel')),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(of),
  }
}

function outputType(of: (name: string) => unknown): string | undefined {
  const kinds = list(of('responseModalities')).map(kind => String(kind).toUpperCase())
  if (kinds.includes('AUDIO')) return 'speech'
  if (kinds.includes('IMAGE')) return 'image'
  const mimeType = text(of('responseMimeType'))
  if (mimeType === 'text/plain') return 'text'
  return mimeType?.endsWith('json') ? 'json' : undefined
}

function inOrder(answer: Doc): Doc[] {
  return docs(answer.candidates).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}

// Puts the chunks of a streamed generateContent together into the answer that would have come unstreamed. There is no end
// mark: an answer is whole when each candidate has its reason to finish.

interface Candidate {
  readonly index: number
  finishReason?: string
  groundingMetadata?: Doc
  readonly content: { readonly parts: Doc[] }
}

export class GenerateFold implements Fold {
  readonly #answer: Doc = {}
  readonly #candidates = new Map<number, Candidate>()

  constructor(private readonly options: FoldOptions) {}

  /** Counts may follow the reason to finish, so only an error is the end. */
  get ended(): boolean {
    return this.#answer.error !== undefined
  }

  get complete(): boolean {
    if (doc(this.#answer.promptFeedback)?.blockReason) return true
    const finished = [...this.#candidates.values()].filter(candidate => candidate.finishReason !== undefined)
    return finished.length >= Math.max(1, this.options.choices)
  }

  document(): unknown {
    return { ...this.#answer, candidates: [...this.#candidates.values()] }
  }

  done(): void {}

  event(chunk: Doc): boolean {
    for (const key of ['responseId', 'modelVersion', 'promptFeedback', 'error']) {
      if (chunk[key]) this.#answer[key] ??= chunk[key]
    }
    // The counts grow; some come late, and stay.
    const usage = doc(chunk.usageMetadata)
    if (usage) this.#answer.usageMetadata = update(doc(this.#answer.usageMetadata) ?? {}, usage)
    let carried = false
    for (const candidate of docs(chunk.candidates)) if (this.#candidate(candidate)) carried = true
    return carried
  }

  #candidate(piece: Doc): boolean {
    const index = placeOf(piece.index)
    const candidate: Candidate = this.#candidates.get(index) ?? { index, content: { parts: [] } }
    this.#candidates.set(index, candidate)
    const reason = text(piece.finishReason)
    if (reason) candidate.finishReason = reason
    const grounding = doc(piece.groundingMetadata)
    if (grounding) candidate.groundingMetadata = update(candidate.groundingMetadata ?? {}, grounding)
    const fresh = docs(doc(piece.content)?.parts).filter(part => part.text !== '')
    if (this.options.content) for (const part of fresh) add(candidate.content.parts, part)
    return fresh.length > 0
  }
}

function add(parts: Doc[], piece: Doc): void {
  const last = parts.at(-1)
  const call = doc(piece.functionCall)
  const open = doc(last?.functionCall)
  if (call && open?.willContinue === true) {
    placeAll(open.args as Doc, call.partialArgs)
    open.willContinue = call.willContinue
  } else if (call && (call.partialArgs || call.willContinue === true)) {
    const { partialArgs, ...begun } = call
    const args = { ...doc(call.args) }
    placeAll(args, partialArgs)
    parts.push({ functionCall: { ...begun, args } })
  } else if (
    last &&
    typeof piece.text === 'string' &&
    typeof last.text === 'string' &&
    piece.thought === last.thought
  ) {
    last.text = joined(last.text, piece.text)
  } else parts.push({ ...piece })
}

// Puts the arguments of a function call together that Vertex streams in pieces: each names a place in the arguments by its
// JSON path (`$.flights[0].from`), and brings a value or a further piece of a text.
// https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g

/** Places of a list that a path may leave empty, and deepest nesting: a path must not be a way to fill the memory. */
const MOST_EMPTY = 100
const DEEPEST = 64

type Step = string | number
type Place = Record<Step, unknown>

export function placeAll(args: Doc, pieces: unknown): void {
  for (const piece of docs(pieces)) place(args, stepsOf(piece.jsonPath), valueIn(piece))
}

function place(args: Doc, steps: Step[], value: unknown): void {
  if (value === undefined || steps.length === 0 || steps.length > DEEPEST) return
  const last = steps.pop() as Step
  let at = args as Place
  for (const [i, step] of steps.entries()) {
    if (isRefused(at, step)) return
    const known = own(at, step)
    if (typeof known !== 'object' || known === null) at[step] = typeof (steps[i + 1] ?? last) === 'number' ? [] : {}
    at = at[step] as Place
  }
  if (!isRefused(at, last)) at[last] = typeof value === 'string' ? joined(own(at, last), value) : value
}

function stepsOf(path: unknown): Step[] {
  return [...String(path).matchAll(STEP)].map(([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Number(index),
  )
}

function valueIn(piece: Doc): unknown {
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? ('nullValue' in piece ? null : undefined)
}

function isRefused(at: Place, step: Step): boolean {
  return Array.isArray(at) ? !(Number(step) <= at.length + MOST_EMPTY) : step === '__proto__'
}

function own(at: Place, step: Step): unknown {
  return Object.hasOwn(at, step) ? at[step] : undefined
}
