// What an application tells of a call that can't be seen. Public through `./api`; read by `record.ts`.

export interface LlmMetrics {
  /** `openai`, `anthropic`, `azure` …: GenAI's names, and those that SDKs use. */
  readonly provider: string
  readonly model: string
  /** All tokens together, or by kind. A sum alone has no price and is in no token counter: those tell kinds apart. */
  readonly tokensUsed?: number | TokensUsed
  /** USD. Without it the cost is reckoned from tokens by kind, where the price is known. */
  readonly cost?: number
  /** Seconds, from the request to the end of the answer. The call is taken to end now. */
  readonly duration: number
}

/** Whole numbers. */
export interface TokensUsed {
  /** Cached tokens included. */
  readonly input?: number
  /** Reasoning included. */
  readonly output?: number
  /** The part of `input` that was read from a cache. */
  readonly cacheRead?: number
  /** The part of `input` that was written to a cache. */
  readonly cacheWrite?: number
  /** The part of `output` that is reasoning. */
  readonly reasoning?: number
}
