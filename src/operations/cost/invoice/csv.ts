/** Parses CSV by RFC 4180 and as spreadsheets write it: byte order mark, commas, semicolons or tabs, quotes, CR LF or LF. */
import { isDate } from '../../../shared/calendar/dates'
import { InvoiceError } from './invoice'

export interface CsvRow {
  /** Line number in the file, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** Non-empty rows, including the header. */
export function parseCsv(text: string): CsvRow[] {
  const body = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(body)
  const rows: CsvRow[] = []
  let fields: string[] = []
  let field = ''
  let [line, firstLine] = [1, 1]
  let isQuoted = false
  const endRow = () => {
    fields.push(field)
    if (fields.some(one => one !== '')) rows.push({ line: firstLine, fields })
    fields = []
    field = ''
    firstLine = line + 1
  }
  for (let at = 0; at < body.length; at++) {
    const character = body[at]!
    if (isQuoted) {
      if (character !== '"') field += character
      else if (body[at + 1] === '"') field += body[++at]
      else isQuoted = false
      if (character === '\n') line++
    } else if (character === '"' && field === '') isQuoted = true
    else if (character === separator) {
      fields.push(field)
      field = ''
    } else if (character === '\n') {
      field = field.replace(/\r$/, '')
      endRow()
      line++
    } else field += character
  }
  if (field !== '' || fields.length > 0) endRow()
  return rows
}

/** The most frequent separator in the header. */
function separatorOf(text: string): string {
  const header = text.split('\n', 1)[0]!
  const count = (separator: string) => header.split(separator).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** Accesses a row by column name. */
export class Cells {
  constructor(
    private readonly columns: readonly string[],
    private readonly fields: readonly string[],
    private readonly line: number,
  ) {}

  text(column: string): string {
    return (this.fields[this.columns.indexOf(column)] ?? '').trim()
  }

  /** Undefined for an empty cell. @throws InvoiceError */
  amount(column: string): number | undefined {
    const text = this.text(column)
    if (text === '') return undefined
    const value = Number(text)
    if (Number.isFinite(value)) return value
    throw new InvoiceError(`line ${this.line}: ${column} must be a number, not "${text}"`)
  }

  /** @throws InvoiceError */
  date(column: string): string {
    const text = this.text(column)
    const date = text.slice(0, 10)
    if (isDate(date)) return date
    throw new InvoiceError(`line ${this.line}: ${column} must be a day such as 2026-11-27, not "${text}"`)
  }

  /** @throws InvoiceError unless the currency is USD */
  dollars(column: string): void {
    const currency = this.text(column).toUpperCase()
    if (currency !== '' && currency !== 'USD')
      throw new InvoiceError(`line ${this.line}: prices are in USD only, but this amount is in ${currency}`)
  }
}
