/**
 * Tables, where a header says what stands in the cells below it: CSV and TSV, pipes, `INSERT INTO t (…) VALUES (…)`, HTML.
 * Each cell under a header that tells something is read as `"header": "cell"`, by the same detectors as any pair. A
 * text without a table costs a search for line breaks and a look at short lines.
 */
import { readEncoded } from '../encoded'
import type { Hits } from '../scanner'
import { spend } from '../work'
import type { Cell } from './cells'
import type { LabelledCell } from './labels'
import { readLines } from './lines'
import { readMarkup } from './markup'
import { readStatements } from './statements'

type Read = (text: string) => Hits

const LONGEST_CELL = 300
/** What it costs to put a cell and its header together. */
const CELL_WORK = 3

/** What is read inside of a text by the detectors themselves: the cells of tables, and words in base64. */
export function readInside(text: string, hits: Hits, read: Read): void {
  readTables(text, hits, read)
  readEncoded(text, hits, read)
}

function readTables(text: string, hits: Hits, read: Read): void {
  const found: LabelledCell[] = []
  if (text.includes('\n')) readLines(text, '\n', found)
  if (text.includes('\\n')) readLines(text, '\\n', found)
  if (text.includes('<th')) readMarkup(text, found)
  if (hasStatement(text)) readStatements(text, found)
  for (const [cell, header] of found) readCell(text, cell, header, read, hits)
}

/** Short rare words first: a search for one of seven letters or more looks at more of the text. */
function hasStatement(text: string): boolean {
  if (!text.includes('VALUES') && !text.includes('values') && !text.includes('Values')) return false
  return text.includes('INSERT INTO') || text.includes('insert into')
}

function readCell(text: string, { start, end }: Cell, header: string, read: Read, hits: Hits): void {
  const value = text.slice(start, end)
  if (value === '' || value.length > LONGEST_CELL || /["\\]/.test(value)) return
  spend(CELL_WORK)
  const before = `"${header}": "`
  for (const hit of read(`${before}${value}"`).list) {
    if (hit.start >= before.length && hit.end <= before.length + value.length)
      hits.add(start + hit.start - before.length, start + hit.end - before.length, hit.tag)
  }
}
