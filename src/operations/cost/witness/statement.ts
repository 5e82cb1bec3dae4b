/** What one side records about a call, in the same terms for the provider and us. */
export interface Statement {
  /** Ids that the other side may have as well: of the request and of the response. */
  readonly ids: readonly string[]
  /** Milliseconds since 1970. */
  readonly at: number
  /** The model in the same form for both sides. */
  readonly model: string
  /** The name on this side, which may include a region with its own price. */
  readonly name: string
  /** Tokens; the input includes cached ones. Undefined if unknown. */
  readonly input: number | undefined
  readonly output: number | undefined
  readonly cacheRead: number
  readonly cacheWrite: number
  /** The non-standard tiers, sorted: `batch`, `flex`. */
  readonly tier: string
}

export interface OurCall extends Statement {
  readonly traceId: string
  readonly spanId: string
  readonly service: string
}

export interface TheirCall extends Omit<Statement, 'tier'> {
  /** Line number in the file, from 1. */
  readonly line: number
  /** As in `Statement`; undefined if the provider does not report it. */
  readonly tier: string | undefined
  /** The trace of the provider's own span, if it has one. */
  readonly traceId?: string | undefined
  /** How often the model ran for it, if the log has that. */
  readonly runs: number
}
