/**
 * OpenAI's cost export from the dashboard, and responses of `/v1/organization/costs` grouped by line item. Examples of line items:
 * `gpt-4o-2024-08-06, cached input` and `priority | gpt-5.6, output, long context`. Items without a comma are no models.
 */
import type { Cells } from './csv'
import { type Invoice, InvoiceError, type InvoiceLine, type Page } from './invoice'

/** Suffixes of model names that denote a modality. */
const MODALITY = / (?:audio|image|text|video)$/

export function openaiModel(item: string): string | undefined {
  const [, rest = item] = /^[^|,]+\|\s*(.+)$/.exec(item) ?? []
  const comma = rest.indexOf(',')
  return comma < 0 ? undefined : rest.slice(0, comma).trim().replace(MODALITY, '')
}

const lineOf = (date: string, item: string, usd: number): InvoiceLine => ({
  date,
  item: item || 'not broken down',
  model: openaiModel(item),
  usd,
})

export function openaiCsv(rows: readonly Cells[]): Invoice {
  const lines = rows.flatMap(row => {
    const usd = row.amount('amount_value')
    // a day without costs
    if (usd === undefined) return []
    row.dollars('amount_currency')
    return [lineOf(row.date('start_time_iso'), row.text('line_item'), usd)]
  })
  return { provider: 'openai', lines, rounding: 0 }
}

interface Bucket {
  readonly start_time: number
  readonly results?: readonly {
    readonly object?: string
    readonly amount?: { readonly value?: number | string; readonly currency?: string }
    readonly line_item?: string | null
  }[]
}

export const isOpenaiCosts = ({ data }: Page): boolean =>
  Array.isArray(data) && data.every(bucket => typeof (bucket as Partial<Bucket> | null)?.start_time === 'number')

export function openaiCosts(pages: readonly Page[]): Invoice {
  const buckets = pages.flatMap(({ data }) => data as readonly Bucket[])
  const lines = buckets.flatMap(({ start_time, results = [] }) =>
    results.map(({ amount, line_item }) => {
      const currency = amount?.currency?.toUpperCase() ?? 'USD'
      if (currency !== 'USD') throw new InvoiceError(`prices are in USD only, but an amount is in ${currency}`)
      return lineOf(
        new Date(start_time * 1_000).toISOString().slice(0, 10),
        line_item ?? '',
        Number(amount?.value ?? 0),
      )
    }),
  )
  return { provider: 'openai', lines, rounding: 0 }
}
