/**
 * Tables, where a header says what stands in the cells below it: CSV and TSV, pipes, `INSERT INTO t (…) VALUES (…)`, HTML.
 * Each cell under a header that tells something is read as `"header": "cell"`, by the same detectors as any pair. Called by
 * the scanner with every text; one without a table costs a search for line breaks and a look at short lines.
 */
import { nameWordAt } from './name-words'
import { announced } from './number-words'
import type { Hits } from './scan'
import { secretWordAt } from './secret-words'

type Read = (text: string) => Hits

interface Cell {
  readonly start: number
  readonly end: number
}

const LONGEST_HEADER = 600
const LONGEST_ROW = 4000
const LONGEST_LABEL = 40
/** Spaces, quotes and a pipe before the first label. */
const LONGEST_OPENING = 8
const LONGEST_CELL = 300
const MOST_CELLS = 60
const LABEL = /^[\p{L}#][\p{L}\p{M}\d _.\-/#'*()]*$/u
/** Between the header and the rows of pipe tables. */
const RULE = /^[|\s:+-]{3,}$/
/** Columns that only tables of people have: `name` beside one is a person's. */
const PERSONAL =
  /^(?:.*[-_. ])?(?:e-?mail|phone|tel|mobile|address|birth ?day|birth[_ ]?date|date[_ ]of[_ ]birth|dob|gender|age|ssn|surname|(?:first|last)[_ ]?name)$|メール|電話|住所|生年月日|性別|年齢/i
const BARE_NAME = /^(?:name|nombre|nom|nome|naam|namn|navn|nimi|nama|名前|お名前)$/i

export function readTables(text: string, hits: Hits, read: Read): void {
  const found: [Cell, string][] = []
  if (text.includes('\n')) lines(text, '\n', found)
  if (text.includes('\\n')) lines(text, '\\n', found)
  if (text.includes('<th')) markup(text, found)
  if (text.includes('INSERT INTO') || text.includes('insert into')) statements(text, found)
  for (const [cell, header] of found) readCell(text, cell, header, read, hits)
}

function readCell(text: string, { start, end }: Cell, header: string, read: Read, hits: Hits): void {
  const value = text.slice(start, end)
  if (value === '' || value.length > LONGEST_CELL || /["\\]/.test(value)) return
  const before = `"${header}": "`
  for (const hit of read(`${before}${value}"`).list) {
    if (hit.start >= before.length && hit.end <= before.length + value.length)
      hits.add(start + hit.start - before.length, start + hit.end - before.length, hit.tag)
  }
}

/** The labels of a header, undefined for those that tell nothing; undefined when none does. */
function labelsOf(text: string, cells: readonly Cell[]): (string | undefined)[] | undefined {
  const labels = cells.map(({ start, end }) => text.slice(start, end).replace(/^\*{1,4}|\*{1,4}$/g, ''))
  if (!labels.every(label => label === '' || (label.length <= LONGEST_LABEL && LABEL.test(label)))) return undefined
  const isOfPeople = labels.some(label => PERSONAL.test(label))
  const told = labels.map(label => {
    if (isOfPeople && BARE_NAME.test(label)) return 'full_name'
    return tells(label) ? label : undefined
  })
  return told.some(label => label !== undefined) ? told : undefined
}

/** What stands under the others has its own shape, or is nobody's. */
const NUMBERS_OF_NOBODY = new Set(['version', 'host', 'other', 'call'])

function tells(label: string): boolean {
  // whatever is under a bare `name` of documents: a parameter, a file
  if (BARE_NAME.test(label)) return false
  if (nameWordAt(label, label.length)) return true
  const secret = secretWordAt(label, label.length)?.value
  if (secret === 'secret' || secret === 'token') return true
  const number = announced(label, label.length)
  return number !== undefined && !NUMBERS_OF_NOBODY.has(number)
}

/** Tables whose rows are lines. `mark` ends a line: a line break, or the last two characters of an escaped one. */
function lines(text: string, mark: string, found: [Cell, string][]): void {
  let labels: (string | undefined)[] | undefined
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
        cells.forEach((cell, index) => {
          const label = labels?.[index]
          if (label !== undefined) found.push([cell, label])
        })
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
  const at = text.indexOf(sign, start)
  if (at < 0 || at > start + LONGEST_ROW) return false
  const stop = text.indexOf(mark, start)
  return stop < 0 || at < stop
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
  while (at < end && at < start + LONGEST_OPENING && is(text, at, OPENS)) at++
  const first = at
  for (const stop = Math.min(end, at + LONGEST_LABEL); at < stop; at++) {
    if (is(text, at, NO_LABEL)) return undefined
    if (is(text, at, MARK)) return at > first ? text[at] : undefined
  }
  return undefined
}

function is(text: string, at: number, kind: number): boolean {
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

/** The cells of a line, in quotes or not; undefined when there are too many. `isInString`: a quote ends the row. */
function cellsOf(text: string, line: Cell, between: string, isInString: boolean): Cell[] | undefined {
  let { start, end } = line
  while (end > start && /[\s\\]/.test(text[end - 1]!)) end--
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
    while (last > at && /[\s\\]/.test(text[last - 1]!)) last--
    cells.push({ start: at, end: last })
    if (isLast) return cells
    at = stop + 1
  }
}

/** `INSERT INTO people (name, city) VALUES ('…', '…'), ('…', '…')` */
function statements(text: string, found: [Cell, string][]): void {
  const insert = /insert into [\w."`[\]]{1,80} ?\(([^()]{1,600})\)\s{0,8}values\s{0,8}(?=\()/gi
  for (let match = insert.exec(text); match; match = insert.exec(text)) {
    const from = match.index + match[0].indexOf('(') + 1
    const columns = cellsOf(text, { start: from, end: from + match[1]!.length }, ',', false)
    const labels = columns && labelsOf(text, columns)
    if (!labels) continue
    const row = /\(((?:[^()'\\]|'[^']{0,300}'){1,4000})\),?\s{0,8}/y
    row.lastIndex = insert.lastIndex
    for (let values = row.exec(text); values; values = row.exec(text)) {
      const cells = cellsOf(text, { start: values.index + 1, end: values.index + 1 + values[1]!.length }, ',', false)
      insert.lastIndex = row.lastIndex
      if (cells?.length !== labels.length) break
      cells.forEach((cell, index) => {
        const label = labels[index]
        if (label !== undefined) found.push([cell, label])
      })
    }
  }
}

/** `<th>` says what stands in the `<td>` of its column. */
function markup(text: string, found: [Cell, string][]): void {
  const tag = /<(tr|th|td)(?:\s[^<>]{0,200})?>([^<>]{0,300})/gi
  let header: Cell[] = []
  let labels: (string | undefined)[] | undefined
  let column = 0
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    const kind = match[1]!.toLowerCase()
    const start = match.index + match[0].length - match[2]!.length
    const trimmed = match[2]!.trim()
    const cell = { start: start + match[2]!.indexOf(trimmed), end: start + match[2]!.indexOf(trimmed) + trimmed.length }
    if (kind === 'tr') {
      if (header.length > 0) labels = labelsOf(text, header)
      header = []
      column = 0
    } else if (kind === 'th') header.push(cell)
    else {
      const label = labels?.[column++]
      if (label !== undefined) found.push([cell, label])
    }
  }
}
