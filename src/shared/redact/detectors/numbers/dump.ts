/**
 * Whether groups of digits are part of a dump in hexadecimal, whose bytes can look like any number that is written with
 * spaces.
 */

/** Looked at on each side: some groups and what separates them. */
const AROUND = 22
const BYTES = /^(?:[\da-f]{2}){1,4}$/i

/** True when the words before or behind [start, end) are bytes: one with a letter and a digit, or two with a letter. */
export function isInDump(text: string, start: number, end: number): boolean {
  return (
    isBytes(
      text
        .slice(Math.max(0, start - AROUND), start)
        .trimEnd()
        .split(/ +/)
        .reverse(),
    ) ||
    isBytes(
      text
        .slice(end, end + AROUND)
        .trimStart()
        .split(/ +/),
    )
  )
}

/** @param words the nearest first; the last may be cut */
function isBytes(words: readonly string[]): boolean {
  const [first = '', second = ''] = words
  if (!BYTES.test(first)) return false
  const hasLetter = /[a-f]/i.test(first)
  return (
    (hasLetter && /\d/.test(first)) || (words.length > 2 && BYTES.test(second) && (hasLetter || /[a-f]/i.test(second)))
  )
}
