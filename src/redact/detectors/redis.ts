/**
 * Passwords in Redis commands: `AUTH password`, `AUTH user password`, `HELLO 3 AUTH user password`,
 * `ACL SETUSER user on >password`. Called by the scanner at the capitals H and L.
 */
import type { Detector } from '../scan'
import { isPlaceholder } from './plausible'

const AUTH = /(?:^|["'\n>]\s?|HELLO [23] )AUT$/
/** At most two words, to the end of the command. */
const ARGUMENTS = /H[ \t]((?:[^\s"'\\]{1,128}[ \t])?)([^\s"'\\]{1,512})(?=[ \t]?(?:$|[\n"'\\]| SETNAME))/y
const SETUSER = /L SETUSER [^\n"]{0,200}?[ \t]>([^\s"'\\]{1,512})/iy

export const redis: Detector = {
  names: ['redis password'],
  finds: 'secret',
  anchors: [
    { at: 'H', after: 'T', before: ' \t' },
    { at: 'L', after: 'C', before: ' ' },
  ],
  at(text, at, hits) {
    if (text[at] === 'L') {
      SETUSER.lastIndex = at
      const found = text.startsWith('AC', at - 2) ? SETUSER.exec(text) : null
      if (!found) return at
      hits.add(SETUSER.lastIndex - found[1]!.length, SETUSER.lastIndex, 'REDACTED')
      return SETUSER.lastIndex
    }
    if (!text.startsWith('AUT', at - 3) || !AUTH.test(text.slice(Math.max(0, at - 16), at))) return at
    ARGUMENTS.lastIndex = at
    const found = ARGUMENTS.exec(text)
    if (!found || isPlaceholder(found[2]!) || /^[A-Z]+$/.test(found[2]!)) return at
    hits.add(ARGUMENTS.lastIndex - found[2]!.length, ARGUMENTS.lastIndex, 'REDACTED')
    return ARGUMENTS.lastIndex
  },
}
