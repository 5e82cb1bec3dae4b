// A call as a record with the values used for counting, pricing and deduplication. `spans/read-call.ts` reads it from a span, once.
import type { Attributes } from '@opentelemetry/api'
import type { Usage } from './usage'

/** Calls of different kinds are never duplicates of each other. `other`: an agent, a tool, an answer that was already counted. */
export type Kind = 'answer' | 'embeddings' | 'other'

export interface Call {
  /** `gen_ai.operation.name` */
  readonly operation: string
  /** `undefined` if the conventions do not define the operation. */
  readonly kind: Kind | undefined
  /** Whether this is a model call that duplicates no other call, so that it is counted and priced. */
  isModelCall: boolean
  /** Whether it repeats usage that other spans of the same call report. */
  isRollup: boolean
  readonly provider: string | undefined
  readonly requestModel: string | undefined
  readonly responseModel: string | undefined
  readonly responseId: string | undefined
  readonly serverAddress: string | undefined
  readonly serverPort: number | undefined
  readonly serviceTier: string | undefined
  /** Without invalid counts, because one NaN would make a sum NaN permanently. */
  readonly usage: Usage
  /** Whether an attribute of a count has an invalid value. */
  readonly hasWrongCount: boolean
  /** Whether the number of used tokens is known. */
  readonly hasTokens: boolean
  /** Whether the charged usage is known: tokens, or the unit that is charged instead of tokens. */
  readonly isCharged: boolean
  /** Number of requests: 1, except for the totals of a batch. */
  readonly requests: number
  /** Seconds. */
  readonly timeToFirstChunk: number | undefined
  /** Seconds. */
  readonly timePerOutputChunk: number | undefined
  /** `afn.llm.stream.end` */
  readonly streamEnd: string | undefined
  /** Whether the answer is fetched by a later request, which counts it. */
  readonly isPending: boolean
  /** Whether the provider made this call while it answered another one. */
  readonly isHosted: boolean
  /** `afn.llm.unpriced.cause` */
  unpricedCause: string | undefined
  cost: Cost | undefined
}

/** The cost attributes as they are on the span. Attributes written by other instrumentations may have any type. */
export interface Cost {
  readonly total: Attributes[string]
  readonly input: Attributes[string]
  readonly output: Attributes[string]
  readonly currency: Attributes[string]
  readonly source: Attributes[string]
}
