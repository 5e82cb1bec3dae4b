/** Credentials in URLs and connection strings: `scheme://user:password@host`. */

import { isMask } from '../../../mask'
import { DIGITS, LETTERS } from '../../../scan/anchors'
import { codeAt } from '../../../scan/chars'
import type { Detector, Hits } from '../../../scan/scanner'

const LONGEST_USER = 512
/** Variables, and words that stand for themselves in a document: `user:password`. */
const NONE = /^(?:(?:\$?\{[^}]*\}+|<[^>]*>|:)+|user(?:name)?:p(?:ass(?:word)?|@ssword))$/i
/** How far an @ is looked for beyond a raw slash. */
const LONGEST_REST = 128

export const url: Detector = {
  finds: 'secret',
  anchors: [
    { at: ':', before: '/' },
    { at: '%', after: LETTERS + DIGITS, before: '3' },
  ],
  at(text, at, hits) {
    if (text[at] === '%') return encoded(text, at, hits)
    if (codeAt(text, at + 2) !== 47) return at
    const start = at + 3
    const end = userEnd(text, start)
    if (end <= start) return at
    const user = text.slice(start, end)
    // git@ is everybody's; a template or our own mask hides nothing
    if (!user.includes(':') && !isToken(user)) return end + 1
    if (user === 'git' || isMask(user) || /\$\{[\w.:-]+\}/.test(user) || NONE.test(user)) return end + 1
    hits.add(start, end, 'REDACTED')
    return end + 1
  },
}

/** `postgres%3A%2F%2Fuser%3Apassword%40host`: the credentials of a URL inside of a URL. */
const ENCODED =
  /%3a%2f%2f(?:[\w.~!$*+-]|%(?!3a|40|2f)[\da-f]{2}){0,64}%3a((?:[\w.~!$*+-]|%(?!40|2f)[\da-f]{2}){1,128})%40/iy

function encoded(text: string, at: number, hits: Hits): number {
  ENCODED.lastIndex = at
  const password = ENCODED.exec(text)?.[1]
  if (password === undefined) return at
  const end = ENCODED.lastIndex - 3
  hits.add(end - password.length, end, 'REDACTED')
  return end
}

/** A user without a password is a name (`ssh://deploy@host`) or a token. */
function isToken(user: string): boolean {
  return user.length >= 8 && /\d/.test(user) && /[A-Za-z]/.test(user)
}

/** The index of the @ that ends the user and password, `start` when there is none. */
function userEnd(text: string, start: number): number {
  const stop = Math.min(text.length, start + LONGEST_USER)
  let found = start
  let colon = -1
  let end = start
  for (; end < stop; end++) {
    const code = codeAt(text, end)
    if (code === 64) found = end
    else if (code === 58 && colon < 0) colon = end
    else if (code === 47 || code === 63 || code === 35) break
    // jdbc:sqlserver://host:1433;user=sa;…: what follows the colon was a port
    else if (code === 59 && colon > 0 && found === start && /^:\d{1,5}$/.test(text.slice(colon, end))) return start
    else if (isOutside(code)) return found
  }
  if (found > start || colon < 0 || colon === end - 1 || text[start] === '[') return found
  // a raw / ? or # in the password: what follows the colon is then no port
  if (/^:\d{1,5}$/.test(text.slice(colon, end))) return found
  const rest = Math.min(text.length, end + LONGEST_REST)
  for (; end < rest && !isOutside(codeAt(text, end)); end++) if (codeAt(text, end) === 64) return end
  return found
}

/** White space, quotes, backslash and >: no URL has them, the text around it begins. */
function isOutside(code: number): boolean {
  return code <= 32 || code === 34 || code === 39 || code === 96 || code === 92 || code === 62
}
