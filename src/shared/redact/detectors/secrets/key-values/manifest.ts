/**
 * The entries of a Kubernetes Secret, whatever their names: all below `data:` and `stringData:` of a document whose `kind`
 * is `Secret`.
 */
import { BLANK, codeAt, runEnd } from '../../../scan/chars'
import { textBefore } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { spend } from '../../../scan/work'
import { isPlaceholder } from '../plausible'
import { yamlBlockAt } from './next-line-value'

const DATA = /(?:^|\n)[ \t]{0,8}(?:data|stringData)$/
const KIND = /(?:^|\n)[ \t]{0,8}kind: ?["']?secret["']?[ \t]{0,4}(?:\r?\n|$)/i
const ENTRY = /[ \t]{1,16}["']?[\w.-]{1,253}["']?:[ \t]{1,4}/y
const COMMENT = /[ \t]{0,16}#[^\n]{0,400}/y
/** What is read of the document before and behind. */
const REACH = 2048
const MOST_ENTRIES = 100

export const manifest: Detector = {
  finds: 'secret',
  anchors: [{ at: ':', after: 'a', before: ' \t\r\n' }],
  at(text, at, hits) {
    if (!DATA.test(textBefore(text, at, 20)) || !KIND.test(documentAt(text, at))) return at
    let line = text.indexOf('\n', at)
    for (let entries = 0; line >= 0 && entries < MOST_ENTRIES; entries++) {
      const next = entryEnd(text, line + 1, hits)
      if (next === 0) return line
      line = text.indexOf('\n', next)
    }
    return line < 0 ? text.length : line
  },
}

function documentAt(text: string, at: number): string {
  spend(25)
  const from = Math.max(0, at - REACH)
  const piece = text.slice(from, at + REACH)
  const [head, tail] = [piece.lastIndexOf('\n---', at - from), piece.indexOf('\n---', at - from)]
  return piece.slice(head < 0 ? 0 : head + 4, tail < 0 ? piece.length : tail + 1)
}

/** Masks the value of the entry that begins at `line`; returns its end, 0 when no entry begins there. */
function entryEnd(text: string, line: number, hits: Hits): number {
  COMMENT.lastIndex = line
  if (COMMENT.test(text)) return COMMENT.lastIndex
  ENTRY.lastIndex = line
  if (!ENTRY.test(text)) return 0
  const at = ENTRY.lastIndex
  const quote = /["']/.exec(text[at] ?? '')?.[0]
  const close = quote ? text.indexOf(quote, at + 1) : -1
  const [start, end] = yamlBlockAt(text, at) ?? (close < 0 ? [at, lineEndAt(text, at)] : [at + 1, close])
  if (end > start && !isPlaceholder(text.slice(start, end))) hits.add(start, end, 'REDACTED')
  return runEnd(text, end, BLANK, 8)
}

function lineEndAt(text: string, at: number): number {
  const line = text.indexOf('\n', at)
  let end = line < 0 ? text.length : line
  while (end > at && codeAt(text, end - 1) <= 32) end--
  return end
}
