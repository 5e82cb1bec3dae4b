/** Where the value after a key ends in a text. */
import { BACKSLASH, codeAt, DIGIT, runEnd } from '../../scan/chars'

/** The number of backslashes right before `at`. */
export function slashesBefore(text: string, at: number): number {
  let count = 0
  while (codeAt(text, at - 1 - count) === BACKSLASH) count++
  return count
}

/**
 * The end of the quoted value that begins at `at`, just before the backslashes of its closing quote. In JSON inside JSON
 * the quotes of the inner text have backslashes themselves (1, 3, 7 … by depth), and so have quotes inside its strings.
 * Where the text was cut off, the end of the line or of the text.
 * @param slashes backslashes before the opening quote
 */
export function quotedEnd(text: string, at: number, quote: string, slashes: number): number {
  let end = text.length
  for (let close = text.indexOf(quote, at); close >= 0; close = text.indexOf(quote, close + 1)) {
    const before = Math.min(slashesBefore(text, close), close - at)
    if (!closes(before, slashes)) continue
    end = close - Math.min(slashes, before)
    break
  }
  const line = text.slice(at, end).indexOf('\n')
  return line >= 0 && quote !== '`' ? at + line : end
}

/** Whether a quote after `before` backslashes ends a string whose opening quote has `slashes`. */
function closes(before: number, slashes: number): boolean {
  let left = before
  for (let depth = slashes; depth > 0; depth >>= 1) {
    // an even number: the quote of a text further out, so ours was cut off
    if (left % 2 === 0) return true
    left >>= 1
  }
  return left % 2 === 0
}

const ENDS = 1
const MAY_END = 2
const ENDS_PARAMETER = 4
const bare = new Uint8Array(128)
for (const char of ' \t\n\r"\'`<>\\)') bare[char.charCodeAt(0)] = ENDS | ENDS_PARAMETER
for (const char of ',;|') bare[char.charCodeAt(0)] = MAY_END
bare[38] = MAY_END | ENDS_PARAMETER // &
bare[35] = ENDS_PARAMETER // #

const NEXT_PAIR = /[,;&|]+(?:$|\s|[\w.-]{1,40}[=:])/y

/**
 * The end of a value without quotes, at most `limit` characters on. Outside of a URL, commas and the like end it only
 * when a space or the next key follows, since they may also be part of a password.
 */
export function bareEnd(text: string, at: number, isParameter: boolean, limit: number): number {
  const stop = Math.min(text.length, at + limit)
  let end = at
  for (; end < stop; end++) {
    const code = codeAt(text, end)
    const kind = code < 128 ? bare[code]! : 0
    if (isParameter) {
      if (kind & ENDS_PARAMETER || (code === 37 && text.startsWith('%26', end))) break
    } else if (kind & ENDS || (kind & MAY_END && endsPair(text, end))) break
  }
  // what ends a sentence or closes a bracket
  if (end < at + limit) while (end > at && /[.,;:\]}]/.test(text[end - 1]!)) end--
  return end
}

function endsPair(text: string, at: number): boolean {
  NEXT_PAIR.lastIndex = at
  return NEXT_PAIR.test(text)
}

/** The end of the rest of a header line: a line break (raw or escaped) or a quote that is not a parameter's. */
export function lineEnd(text: string, at: number): number {
  let inParameter = false
  for (let end = at; end < text.length; end++) {
    const char = text[end]!
    if (char === '\n' || char === '\r' || char === '\\') return end
    if (char !== '"' && char !== "'" && char !== '`') continue
    if (!inParameter && text[end - 1] !== '=') return end
    inParameter = !inParameter
  }
  return text.length
}

/** The end of a number that is long enough to be a secret (a count is shorter), `at` when there is none. */
export function numberEnd(text: string, at: number, fewest: number): number {
  const end = runEnd(text, at, DIGIT, 32)
  return end - at >= fewest ? end : at
}
