/**
 * Masks every string inside a JSON array or object whose key says that it is secret (`"set-cookie": ["…", "…"]`,
 * `"credentials": {"user": "…"}`), at any depth of escaping and also cut off.
 */
import type { Hits } from '../../../scan/scanner'
import { isPlaceholder } from '../plausible'
import { quotedEnd } from '../value'

/** A JSON schema describes a secret and holds none: tools have parameters named `password`. */
const SCHEMA = /^\{\s{0,40}\\{0,32}"(?:type|description|\$ref|anyOf|oneOf|enum)\\{0,32}"\s{0,8}:/

/**
 * Returns the end of the container that begins at `start`, or of the text; 0 when it is a schema.
 * @param isSecret says of each string whether it is one
 */
export function maskStrings(
  text: string,
  start: number,
  quote: string,
  isSecret: (value: string) => boolean,
  hits: Hits,
): number {
  if (SCHEMA.test(text.slice(start, start + 160))) return 0
  let depth = 0
  let slashes = 0
  for (let at = start; at < text.length; at++) {
    const char = text[at]!
    if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') {
      if (--depth === 0) return at + 1
    } else if (char === '\\') slashes++
    else if (char === quote) {
      const end = quotedEnd(text, at + 1, quote, slashes)
      const after = end + slashes + 1
      const value = text.slice(at + 1, end)
      if (!/^\s{0,8}:/.test(text.slice(after, after + 9)) && !isPlaceholder(value) && isSecret(value)) {
        hits.add(at + 1, end, 'REDACTED')
      }
      at = after - 1
    }
    if (char !== '\\') slashes = 0
  }
  return text.length
}
