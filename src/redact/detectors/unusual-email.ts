/**
 * E-mail addresses as people write them against harvesters (`bob [at] example [dot] com`), and the rare forms of RFC 5321,
 * 5322 and 6531: a local part in quotes, an address literal, a domain in a script without spaces. `email` has all others.
 */
import { BEYOND, WORDS } from '../anchors'
import { codeAt } from '../chars'
import type { Detector, Hits } from '../scan'

const AT = '(?: ?[[({] ?at ?[\\])}] ?)'
const DOT = '(?: ?[[({] ?dot ?[\\])}] ?|\\.)'
const BRACKETED = new RegExp(
  `([\\w+'-]{1,32}(?:${DOT}[\\w+'-]{1,32}){0,4})${AT}(?:[\\w-]{1,63}${DOT}){1,4}[a-z]{2,24}(?![\\w-])`,
  'i',
)
/** Words alone are also of a sentence: the local part is no word, or a word about mail stands before. */
const SPOKEN =
  /(?:(?<=\b(?:e-?mail|mail|write|reach|contact|address)(?: (?:me|us|is|to|at|him|her|them))?:? {1,2})[\w+'-]{1,32}|[\w+'-]{0,32}[\d._][\w+.'-]{0,32}) at (?:[\w-]{1,63} dot ){1,4}[a-z]{2,24}(?![\w-])/i
const LITERAL = /@\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[\da-f:.]{2,45})\]/iy
const WIDE_HOST = /@[\p{L}\p{M}\p{N}-]{1,63}(?:[.。][\p{L}\p{M}\p{N}-]{1,63}){1,4}/uy
const HOST = /@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/iy
const LOCAL = /[\w.+'-]{1,64}$/
const QUOTED = /"\w[\w .+'-]{0,62}"$/
const LONGEST = 200

export const unusualEmail: Detector = {
  names: ['email'],
  finds: 'personal',
  anchors: [
    { at: '@', after: `${WORDS}-.+'`, before: `[${BEYOND}` },
    { at: '@', after: '"' },
    { at: 'aA', after: '[({', before: 'tT' },
    { at: 'dD', after: '[({ ', before: 'oO' },
  ],
  at(text, at, hits) {
    if (text[at] !== '@') return spelled(text, at, hits)
    const before = text.slice(Math.max(0, at - 66), at)
    const isQuoted = text[at - 1] === '"'
    const local = (isQuoted ? QUOTED : LOCAL).exec(before)
    if (!local) return at
    for (const host of isQuoted ? [HOST] : [LITERAL, WIDE_HOST]) {
      host.lastIndex = at
      if (!host.test(text)) continue
      hits.add(at - local[0].length, host.lastIndex, 'EMAIL')
      return host.lastIndex
    }
    return at
  },
}

/** `[at]`, `(at)` or ` dot `: the address around it. */
function spelled(text: string, at: number, hits: Hits): number {
  const isDot = (codeAt(text, at) | 32) === 100
  const closing = text[at + (isDot ? 3 : 2)]
  if (!closing || !' ])}'.includes(closing) || (isDot && (codeAt(text, at + 2) | 32) !== 116)) return at
  const from = Math.max(0, at - LONGEST)
  const near = text.slice(from, at + LONGEST)
  const found = BRACKETED.exec(near) ?? (isDot ? SPOKEN.exec(near) : null)
  if (!found) return at
  hits.add(from + found.index, from + found.index + found[0].length, 'EMAIL')
  return Math.max(at, from + found.index + found[0].length)
}
