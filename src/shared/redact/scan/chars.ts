/**
 * Character classes and token edges. A table look-up for a character is several times faster than
 * a regular expression, and it cannot backtrack.
 */

export const WORD = 1
export const DIGIT = 2
/** base64url */
export const TOKEN = 4
/** the local part of an e-mail address */
export const LOCAL = 8
export const HOST = 16
export const HEX = 32
export const BLANK = 64
export const LETTER = 128
export const CAPITAL = 256
/** between the parts of a date, a decimal or an id, before a phone number, and between two fields */
export const JOINT = 512
/** between groups of digits */
export const GAP = 1024
/** between a word and the number that it announces: colons, quotes of any depth, brackets, cells of tables */
export const BETWEEN = 2048
/** the alphabet of bearer tokens (RFC 6750), and `%`, since a URL encodes the padding */
export const CREDENTIAL = 4096
/** between the parts of a word of several */
export const PARTING = 8192

export const BACKSLASH = 92

/** In the order of the bits above. */
const CLASSES = [
  /\w/,
  /\d/,
  /[\w-]/,
  /[\w.+'-]/,
  /[a-z\d.-]/i,
  /[\da-f]/i,
  /[ \t]/,
  /[a-z]/i,
  /[A-Z]/,
  /[-.+\\,;]/,
  /[ /()]/,
  /[ \t\n\r:="'`\\.\])(/|>*#?]/,
  /[\w.~+/=%-]/,
  /[-_. ]/,
]
const classes = Uint16Array.from({ length: 128 }, (_, code) =>
  CLASSES.reduce((bits, pattern, bit) => bits | (Number(pattern.test(String.fromCharCode(code))) << bit), 0),
)

/**
 * The character code at an index, 0 outside the text. `charCodeAt` answers NaN there, and a loop that has met one NaN
 * runs several times slower from then on.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0
}

/** True when the character code is in one of the classes. */
export function is(code: number, mask: number): boolean {
  return code < 128 && (classes[code]! & mask) !== 0
}

/** Letters of scripts that write spaces between words (Latin with Vietnamese, Greek, Cyrillic): part of an address beside ASCII. */
export function isAccented(code: number): boolean {
  return code >= 0xc0 && (code < 0x530 || (code >= 0x1e00 && code < 0x2000))
}

/** The first index from `at` on whose character is not in the class, at most `limit` characters on. */
export function runEnd(text: string, at: number, mask: number, limit: number): number {
  const stop = Math.min(text.length, at + limit)
  let end = at
  while (end < stop && is(codeAt(text, end), mask)) end++
  return end
}

/**
 * Where a token that was read backwards to `start` really begins: in `\nbob`, `\u0022bob` and `%3Dbob` the letters of
 * the escape are not the token's, and masking them would break the JSON or the URL around it.
 */
export function afterEscape(text: string, start: number): number {
  const before = codeAt(text, start - 1)
  if (before === BACKSLASH) {
    const letter = codeAt(text, start)
    if (letter === 117 && hexDigits(text, start + 1, 4)) return start + 5
    return isEscapeLetter(letter) ? start + 1 : start
  }
  return before === 37 && hexDigits(text, start, 2) ? start + 2 : start
}

/** True when a token may begin at `at`: no word character stands before it, or only the end of an escape. */
export function startsToken(text: string, at: number): boolean {
  if (at === 0 || !is(codeAt(text, at - 1), WORD)) return true
  if (codeAt(text, at - 2) === BACKSLASH) return isEscapeLetter(codeAt(text, at - 1))
  if (codeAt(text, at - 3) === 37) return hexDigits(text, at - 2, 2)
  return codeAt(text, at - 6) === BACKSLASH && codeAt(text, at - 5) === 117 && hexDigits(text, at - 4, 4)
}

function isEscapeLetter(code: number): boolean {
  // b f n r t
  return code === 110 || code === 116 || code === 114 || code === 98 || code === 102
}

function hexDigits(text: string, at: number, count: number): boolean {
  for (let i = at; i < at + count; i++) if (!is(codeAt(text, i), HEX)) return false
  return true
}
