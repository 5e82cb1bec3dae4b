/** A provider's invoice: an export from its console, or an API response. Days are in UTC, as providers bill. */

export interface InvoiceLine {
  /** `YYYY-MM-DD` in UTC. */
  readonly date: string
  /** The invoice's name of the model; undefined for other items, and if the invoice has no breakdown by model. */
  readonly model: string | undefined
  /** The item's text on the invoice. */
  readonly item: string
  /** Negative for a credit. */
  readonly usd: number
}

export interface Invoice {
  /** `gen_ai.provider.name` */
  readonly provider: 'openai' | 'anthropic'
  readonly lines: readonly InvoiceLine[]
  /** Maximum rounding error per line; 0 if amounts are not rounded. */
  readonly rounding: number
}

/** The file is no valid invoice; the message says how to get one. */
export class InvoiceError extends Error {}

/** A page of either API. */
export interface Page {
  readonly data?: readonly unknown[]
  readonly has_more?: boolean
}
