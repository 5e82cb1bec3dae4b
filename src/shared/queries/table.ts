// Rows → lines that fit their terminal. Cells come from traces, so from anybody: control characters, which could move the cursor or colour
// the terminal, never get through.
import stringWidth from 'string-width'
import { outputWidth } from './output-width'

/** Columns of a cell where there is room; longer ones are cut, but for the last of a row, which may be a link. */
const WIDEST = 48
/** No column is cut below this, nor below its heading. */
const NARROWEST = 10
const GAP = '  '
/** Before what did not fit beside the other columns. */
const INDENT = '    '

export interface TableOptions {
  /** Columns of a line. Default: those of the terminal; undefined: as many as it takes. */
  readonly width?: number | undefined
  /** Puts colours around a cell. */
  readonly paint?: (text: string, heading: string, row: number) => string
}

/** Numbers stand at the right of their column. Where ids, numbers, times and links alone are too wide, a row goes on in further lines. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width: most = outputWidth(), paint = text => text }: TableOptions = {},
): string[] {
  const last = head.length - 1
  const cells = [head, ...rows].map(row => head.map((_, at) => clean(row[at] ?? '', at < last ? WIDEST : 1_000)))
  const columns = head.map((heading, at) =>
    columnOf(
      heading,
      cells.slice(1).map(row => row[at]!),
    ),
  )
  const parts = fitted(columns, most)
  return cells.flatMap((row, n) =>
    parts.map((part, line) => {
      const texts = part.map(at => {
        const { width: wide, isNumeric } = columns[at]!
        const text = cut(row[at]!, wide)
        const space = ' '.repeat(Math.max(0, wide - width(text)))
        const painted = text === '' || n === 0 ? text : paint(text, head[at]!, n - 1)
        return isNumeric ? space + painted : painted + space
      })
      return (line > 0 ? INDENT : '') + texts.join(GAP).trimEnd()
    }),
  )
}

interface Column {
  width: number
  /** Below it cells may not be cut. */
  readonly least: number
  readonly isNumeric: boolean
}

/** Useless when it is cut: a number with what stands behind it, an id, a time, a link. */
const whole = /^((>= )?-?[\d.,]+(e-?\d+)?( .{0,30})?|[0-9a-f]{16,}|\d{4}-\d\d-\d\d\b.*|https?:.*)$/

function columnOf(heading: string, cells: readonly string[]): Column {
  const least = cells.map(cell => (whole.test(cell) ? width(cell) : Math.min(width(cell), NARROWEST)))
  return {
    width: Math.max(width(heading), ...cells.map(width)),
    least: Math.max(width(heading), ...least),
    isNumeric: cells.length > 0 && cells.every(cell => /^(-?[\d.,]+( \w+)?|)$/.test(cell)),
  }
}

/** Narrows the columns as far as it has to. @returns which of them stand in each line of a row */
function fitted(columns: Column[], most: number | undefined): number[][] {
  const all = columns.map((_, at) => at)
  if (most === undefined) return [all]
  const natural = columns.map(column => column.width)
  let over = lengthOf(columns) - most
  while (over > 0) {
    const [widest] = columns.filter(column => column.width > column.least).sort((a, b) => b.width - a.width)
    if (!widest) break
    widest.width--
    over--
  }
  if (over <= 0) return [all]
  const lines: number[][] = [[]]
  let left = most
  for (const [at, column] of columns.entries()) {
    const room = most - INDENT.length
    column.width = Math.max(column.least, Math.min(natural[at]!, room))
    const needed = column.width + (lines.at(-1)!.length > 0 ? GAP.length : 0)
    if (needed <= left || lines.at(-1)!.length === 0) {
      lines.at(-1)!.push(at)
      left -= needed
    } else {
      lines.push([at])
      left = room - column.width
    }
  }
  return lines
}

const lengthOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => sum + column.width, GAP.length * (columns.length - 1))

function clean(cell: string, most: number): string {
  const text = cell
    .replace(/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/u, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trimEnd()
  return cut(text, most)
}

function cut(text: string, most: number): string {
  if (width(text) <= most) return text
  let shown = ''
  let used = 1
  for (const { segment } of segments.segment(text)) {
    used += width(segment)
    if (used > most) break
    shown += segment
  }
  return `${shown}…`
}

const segments = new Intl.Segmenter()

/** Columns that a terminal gives the text. */
export const width = (text: string): number => (narrow.test(text) ? text.length : stringWidth(text))

/** A column each: ASCII, the lines of trees and what stands for the rest of a text. */
const narrow = /^[\x20-\x7e\u2500-\u257f…]*$/
