/** Where the cells of a line stand. */

export interface Cell {
  readonly start: number
  readonly end: number
}

const MOST_CELLS = 60

/** White space, or the backslash of an escaped line break. */
function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 92 || code === 32 || (code < 14 && code > 8) || (code > 159 && /\s/.test(text[at]!))
}

/** The cells of a line, in quotes or not; undefined when there are too many. `isInString`: a quote ends the row. */
export function cellsOf(text: string, line: Cell, between: string, isInString: boolean): Cell[] | undefined {
  let { start, end } = line
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
      const close = text.indexOf(quote, first + 1)
      if (close >= 0 && close < end) {
        cells.push({ start: first + 1, end: close })
        at = text.indexOf(between, close)
        if (at < 0 || at >= end) return cells
        at++
        continue
      }
    }
    let stop = text.indexOf(between, at)
    const isLast = stop < 0 || stop >= end
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
