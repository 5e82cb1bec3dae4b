/**
 * Passwords in Redis commands: `AUTH password`, `AUTH user password`, `HELLO 3 AUTH user password`, `ACL SETUSER user on
 * >password`; and in its configuration: `requirepass password`, `masterauth password`.
 */

import { textBefore } from '../../../scan/pieces'
import type { Detector, Hits } from '../../../scan/scanner'
import { isPlaceholder } from '../plausible'

const AUTH = /(?:^|["'\n>]\s?|\\n|HELLO [23] )AUT$/
/** At most two words, to the end of the command. */
const ARGUMENTS = /H[ \t]((?:[^\s"'\\]{1,128}[ \t])?)([^\s"'\\]{1,512})(?=[ \t]?(?:$|[\n"'\\]| SETNAME))/y
const SETUSER = /L SETUSER [^\n"]{0,200}?[ \t]>([^\s"'\\]{1,512})/iy
/** At the beginning of a line of a file, of an option, or after the command that sets it; to the end of the line. */
const DIRECTIVE =
  /(?:^|\n|\\n|--|(?:SET|set) )(?:requirepass|masterauth)[ \t]{1,8}\\{0,32}["']?([^\s"'\\]{1,512})(?=\s{0,8}$|["'\\]|[ \t]{0,8}\n| --)/y

export const redis: Detector = {
  finds: 'secret',
  anchors: [
    { at: 'H', after: 'T', before: ' \t' },
    { at: 'L', after: 'C', before: ' ' },
    { at: 'q', after: 'e', before: 'u' },
    { at: 'u', after: 'a', before: 't' },
  ],
  at(text, at, hits) {
    if (text[at] === 'q' || text[at] === 'u') return directive(text, at, hits)
    if (text[at] === 'L') {
      SETUSER.lastIndex = at
      const found = text.startsWith('AC', at - 2) ? SETUSER.exec(text) : null
      if (!found) return at
      hits.add(SETUSER.lastIndex - found[1]!.length, SETUSER.lastIndex, 'REDACTED')
      return SETUSER.lastIndex
    }
    if (!text.startsWith('AUT', at - 3) || !AUTH.test(textBefore(text, at, 16))) return at
    ARGUMENTS.lastIndex = at
    const found = ARGUMENTS.exec(text)
    if (!found || isPlaceholder(found[2]!) || /^[A-Z]+$/.test(found[2]!)) return at
    hits.add(ARGUMENTS.lastIndex - found[2]!.length, ARGUMENTS.lastIndex, 'REDACTED')
    return ARGUMENTS.lastIndex
  },
}

function directive(text: string, at: number, hits: Hits): number {
  const word = at - (text[at] === 'q' ? 2 : 7)
  if (!text.startsWith('requirepass', word) && !text.startsWith('masterauth', word)) return at
  for (const before of [4, 2, 1, 0]) {
    DIRECTIVE.lastIndex = Math.max(0, word - before)
    const found = DIRECTIVE.exec(text)
    if (!found || isPlaceholder(found[1]!)) continue
    hits.add(DIRECTIVE.lastIndex - found[1]!.length, DIRECTIVE.lastIndex, 'REDACTED')
    return DIRECTIVE.lastIndex
  }
  return at
}
