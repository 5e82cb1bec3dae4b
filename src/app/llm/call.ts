// A call as a record: what it is counted, priced and told from other calls by. `spans/read-call.ts` reads it from a span, once.
import type { Attributes } from '@opentelemetry/api'
import type { Usage } from './usage'

/** Calls of different kinds are never the same call. `other`: an agent, a tool, an answer that was counted before. */
export type Kind = 'answer' | 'embeddings' | 'other'

export interface Call {
  /** `gen_ai.operation.name` */
  readonly operation: string
  /** `undefined` where the operation is of no convention. */
  readonly kind: Kind | undefined
  /** Of a model, and it repeats no other call: it is counted and has a price. */
  isModelCall: boolean
  /** It repeats what other spans of the same call report. */
  isRollup: boolean
  readonly provider: string | undefined
  readonly requestModel: string | undefined
  readonly responseModel: string | undefined
  readonly responseId: string | undefined
  readonly serverAddress: string | undefined
  readonly serverPort: number | undefined
  readonly serviceTier: string | undefined
  /** Without what can be no count: one NaN would spoil a sum for good. */
  readonly usage: Usage
  /** Something stands under the name of a count that is none. */
  readonly hasWrongCount: boolean
  /** It says how many tokens were used. */
  readonly hasTokens: boolean
  /** It says how much was used of what is charged: tokens that somebody counted, or what is charged in their place. */
  readonly isCharged: boolean
  /** One, but for the sum of a batch. */
  readonly requests: number
  /** Seconds. */
  readonly timeToFirstChunk: number | undefined
  /** Seconds. */
  readonly timePerOutputChunk: number | undefined
  /** `afn.llm.stream.end` */
  readonly streamEnd: string | undefined
  /** The answer is fetched later, which counts it. */
  readonly isPending: boolean
  /** The provider made it while it answered another one. */
  readonly isHosted: boolean
  /** `afn.llm.unpriced.cause` */
  unpricedCause: string | undefined
  cost: Cost | undefined
}

/** As it stands on the span: where others wrote it, anything. */
export interface Cost {
  readonly total: Attributes[string]
  readonly input: Attributes[string]
  readonly output: Attributes[string]
  readonly currency: Attributes[string]
  readonly source: Attributes[string]
}
