/** Where the cells of a line stand. */
import { spend } from '../work'

export interface Cell {
  readonly start: number
  readonly end: number
}

const MOST_CELLS = 60
/** Eight characters of a line are divided in a unit of work, here as bits. */
const CHARACTERS = 3

/** White space, or the backslash of an escaped line break. */
function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 92 || code === 32 || (code < 14 && code > 8) || (code > 159 && /\s/.test(text[at]!))
}

/** The cells of a line, in quotes or not; undefined when there are too many. `isInString`: a quote ends the row. */
export function cellsOf(text: string, line: Cell, between: string, isInString: boolean): Cell[] | undefined {
  let { start, end } = line
  spend((end - start) >> CHARACTERS)
  while (end > start && isBlank(text, end - 1)) end--
  if (text.slice(end - 2, end + 1) === '\\r\\') end -= 2
  while (start < end && text[start] === ' ') start++
  if (between === '|') {
    if (text[start] === '|') start++
    if (text[end - 1] === '|') end--
  }
  const cells: Cell[] = []
  for (let at = start; ; ) {
    if (cells.length >= MOST_CELLS) return undefined
    while (at < end && text[at] === ' ') at++
    let first = at
    while (first < end && text[first] === '\\') first++
    const isQuoted = text[first] === '"' || (text[first] === "'" && between === ',')
    if (isQuoted) {
      const quote = text.slice(at, first + 1)
      const close = indexIn(text, quote, first + 1, end)
      if (close >= 0) {
        cells.push({ start: first + 1, end: close })
        at = indexIn(text, between, close, end)
        if (at < 0) return cells
        at++
        continue
      }
    }
    let stop = indexIn(text, between, at, end)
    const isLast = stop < 0
    if (isLast) {
      stop = end
      const quote = isInString ? text.slice(at, end).search(/\\{0,32}"/) : -1
      if (quote >= 0) stop = at + quote
    }
    let last = stop
    while (last > at && isBlank(text, last - 1)) last--
    cells.push({ start: at, end: last })
    if (isLast) return cells
    at = stop + 1
  }
}

/** As `indexOf`, which would go on behind `end` through the whole text. */
export function indexIn(text: string, what: string, at: number, end: number): number {
  const found = text.slice(at, end).indexOf(what)
  return found < 0 ? -1 : at + found
}
