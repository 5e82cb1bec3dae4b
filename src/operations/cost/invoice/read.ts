/** Reads an invoice in any supported format. */
import { isDate } from '../../../shared/calendar/dates'
import { anthropicCsv, anthropicReport, isAnthropicReport } from './anthropic'
import { Cells, type CsvRow, parseCsv } from './csv'
import { type Invoice, InvoiceError, type Page } from './invoice'
import { isOpenaiCosts, openaiCosts, openaiCsv } from './openai'

export function readInvoice(text: string): Invoice {
  return /^\uFEFF?\s*[[{]/.test(text) ? readJson(text) : readCsv(parseCsv(text))
}

const EXPECTED =
  "supported are OpenAI's cost export (CSV) or the response of /v1/organization/costs, and Anthropic's cost export (CSV) or the response of /v1/organizations/cost_report"

function readJson(text: string): Invoice {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new InvoiceError(`the file is not valid JSON: ${(error as Error).message}`)
  }
  const pages = [value].flat().map(page => (typeof page === 'object' && page !== null ? (page as Page) : {}))
  const last = pages.at(-1)
  if (last?.has_more === true)
    throw new InvoiceError(
      'the response has more pages (has_more); request them with its next_page, and put all responses into one list: [ … , … ]',
    )
  if (pages.every(isOpenaiCosts)) return checked(openaiCosts, pages)
  if (pages.every(isAnthropicReport)) return checked(anthropicReport, pages)
  throw new InvoiceError(`unknown invoice format; ${EXPECTED}`)
}

/** Checks values, because an edited or truncated response may lack valid times or amounts. */
function checked(read: (pages: readonly Page[]) => Invoice, pages: readonly Page[]): Invoice {
  let invoice: Invoice
  try {
    invoice = read(pages)
  } catch (error) {
    if (error instanceof InvoiceError) throw error
    throw new InvoiceError(
      `a bucket is not as the API gives it (${(error as Error).message}); request the response again`,
    )
  }
  const wrong = invoice.lines.flatMap(({ date, item, usd }) => [
    ...(isDate(date) ? [] : [`${item}: the day must be such as 2026-11-27, not "${date}"`]),
    ...(Number.isFinite(usd) ? [] : [`${item}: the amount must be a number`]),
  ])
  if (wrong.length > 0) throw new InvoiceError(`the response can't be read:\n${wrong.join('\n')}`)
  return invoice
}

function readCsv([header, ...rows]: readonly CsvRow[]): Invoice {
  const columns = (header?.fields ?? []).map(name => name.trim().toLowerCase())
  const has = (...names: string[]) => names.every(name => columns.includes(name))
  const cells = rows.map(({ line, fields }) => new Cells(columns, fields, line))
  if (has('amount_value', 'amount_currency')) return openaiCsv(cells)
  if (has('usage_date_utc', 'model', 'cost_usd')) return anthropicCsv(cells)
  if (has('num_model_requests') || has('usage_input_tokens_no_cache'))
    throw new InvoiceError(`the file is a usage export: it has token counts but no costs; export the costs instead`)
  throw new InvoiceError(`the file has no invoice columns; ${EXPECTED}`)
}
