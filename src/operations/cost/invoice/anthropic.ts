/** Anthropic's cost export from the console, whose amounts are rounded to cents, and responses of `/v1/organizations/cost_report`. */
import type { Cells } from './csv'
import { type Invoice, InvoiceError, type Page } from './invoice'

export function anthropicCsv(rows: readonly Cells[]): Invoice {
  const lines = rows.map(row => {
    const model = row.text('model')
    const item = [model, row.text('usage_type'), row.text('token_type')].filter(Boolean).join(', ')
    return { date: row.date('usage_date_utc'), item, model: model || undefined, usd: row.amount('cost_usd') ?? 0 }
  })
  return { provider: 'anthropic', lines, rounding: 0.005 }
}

interface Bucket {
  readonly starting_at: string
  readonly results?: readonly {
    /** Cents, as a decimal number. */
    readonly amount: string
    readonly currency?: string
    readonly description?: string | null
    readonly model?: string | null
  }[]
}

export const isAnthropicReport = ({ data }: Page): boolean =>
  Array.isArray(data) && data.every(bucket => typeof (bucket as Partial<Bucket> | null)?.starting_at === 'string')

export function anthropicReport(pages: readonly Page[]): Invoice {
  const buckets = pages.flatMap(({ data }) => data as readonly Bucket[])
  const lines = buckets.flatMap(({ starting_at, results = [] }) =>
    results.map(({ amount, currency = 'USD', description, model }) => {
      if (currency !== 'USD') throw new InvoiceError(`prices are in USD only, but an amount is in ${currency}`)
      return {
        date: starting_at.slice(0, 10),
        item: description ?? 'not broken down',
        model: model ?? undefined,
        usd: Number(amount) / 100,
      }
    }),
  )
  return { provider: 'anthropic', lines, rounding: 0 }
}
