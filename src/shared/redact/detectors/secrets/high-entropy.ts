/**
 * Whether a machine made a piece of text: names have the same prefixes as keys (`sk-learn-contrib-extras`,
 * `npm_config_registry`), and documents show `sk-xxxxxxxx`.
 */
import { codeAt, DIGIT, is, LETTER } from '../../scan/chars'

/** A word of a name with a number at its end is shorter. */
const SHORTEST_STRETCH = 8
/** `xxxxxxxx` and `00000000` have one. */
const FEWEST_DISTINCT = 3
const MOST_READ = 256

/**
 * True for [start, end) when letters and digits are mixed in it, or capitals and small letters (in camel case capitals
 * are one in six).
 * @param inOneStretch true: eight letters and digits or more without a joint have to be so
 */
export function isHighEntropy(text: string, start: number, end: number, inOneStretch: boolean): boolean {
  const stop = Math.min(end, start + MOST_READ)
  if (!inOneStretch) return isMixed(text, start, stop)
  let from = start
  for (let at = start; at <= stop; at++) {
    if (at < stop && is(codeAt(text, at), LETTER | DIGIT)) continue
    if (at - from >= SHORTEST_STRETCH && isMixed(text, from, at)) return true
    from = at + 1
  }
  return false
}

function isMixed(text: string, start: number, end: number): boolean {
  let digits = 0
  let capitals = 0
  let small = 0
  const seen = new Set<number>()
  for (let at = start; at < end; at++) {
    const code = codeAt(text, at)
    seen.add(code)
    if (is(code, DIGIT)) digits++
    else if (is(code, LETTER) && code < 97) capitals++
    else if (is(code, LETTER)) small++
  }
  if (seen.size < FEWEST_DISTINCT) return false
  const length = digits + capitals + small
  return (
    digits > 0 ||
    (capitals > 0 && small === 0 && length === end - start) ||
    (capitals * 5 >= length && small * 5 >= length)
  )
}
