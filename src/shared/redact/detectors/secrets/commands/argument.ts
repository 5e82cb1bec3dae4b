/**
 * Secrets that are an argument by their place alone: of a command (`htpasswd -b file user password`, `wpa_passphrase
 * network password`, `net use X: \\host\share password /user:bob`), piped into one (`echo password | docker login
 * --password-stdin`), or of a function of SQL (`pgp_sym_encrypt(x, 'password')`). Each as the manual of its program has it.
 */

import { startsWithMask } from '../../../mask'
import { codeAt } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'
import { isPlaceholder } from '../plausible'

const VALUE = /\\{0,8}(["']?)([^\s"'\\|;&]{2,128})\1/.source
const WORD = /[^\s"'|;&]{1,128}/.source
/** By the letter of the anchor: what begins there and ends with the secret. */
const FORWARD: Record<string, RegExp> = {
  // htpasswd: with -n no file is written
  t: new RegExp(
    `tpasswd(?: -[A-Za-z]{1,8}(?: \\d{1,2})?){0,3} (?:-[A-Za-z]{0,6}(?:bn|nb|b[A-Za-z]{1,3}n|n[A-Za-z]{1,3}b)[A-Za-z]{0,4}|-[A-Za-z]{0,6}b[A-Za-z]{0,6} ${WORD}) ${WORD} ${VALUE}`,
    'y',
  ),
  // wpa_passphrase
  p: new RegExp(`passphrase (?:"[^"\\n]{1,64}"|'[^'\\n]{1,64}'|${WORD}) ${VALUE}`, 'y'),
  // pgp_sym_encrypt, aes_encrypt
  _: /_(?:en|de)crypt(?:_bytea)?\((?:[^'"(),]{1,128}|'[^'\n]{0,256}'), ?()'([^'\n]{2,128})'/y,
}
/** The same for what stands before the anchor. */
const PIPED = new RegExp(
  `(?:^|[\\s"'\`;&(])(?:echo|printf)(?: -[A-Za-z]{1,3}| \\\\{0,8}["']%s(?:\\\\{1,8}n)?\\\\{0,8}["']){0,2} {1,4}${VALUE}\\\\{0,8} {0,4}\\|[^|\\n]{0,120}$`,
)
const SHARE = new RegExp(`\\bnet use (?:${WORD} )?\\\\{2,32}[^\\s"'|]{1,128} ${VALUE} $`, 'i')
const LONGEST_BEFORE = 320

export const argument: Detector = {
  finds: 'secret',
  anchors: [
    { at: 't', after: 'h', before: 'p' },
    { at: 'p', after: '_', before: 'a' },
    { at: '_', after: 'msMS', before: 'edED' },
    // chpasswd, --password-stdin, sudo -S, /user:
    { at: 'h', after: 'c', before: 'p' },
    { at: '-', after: 'd', before: 's' },
    { at: '-', after: ' ', before: 'S' },
    { at: '/', after: ' ', before: 'uU' },
  ],
  at(text, at, hits) {
    const [start, end] = FORWARD[text[at]!] ? forward(text, at, FORWARD[text[at]!]!) : backward(text, at)
    const value = text.slice(start, end)
    if (value.length < 2 || /^[-$<]/.test(value) || isPlaceholder(value) || startsWithMask(text.slice(start, end + 1)))
      return at
    hits.add(start, end, 'REDACTED')
    return Math.max(end, at + 1)
  },
}

type Piece = readonly [start: number, end: number]
const NONE: Piece = [0, 0]

function forward(text: string, at: number, form: RegExp): Piece {
  form.lastIndex = at
  const found = form.exec(text)
  if (!found) return NONE
  const end = form.lastIndex - (text[form.lastIndex - 1] === "'" || found[1] ? 1 : 0)
  return [end - found[2]!.length, end]
}

function backward(text: string, at: number): Piece {
  const isShare = codeAt(text, at) === 47
  const rest = text.slice(at, at + 9)
  if (!(isShare ? /^\/user:/i : /^(?:hpasswd\b|-stdin\b|-S\b)/).test(rest)) return NONE
  const from = Math.max(0, at - LONGEST_BEFORE)
  const before = text.slice(from, at)
  if (rest.startsWith('-S') && !/\bsudo (?:-[a-z]{1,8} )?$/.test(before)) return NONE
  const found = (isShare ? SHARE : PIPED).exec(before)
  if (!found) return NONE
  const value = found[2]!
  const start = from + found.index + found[0].indexOf(value, isShare ? 0 : found[0].search(/echo|printf/) + 5)
  // chpasswd reads user:password
  const user = rest.startsWith('h') ? value.indexOf(':') + 1 : 0
  return [start + user, start + value.length]
}
