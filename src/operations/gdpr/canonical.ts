/** Canonical JSON (RFC 8785), so that a signature can be verified after parsing. */

export type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [member: string]: Canonical }

/**
 * Sorts members by UTF-16 code units and writes no white space. Numbers and strings are written as in ECMAScript, as RFC 8785 requires.
 * @throws Error for a number that JSON cannot represent, and for a lone surrogate
 */
export function canonicalJson(value: Canonical): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} is not a JSON number`)
  if (typeof value === 'string' && /\p{Cs}/u.test(value)) throw new Error('a string contains a lone surrogate')
  return JSON.stringify(value)
}
