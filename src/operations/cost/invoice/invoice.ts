/** What a provider says that its models cost: an export of its console, or an answer of its API. Days are those of UTC, as providers bill. */

export interface InvoiceLine {
  /** `YYYY-MM-DD`, of UTC. */
  readonly date: string
  /** As the invoice names it; undefined for what belongs to no model, and where the invoice is not broken down by models. */
  readonly model: string | undefined
  /** As it stands there. */
  readonly item: string
  /** Below 0 for a credit. */
  readonly usd: number
}

export interface Invoice {
  /** `gen_ai.provider.name` */
  readonly provider: 'openai' | 'anthropic'
  readonly lines: readonly InvoiceLine[]
  /** What each line may be off by, since amounts are rounded there; 0 where they are not. */
  readonly rounding: number
}

/** The file can't be read as an invoice; the message says what would be right. */
export class InvoiceError extends Error {}

/** Of both APIs. */
export interface Page {
  readonly data?: readonly unknown[]
  readonly has_more?: boolean
}
