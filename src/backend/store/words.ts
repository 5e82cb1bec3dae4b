// Splits text into the words of the word index. A word is a run of letters, digits and connecting characters, so `gpt-4o-mini`, `/api/chat`
// and `order_17` are one word each. Scripts without spaces are split at punctuation.

/** Longer words are split into pieces of this many characters. */
const LONGEST = 256
/** Any text up to this length lies within one piece, because neighbouring pieces overlap by as much. */
export const LONGEST_FOUND = 64

/** For ASCII: 1 if the character belongs to a word. */
const belongs = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w./:@-]/.test(String.fromCharCode(code))))

/** Punctuation of Chinese, Japanese and Korean, and Unicode spaces. */
const isSeparator = (code: number): boolean =>
  (code >= 0x3000 && code <= 0x3003) ||
  (code >= 0x3008 && code <= 0x3011) ||
  (code >= 0x3014 && code <= 0x301f) ||
  (code >= 0xff01 && code <= 0xff0f && code !== 0xff0d) ||
  (code >= 0xff1a && code <= 0xff20) ||
  (code >= 0x2000 && code <= 0x206f) ||
  code === 0xa0

/** Letters that RE2 treats as equal when ignoring case, but `toLowerCase` does not. */
const sameLetters: Readonly<Record<string, string>> = { ſ: 's', ς: 'σ', µ: 'μ', ϐ: 'β', ϵ: 'ε', ϑ: 'θ', ϰ: 'κ', ϖ: 'π', ϱ: 'ρ', ϕ: 'φ', ẛ: 'ṡ' } // biome-ignore format: a table
const others = new RegExp(`[${Object.keys(sameLetters).join('')}]`, 'g')
const isAscii = /^[\0-\x7f]*$/

/** Folds case as `(?i)` does in a regular expression. */
export function folded(text: string): string {
  const lower = text.toLowerCase()
  return isAscii.test(lower) ? lower : lower.replace(others, letter => sameLetters[letter]!)
}

/** @param text folded; @param add receives each word, including repeated ones */
export function eachWord(text: string, add: (word: string) => void): void {
  const { length } = text
  let from = 0
  for (let at = 0; at <= length; at++) {
    if (at < length) {
      const code = text.charCodeAt(at)
      if (code < 128 ? belongs[code] === 1 : !isSeparator(code)) continue
    }
    if (at > from) addRun(text, from, at, add)
    from = at + 1
  }
}

function addRun(text: string, from: number, to: number, add: (word: string) => void): void {
  let at = from
  for (; to - at > LONGEST; at += LONGEST - LONGEST_FOUND) add(text.slice(at, at + LONGEST))
  add(text.slice(at, to))
}
