// Finds a member of a JSON object in its text, so that the member can be changed without changing any other character.

export interface MemberRange {
  /** Start of the key's quote. */
  readonly start: number
  /** Start of the value. */
  readonly from: number
  /** End of the value, including spaces before the comma. */
  readonly to: number
}

/**
 * Finds members of the object itself, not of nested ones. Each byte may be read as one character (latin1), because JSON's syntax is ASCII.
 */
export function memberOf(json: string, name: string): MemberRange | undefined {
  const key = JSON.stringify(name)
  let depth = 0
  let start = -1
  let from = -1
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (sign === '"') {
      const end = stringEnd(json, at)
      if (depth === 1 && start < 0 && json.slice(at, end) === key && isKey(json, end)) {
        start = at
        at = json.indexOf(':', end)
        from = at + 1
        while (json[from] === ' ') from++
      } else at = end - 1
    } else if (sign === '{' || sign === '[') depth++
    else if (sign === '}' || sign === ']') {
      depth--
      if (depth === 0 && start >= 0) return { start, from, to: at }
    } else if (sign === ',' && depth === 1 && start >= 0) return { start, from, to: at }
  }
  return undefined
}

/** The text without that member and its comma. */
export function without(json: string, { start, to }: MemberRange): string {
  const before = json.slice(0, start).trimEnd()
  if (before.endsWith(',')) return before.slice(0, -1) + json.slice(to)
  return json.slice(0, start) + json.slice(to).replace(/^,\s*/, '')
}

function stringEnd(json: string, from: number): number {
  for (let at = from + 1; ; ) {
    const quote = json.indexOf('"', at)
    if (quote < 0) return json.length
    let run = quote
    while (json[run - 1] === '\\') run--
    if ((quote - run) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

function isKey(json: string, end: number): boolean {
  let at = end
  while (json.charCodeAt(at) <= 0x20) at++
  return json[at] === ':'
}
