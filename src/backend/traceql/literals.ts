/** The values of TraceQL's literals, which follow Go's syntax. */

const maxInt = 2n ** 63n - 1n
/** The maximum number of digits: longer numbers never fit into 64 bits, and parsing them is slow. */
const longest = 100

/** @returns the number; undefined if it needs more than 64 bits */
export function intOf(digits: string): bigint | undefined {
  const value = digits.length > longest ? maxInt + 1n : BigInt(digits)
  return value > maxInt ? undefined : value
}

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** Consecutive byte escapes form UTF-8 characters together. */
const escapes = /((?:\\x[\da-fA-F]{2}|\\[0-3][0-7]{2})+)|\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})|\\(.?)/gsu

/**
 * Resolves the escapes of a string between double quotes.
 * @returns undefined if Go does not know an escape
 */
export function unescaped(inner: string): string | undefined {
  let valid = true
  const text = inner.replace(escapes, (_, bytes?: string, short?: string, long?: string, other?: string) => {
    const made = bytes === undefined ? (codePoint(short ?? long) ?? simple[other ?? '']) : utf8(bytes)
    if (made === undefined) valid = false
    return made ?? ''
  })
  return valid ? text : undefined
}

function codePoint(hex: string | undefined): string | undefined {
  if (hex === undefined) return undefined
  const code = Number.parseInt(hex, 16)
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code)
}

function utf8(escapes: string): string | undefined {
  const bytes = Array.from(escapes.matchAll(/\\x(..)|\\(...)/g), ([, hex, octal]) =>
    hex ? Number.parseInt(hex, 16) : Number.parseInt(octal ?? '', 8),
  )
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
}
