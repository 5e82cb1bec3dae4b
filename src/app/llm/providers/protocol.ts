// A wire protocol: identifies its requests, and converts documents and events to attributes.
import type { Attributes } from '@opentelemetry/api'
import type { Message, Part } from '../messages'
import type { Iteration, Usage } from '../usage'
import type { EventStreamReader, Frame } from '../wire/eventstream'
import type { Doc } from '../wire/json'
import type { Fields } from '../wire/json-reader'

/** Returns a header by its name in lower case. */
export type HeaderOf = (name: string) => string | null | undefined

/** For messages without headers. */
export const noHeader: HeaderOf = () => undefined

/** What is known of a request before its body is read. */
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
  /** Default `gen_ai.provider.name` for an unknown host. */
  readonly provider: string
  /** Whether URL and headers alone identify the protocol: for a body that can't be read before it is sent. */
  identifiableByHead(facts: RequestFacts): boolean

  /** Set if its streams may be AWS event streams, with binary frames. */
  readonly frames?: typeof EventStreamReader
  /** Its streams report usage only if `stream_options.include_usage` is set. */
  readonly usageOption?: true
  readonly requestFields: Fields
  readonly requestContentFields: Fields
  /**
   * Parses the request; returns undefined if its body is not of this protocol.
   * @param body undefined if it is not a document, such as audio
   */
  request(body: unknown, url: URL, header: HeaderOf): ParsedRequest | undefined
  input(body: unknown): Input
  /** Set for operations without a model, which have no usage and no budget: their content attributes, instead of messages. */
  readonly apart?: {
    input(body: unknown, url: URL): Attributes
    output(document: unknown): Attributes
  }

  readonly responseFields: Fields
  readonly responseContentFields: Fields
  /** Answers may be audio, an image or a video. A media answer is not parsed. */
  readonly media?: true
  /** Its streams are JSON documents, one per line, instead of server-sent events. */
  readonly lines?: true
  /** Matches every event that is not only content. Once the content has started and is not needed, only matching events are parsed. */
  readonly significantEvent: RegExp
  /** Assembles the events of a stream. */
  fold(options: FoldOptions): Fold
  /** Parses an answer, non-streamed or assembled by the fold. */
  response(document: unknown, header: HeaderOf): ParsedResponse
  output(document: unknown): Message[]
}

export interface ParsedRequest {
  readonly model: string | undefined
  /** Set if the protocol has several operations. */
  readonly operation?: string
  /** The provider for an unknown host, if the URL is more specific than the protocol. */
  readonly provider?: string
  readonly stream: boolean
  /** Number of requested answers. */
  readonly choices: number
  /** Whether the request is answered before the model's answer exists. */
  readonly background?: boolean
  readonly attributes: Attributes
  /** Usage that is known from the request alone, such as characters of speech; usage in the answer takes precedence. */
  readonly usage?: Usage
}

export interface Input {
  readonly messages: Message[]
  readonly system?: Part[]
  readonly tools?: unknown[]
}

export interface FoldOptions {
  readonly choices: number
  /** Whether message content is needed; without it, most events are not parsed. */
  readonly content: boolean
}

export interface Fold {
  /** Returns whether the event contained part of the answer. */
  event(data: Doc): boolean
  /** Same for a frame of an AWS event stream, for protocols that use it. */
  frame?(frame: Frame, parse: (json: Buffer) => unknown): boolean
  /** Handles the mark `[DONE]`, for protocols that use it. */
  done(): void
  /** Whether the documented end or an error was seen, so that nothing relevant can follow. */
  readonly ended: boolean
  /** Whether the answer is complete, even without its end mark. */
  readonly complete: boolean
  /** The answer in the format of a non-streamed one. */
  document(): unknown
}

export interface ParsedResponse {
  readonly id?: string | undefined
  readonly model?: string | undefined
  readonly finishReasons: string[]
  readonly usage: Usage | undefined
  /** Set if the provider ran models more than once: runs of the requested model, whose sum is `usage`, and those of other models. */
  readonly iterations?: readonly Iteration[] | undefined
  readonly cost?: ProviderCost | undefined
  /** A charge that the answer does not report, as a value of `afn.llm.unpriced.cause`. */
  readonly unpriced?: string | undefined
  readonly error?: ProviderError | undefined
  /** For an answer that can be fetched by its id: whether the model is still working. */
  readonly pending?: boolean | undefined
  readonly attributes?: Attributes
}

/** The cost in USD that the provider reports. */
export interface ProviderCost {
  readonly total: number
  readonly input?: number | undefined
  readonly output?: number | undefined
}

export interface ProviderError {
  readonly type: string | undefined
  readonly message: string | undefined
}

/** Ignores anything that a proxy may send instead. */
const nothing: Fold = { event: () => false, done: () => {}, ended: false, complete: false, document: () => undefined }

/** Stands in for the stream members of a protocol without streams. */
export const unstreamed: Pick<Protocol, 'significantEvent' | 'fold'> = { significantEvent: /^/, fold: () => nothing }
