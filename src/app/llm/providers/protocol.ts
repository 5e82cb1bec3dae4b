// A wire protocol: which requests are its own, and how documents and events become attributes.
import type { Attributes } from '@opentelemetry/api'
import type { Message, Part } from '../messages'
import type { Iteration, Usage } from '../usage'
import type { EventStreamReader, Frame } from '../wire/eventstream'
import type { Doc } from '../wire/json'
import type { Fields } from '../wire/json-reader'

/** Looks a header up by its name in lower case. */
export type HeaderOf = (name: string) => string | null | undefined

/** Of what comes without a head. */
export const noHeader: HeaderOf = () => undefined

/** What is known of a request before its body is looked at. */
export interface RequestFacts {
  readonly url: URL
  header(name: string): string | null
}

export function isJson({ header }: RequestFacts): boolean {
  return header('content-type')?.includes('json') === true
}

export function isForm({ header }: RequestFacts): boolean {
  return header('content-type')?.startsWith('multipart/form-data') === true
}

export interface Protocol {
  readonly operation: string
  /** `gen_ai.provider.name` behind a host that is not known. */
  readonly provider: string
  /** Whether URL and headers alone prove that the request is the protocol's: for a body that can't be read before it is sent. */
  identifiableByHead(facts: RequestFacts): boolean

  /** Its streams may be AWS's, in frames. */
  readonly frames?: typeof EventStreamReader
  /** Its streams contain their counts only where `stream_options.include_usage` asks for them. */
  readonly usageOption?: true
  readonly requestFields: Fields
  readonly requestContentFields: Fields
  /**
   * What the request says, or undefined when its body is not of this protocol.
   * @param body undefined where it is no document, such as sound
   */
  request(body: unknown, url: URL, header: HeaderOf): ParsedRequest | undefined
  input(body: unknown): Input
  /** Of what no model answers, so that it has no usage and no budget: its content, in place of messages. */
  readonly apart?: {
    input(body: unknown, url: URL): Attributes
    output(document: unknown): Attributes
  }

  readonly responseFields: Fields
  readonly responseContentFields: Fields
  /** An answer may be sound, an image or a video: of one that says so nothing is read but that it came. */
  readonly media?: true
  /** Its streams are JSON documents, one a line, instead of server-sent events. */
  readonly lines?: true
  /**
   * In every event that is not mere content. Once the content has begun and nobody wants it, no other event is read.
   */
  readonly significantEvent: RegExp
  /** Puts the events of a stream together. */
  fold(options: FoldOptions): Fold
  /** What an answer says, plain or put together by the fold. */
  response(document: unknown, header: HeaderOf): ParsedResponse
  output(document: unknown): Message[]
}

export interface ParsedRequest {
  readonly model: string | undefined
  /** Where the protocol has more than one. */
  readonly operation?: string
  /** Whose API it is behind a host that is not known, where the URL says more than the protocol. */
  readonly provider?: string
  readonly stream: boolean
  /** How many answers were requested. */
  readonly choices: number
  /** The request is answered before there is an answer of the model. */
  readonly background?: boolean
  readonly attributes: Attributes
  /** What the request alone says will be charged, such as the characters to be spoken; the answer's own word wins. */
  readonly usage?: Usage
}

export interface Input {
  readonly messages: Message[]
  readonly system?: Part[]
  readonly tools?: unknown[]
}

export interface FoldOptions {
  readonly choices: number
  /** Message content is wanted; without it most events need no parse. */
  readonly content: boolean
}

export interface Fold {
  /** Returns whether the event carried a piece of the answer. */
  event(data: Doc): boolean
  /** The same for a frame of AWS's event stream, in the protocols that have it. */
  frame?(frame: Frame, parse: (json: Buffer) => unknown): boolean
  /** The mark `[DONE]`, in the protocols that have it. */
  done(): void
  /** The documented end was seen, or an error: nothing that matters can follow. */
  readonly ended: boolean
  /** The answer is whole, even where the end mark is missing. */
  readonly complete: boolean
  /** The answer as if it had come in one piece. */
  document(): unknown
}

export interface ParsedResponse {
  readonly id?: string | undefined
  readonly model?: string | undefined
  readonly finishReasons: string[]
  readonly usage: Usage | undefined
  /** Where the provider ran models more than once: its own runs, whose sum is `usage`, and those of other models. */
  readonly iterations?: readonly Iteration[] | undefined
  readonly cost?: ProviderCost | undefined
  /** What is charged and can't be known from the answer, as `afn.llm.unpriced.cause` names it. */
  readonly unpriced?: string | undefined
  readonly error?: ProviderError | undefined
  /** Of an answer that can be fetched by its id: whether the model is still at work. */
  readonly pending?: boolean | undefined
  readonly attributes?: Attributes
}

/** What the provider says that the call cost, in USD. */
export interface ProviderCost {
  readonly total: number
  readonly input?: number | undefined
  readonly output?: number | undefined
}

export interface ProviderError {
  readonly type: string | undefined
  readonly message: string | undefined
}

/** Whatever a proxy may send instead says nothing. */
const nothing: Fold = { event: () => false, done: () => {}, ended: false, complete: false, document: () => undefined }

/** What a protocol without streams has in place of one. */
export const unstreamed: Pick<Protocol, 'significantEvent' | 'fold'> = { significantEvent: /^/, fold: () => nothing }
