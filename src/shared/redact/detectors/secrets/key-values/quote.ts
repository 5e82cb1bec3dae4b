/**
 * Where the quoted value of an assignment begins, in whatever way a language writes it: `b'…'`, `@"…"`, `"""…"""`, `("…")`,
 * `SecretStr("…")`, `process.env.X || "…"`.
 */
import { BACKSLASH, codeAt } from '../../../scan/chars'

export interface OpeningQuote {
  /** index of the value's first character, right behind its quote */
  readonly start: number
  /** backslashes before the quote */
  readonly slashes: number
  /** it is not all of the right side: what stands there has to look like a secret itself */
  readonly isInside: boolean
}

const QUOTE = `["'\`]`
/** Letters and signs that languages write before a quote, perhaps in a bracket and on the next line. */
const PREFIXED = new RegExp(String.raw`(?:\(\s{0,40})?(?:@\$?|\$@?|[bru]{1,2}|f|L)?(?=${QUOTE})`, 'iy')
/** A function that makes a secret of a text; `getenv("X")` and the like name one. */
const WRAPPER = new RegExp(
  String.raw`(?:new )?(?:[\w.:-]{0,40}(?:secret|secretstr|securestring|string|bytes|from|decode|atob|btoa|hex|some|just|password|credentials?))(?:\(\s{0,8}| (?:-String )?)(?=${QUOTE})`,
  'iy',
)
/** The value for want of another one, or one of two. */
const FALLBACK = new RegExp(String.raw`[\w$.[\]"'()!]{1,80}? ?(?:\|\||\?\?|\bor\b|\?:?) {0,2}(?=${QUOTE})`, 'y')

/** The opening of a string that begins at `at` itself, or behind the marks of its language. */
export function openingQuoteAt(text: string, at: number): OpeningQuote | undefined {
  let quote = at
  while (codeAt(text, quote) === BACKSLASH) quote++
  if (isQuote(codeAt(text, quote))) return behind(text, quote, quote - at, false)
  PREFIXED.lastIndex = at
  return PREFIXED.test(text) ? behind(text, PREFIXED.lastIndex, 0, false) : undefined
}

/** The opening of a string that is an argument or an alternative in the expression at `at`. */
export function openingQuoteInside(text: string, at: number): OpeningQuote | undefined {
  for (const form of [WRAPPER, FALLBACK]) {
    form.lastIndex = at
    if (form.test(text)) return behind(text, form.lastIndex, 0, true)
  }
  return undefined
}

function behind(text: string, quote: number, slashes: number, isInside: boolean): OpeningQuote {
  const code = codeAt(text, quote)
  const isTriple = slashes === 0 && codeAt(text, quote + 1) === code && codeAt(text, quote + 2) === code
  return { start: quote + (isTriple ? 3 : 1), slashes, isInside }
}

export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96
}
