/** Tables whose rows are lines: CSV, TSV, pipes, as text and as a string of JSON. */
import { codeAt, DIGIT, is } from '../chars'
import { type Cell, cellsOf, indexIn } from './cells'
import { addRow, type LabelledCell, type Labels, LONGEST_LABEL, labelsOf } from './labels'

const LONGEST_HEADER = 600
const LONGEST_ROW = 4000
/** Spaces, quotes and a pipe before the first label. */
const LONGEST_OPENING = 8
/** Between the header and the rows of pipe tables. */
const RULE = /^[|\s:+-]{3,}$/

/** `mark` ends a line: a line break, or the last two characters of an escaped one. */
export function readLines(text: string, mark: string, found: LabelledCell[]): void {
  let labels: Labels | undefined
  let between = ''
  let isFirst = true
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf(mark, start)
    const next = stop < 0 ? text.length : stop + mark.length
    const end = stop < 0 ? text.length : stop
    // most lines are neither a header nor below one
    if (!labels && !isFirst && !firstMark(text, start, end)) {
      start = next
      continue
    }
    const line = { start, end }
    start = next
    // the text of JSON before the first line
    if (mark === '\\n' && isFirst) line.start = valueStart(text, line.end)
    isFirst = false
    if (labels && line.end - line.start <= LONGEST_ROW) {
      const piece = text.slice(line.start, line.end)
      if (RULE.test(piece.replace(/\\{1,32}$/, ''))) continue
      const cells = cellsOf(text, line, between, mark === '\\n')
      if (cells?.length === labels.length) {
        addRow(cells, labels, found)
        continue
      }
    }
    labels = undefined
    if (line.end - line.start > LONGEST_HEADER || stop < 0) continue
    const sign = firstMark(text, line.start, line.end)
    // a header alone is a sentence with a comma
    if (!sign || !isOnNextLine(text, sign, start, mark)) continue
    between = sign
    const cells = cellsOf(text, line, sign, false)
    labels = cells && cells.length > 1 && !isList(cells, sign) ? labelsOf(text, cells) : undefined
  }
}

function isOnNextLine(text: string, sign: string, start: number, mark: string): boolean {
  const at = indexIn(text, sign, start, start + LONGEST_ROW)
  return at >= 0 && indexIn(text, mark, start, at) < 0
}

const NO_LABEL = 1
const MARK = 2
const OPENS = 4
const kinds = new Uint8Array(128)
for (const char of ':{}=<>()') kinds[char.charCodeAt(0)] = NO_LABEL
for (const char of ',;|\t') kinds[char.charCodeAt(0)] = MARK
for (const char of ` |"'*\\`) kinds[char.charCodeAt(0)]! |= OPENS

/** The mark behind the first label of a header; undefined for most lines, at a look: code, pairs, sentences. */
function firstMark(text: string, start: number, end: number): string | undefined {
  let at = start
  while (at < end && at < start + LONGEST_OPENING && isKind(text, at, OPENS)) at++
  const first = at
  const before = codeAt(text, first - 1)
  // a row; behind the quotes of an empty label they are none
  if (is(codeAt(text, first), DIGIT) && before !== 34 && before !== 39) return undefined
  for (const stop = Math.min(end, at + LONGEST_LABEL); at < stop; at++) {
    if (isKind(text, at, NO_LABEL)) return undefined
    if (isKind(text, at, MARK)) return at > first ? text[at] : undefined
  }
  return undefined
}

function isKind(text: string, at: number, kind: number): boolean {
  const code = text.charCodeAt(at)
  return code < 128 && (kinds[code]! & kind) !== 0
}

/** One word a line and a comma or semicolon behind it: code, not a table. */
function isList(cells: readonly Cell[], sign: string): boolean {
  return (sign === ',' || sign === ';') && cells.some(({ start, end }) => start === end)
}

/** Where the string begins whose first line ends at `end`. */
function valueStart(text: string, end: number): number {
  const from = Math.max(0, end - LONGEST_HEADER)
  const opening = /(?:^|[:[,(=]\s?)\\*["'`](?=[\p{L}#|][^"'`]*$)/u.exec(text.slice(from, end))
  return opening ? from + opening.index + opening[0].length : from
}
