/** What one side says of one call, the provider's and ours in the same words. */
export interface Statement {
  /** By which the other side may know it: of the request, and of the answer. */
  readonly ids: readonly string[]
  /** Milliseconds since 1970. */
  readonly at: number
  /** By which both sides call it the same. */
  readonly model: string
  /** As this side named it: where it runs may have a price of its own. */
  readonly name: string
  /** Tokens; those of the cache are a part of the input. Undefined where nobody told. */
  readonly input: number | undefined
  readonly output: number | undefined
  readonly cacheRead: number
  readonly cacheWrite: number
  /** The tiers that are not the standard one, in order: `batch`, `flex`. */
  readonly tier: string
}

export interface OurCall extends Statement {
  readonly traceId: string
  readonly spanId: string
  readonly service: string
}

export interface TheirCall extends Omit<Statement, 'tier'> {
  /** From 1, in the file. */
  readonly line: number
  /** As ours; undefined where the provider does not tell it. */
  readonly tier: string | undefined
  /** Of the provider's own span, where it is one. */
  readonly traceId?: string | undefined
  /** How often the model ran for it, where the log tells. */
  readonly runs: number
}
