/**
 * The text as the detectors read it: full-width letters, digits and signs as ASCII, all hyphens as `-` and all spaces that
 * do not break as a space, without characters that have no width; characters beyond ASCII in place of their JSON escapes
 * (Python writes all Japanese that way) and of their percent-encoding, and the few of ASCII that encoders take from inside
 * of numbers and addresses. The original is never rewritten: hits are found here and masked there.
 */

import { spend } from './work'

export interface Folded {
  readonly text: string
  /** The index in the original of the character at an index here; the original's length at the end. */
  origin(at: number): number
}

/** Soft hyphen, grapheme joiner, vowel separator, zero-width space and joiners, word joiner, invisible operators, byte order mark. */
const WIDTHLESS = '\\u00ad\\u034f\\u180e\\u200b-\\u200d\\u2060-\\u2064\\ufeff'
/** Letters, digits and what joins them in addresses and keys (`-.@_+`), as two hexadecimal digits. */
const PLAIN = '(?:3\\d|4[\\da-f]|5[\\daf]|6[1-9a-f]|7[\\da]|2[bde])'
/** An escape at any depth of JSON in JSON, of a plain character or of what is not ASCII; those of others hold quotes and the like apart. */
const ESCAPE = `\\\\{1,32}u(?:00${PLAIN}|00[89a-f][\\da-f]|0[1-9a-f][\\da-f]{2}|[1-9a-f][\\da-f]{3})`
/** No-break, figure and thin spaces, the ideographic one. */
const SPACES = '\\u00a0\\u2007\\u2009\\u202f\\u3000'
/** Hyphen, no-break hyphen, figure dash, minus sign. */
const HYPHENS = '\\u2010-\\u2012\\u2212'
/** `@` and `+` as entities: what keeps harvesters off, and what template engines write. Of other characters, four in a row. */
const ANY_ENTITY = '&#(?:\\d{2,3}|x[2-7][\\da-f]);'
const ENTITY = `&#(?:64|43|x40|x2b);|&#(?:4[3568]|49|5[0-7]|6[4-9]|[78]\\d|9[05789]|1[01]\\d|12[012]|x${PLAIN});(?=(?:${ANY_ENTITY}){3})|(?<=(?:${ANY_ENTITY}){3})&#(?:\\d{2,3}|x${PLAIN});`
/** Colours of a terminal (ECMA-48, SGR): the letter that ends them is no part of the word behind it. */
const COLOUR = '\\u001b\\[[\\d;]{0,16}m'
/**
 * A character beyond ASCII in UTF-8, in the fewest bytes and no surrogate; a space between the groups of a number, a colon between
 * those of an address.
 */
const TAIL = '%[89ab][\\da-f]'
const PERCENT =
  `%${PLAIN}(?=(?:%[2-7][\\da-f]){3})|(?<=(?:%[2-7][\\da-f]){3})%${PLAIN}|%(?!e0%[89]|ed%[ab]|f0%8)(?:c[2-9a-f]|d[\\da-f]|e[\\da-f]${TAIL}|f0${TAIL}${TAIL})${TAIL}` +
  '|(?<=[\\d)])%20(?=[\\d(])|(?<=[\\da-f])%3a(?=[\\da-f]|%3a)|(?<=%3a)%3a(?=[\\da-f])'
/** Arabic and Indian digits; those of mathematics are pairs of surrogates. */
const DIGITS = '\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f'
const MATH_DIGIT = '\\ud835[\\udfce-\\udfff]'
/** The full stop of Chinese and Japanese inside of a host name. */
const STOP = '[\\u3002\\uff61](?=[a-z]{2})(?<=[\\w-].)'
/**
 * Single characters, in classes of few ranges each: for a class of more than about sixteen V8 calls a function at each
 * character beyond Latin-1, which takes five times as long.
 */
const SINGLE = `[${WIDTHLESS}${SPACES}]|[${HYPHENS}${DIGITS}\\uff01-\\uff5e]`
const SPACE = new RegExp(`[${SPACES}]`)
const HYPHEN = new RegExp(`[${HYPHENS}]`)
const NONE = new RegExp(`[${WIDTHLESS}]`)
/** `12 %` is prose. */
const HAS_PERCENT = '%(?:[2-7c-fC-F][\\da-fA-F]%|20[\\d(]|3[aA])'

