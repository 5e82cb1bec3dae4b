// Finds, in a text, what redaction left in place of a value (`[EMAIL]`, `[NAME:0123456789abcdef]`), and characters that
// would make a text look like another.
import { FAILED, TAGS, TYPE_NAME } from '../../../shared/redact/mask'

export type MarkedSegment =
  | { readonly kind: 'text'; readonly text: string }
  /** `type` is what the value was, `detail` the pseudonym or the last digits. */
  | { readonly kind: 'mask'; readonly text: string; readonly type: string; readonly detail: string }
  /** Cut by a budget of the SDK. */
  | { readonly kind: 'cut'; readonly text: string }
  /** A control character that turns or hides what follows; `text` is its code point, as in `U+202E`. */
  | { readonly kind: 'control'; readonly text: string }

/**
 * A type of the user's own is known by its detail or by its underscore; `[INFO]` and `[DONE]` are what people write.
 */
const OWN = '[A-Z][A-Z\\d]*_[A-Z\\d_]*[A-Z\\d]'
const DETAIL = ':(?:[\\da-f]{16}|\\*[\\dA-Za-z]{4})'
const MASK = `\\[(${FAILED.slice(1, -1)}|${TAGS.join('|')}|${OWN}|${TYPE_NAME}(?=${DETAIL}\\]))(${DETAIL})?\\]`
const CUT = '\\[TRUNCATED \\d{1,15} chars\\]'
/** Bidirectional controls, and controls other than tab and line ends. */
const CONTROL =
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]'
const PIECES = new RegExp(`${MASK}|(${CUT})|(${CONTROL})`, 'g')

export function piecesOf(text: string): MarkedSegment[] {
  const pieces: MarkedSegment[] = []
  let last = 0
  for (const match of text.matchAll(PIECES)) {
    const [found, type, detail, cut, control] = match
    if (match.index > last) pieces.push({ kind: 'text', text: text.slice(last, match.index) })
    last = match.index + found.length
    if (type) pieces.push({ kind: 'mask', text: found, type, detail: detail?.slice(1) ?? '' })
    else if (cut) pieces.push({ kind: 'cut', text: found })
    else if (control) pieces.push({ kind: 'control', text: codePoint(control) })
  }
  if (last < text.length) pieces.push({ kind: 'text', text: text.slice(last) })
  return pieces
}

function codePoint(char: string): string {
  return `U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
