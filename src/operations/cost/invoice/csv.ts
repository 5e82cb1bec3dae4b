/** CSV as RFC 4180 has it, and as spreadsheets write it: a byte order mark, commas, semicolons or tabs, quotes, lines of CR LF or LF. */
import { isDate } from '../../../shared/calendar/dates'
import { InvoiceError } from './invoice'

export interface CsvRow {
  /** From 1, in the file. */
  readonly line: number
  readonly fields: readonly string[]
}

/** Rows that are not empty, the header among them. */
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

/** The one that the header has most of. */
function separatorOf(text: string): string {
  const header = text.split('\n', 1)[0]!
  const count = (separator: string) => header.split(separator).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** A row by the names of its columns. */
export class Cells {
  constructor(
    private readonly columns: readonly string[],
    private readonly fields: readonly string[],
    private readonly line: number,
  ) {}

  text(column: string): string {
    return (this.fields[this.columns.indexOf(column)] ?? '').trim()
  }

  /** Undefined where the cell is empty. @throws InvoiceError */
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

  /** @throws InvoiceError where it is another one than USD */
  dollars(column: string): void {
    const currency = this.text(column).toUpperCase()
    if (currency !== '' && currency !== 'USD')
      throw new InvoiceError(`line ${this.line}: prices are in USD only, but this amount is in ${currency}`)
  }
}