/**
 * Each with a quick question, which may be answered with yes for nothing: an expression of all of them, with its
 * look-behinds, reads a text many times slower.
 */
const parts: readonly (readonly [source: string, question?: string])[] = [
  [SINGLE],
  [MATH_DIGIT, '\\ud835'],
  [STOP, '[\\u3002\\uff61](?=[a-zA-Z]{2})'],
  [ESCAPE, '\\\\u'],
  [COLOUR, '\\u001b'],
  [ENTITY, '&#'],
  [PERCENT, HAS_PERCENT],
]
const questions = parts.map(([source, question = source]) => new RegExp(question))
/** Tells of most texts, in one look at each character, that no part is in them. */
const ANY = new RegExp(questions.map(({ source }) => source).join('|'))

/** By the parts that may be in a text, a bit for each. */
const compiled: (RegExp | undefined)[] = []

function foldsOf(text: string): RegExp | undefined {
  if (!ANY.test(text)) return undefined
  let bits = 0
  for (let i = 0; i < questions.length; i++) if (questions[i]!.test(text)) bits |= 1 << i
  compiled[bits] ??= new RegExp(parts.flatMap(([source], i) => (bits & (1 << i) ? [source] : [])).join('|'), 'gi')
  return compiled[bits]
}

/** Undefined where nothing has to be folded, which is nearly always. */
export function fold(text: string): Folded | undefined {
  const folds = foldsOf(text)
  if (!folds) return undefined
  folds.lastIndex = 0
  if (!folds.test(text)) return undefined
  folds.lastIndex = 0
  let out = ''
  let from = 0
  /** Where the distance between the two texts has changed: the index here, and the index in the original. */
  const here: number[] = [0]
  const there: number[] = [0]
  for (let found = folds.exec(text); found; found = folds.exec(text)) {
    const [piece] = found
    spend(1)
    const char = folded(piece)
    out += text.slice(from, found.index)
    from = found.index + piece.length
    out += char
    if (char.length !== piece.length) {
      here.push(out.length)
      there.push(from)
    }
  }
  out += text.slice(from)
  return { text: out, origin: at => originOf(at, here, there) }
}

/** What single characters become: a text in full width has hundreds of the same few. */
const singles = new Map<string, string>()

function folded(piece: string): string {
  if (piece.length > 1) return folding(decoded(piece))
  const known = singles.get(piece) ?? folding(piece)
  singles.set(piece, known)
  return known
}

function folding(char: string): string {
  const code = char.charCodeAt(0)
  const digit = digitOf(char)
  if (digit >= 0) return String(digit)
  if (code === 0x3002 || code === 0xff61) return '.'
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  // the scripts of East Asia
  if (code > 0x3000 && code < 0xfeff) return char
  return char.replace(SPACE, ' ').replace(HYPHEN, '-').replace(NONE, '')
}

/** The value of a digit of another script, -1 for anything else. */
function digitOf(char: string): number {
  const code = char.codePointAt(0)!
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10
  for (const zero of [0x660, 0x6f0, 0x966]) if (code >= zero && code < zero + 10) return code - zero
  return -1
}

function decoded(piece: string): string {
  if (piece.charCodeAt(0) === 0xd835) return piece
  if (piece.startsWith('\u001b')) return ''
  if (piece.startsWith('%')) return decodeURIComponent(piece)
  // &#x40; and &#64; as Number reads them
  if (piece.startsWith('&')) return String.fromCharCode(Number(`0${piece.slice(2, -1)}`))
  return String.fromCharCode(Number.parseInt(piece.slice(-4), 16))
}

/** By halving: a long text in escapes has as many changes as characters. */
export function originOf(at: number, here: readonly number[], there: readonly number[]): number {
  let low = 0
  let high = here.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (here[middle]! <= at) low = middle
    else high = middle - 1
  }
  return there[low]! + at - here[low]!
}
