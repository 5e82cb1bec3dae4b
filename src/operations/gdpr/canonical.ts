/** JSON with one spelling (RFC 8785), so that what was signed can be written again from its values. */

export type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [member: string]: Canonical }

/**
 * Members stand in the order of their UTF-16 code units, without white space. Numbers and strings are written as ECMAScript does,
 * which is the rule of RFC 8785 too.
 * @throws Error for a number that JSON does not have, and for a text with half of a surrogate pair
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
