/** What literals of TraceQL mean. They are Go's, and durations also Prometheus'. */

/** Nanoseconds of a unit, and its place in Prometheus' order, which has not all of them. Go has no days and above. */
const units: Readonly<Record<string, { nanos: bigint; rank: number; isGos: boolean }>> = {
  ns: { nanos: 1n, rank: 0, isGos: true },
  us: { nanos: 1_000n, rank: 0, isGos: true },
  µs: { nanos: 1_000n, rank: 0, isGos: true },
  ms: { nanos: 1_000_000n, rank: 1, isGos: true },
  s: { nanos: 1_000_000_000n, rank: 2, isGos: true },
  m: { nanos: 60_000_000_000n, rank: 3, isGos: true },
  h: { nanos: 3_600_000_000_000n, rank: 4, isGos: true },
  d: { nanos: 86_400_000_000_000n, rank: 5, isGos: false },
  w: { nanos: 604_800_000_000_000n, rank: 6, isGos: false },
  y: { nanos: 31_536_000_000_000_000n, rank: 7, isGos: false },
}

const maxInt = 2n ** 63n - 1n
/** Characters of a number or a duration. What is longer takes long to read, and means nothing. */
const longest = 100

const part = /(\d*)(\.\d*)?([nuµm]?s|[mhdwy])/y

/**
 * Prometheus' durations are whole numbers, each unit once, from the greatest down; Go's have fractions, in any order.
 * @returns nanoseconds; undefined when it is neither, or too long for 64 bits
 */
export function durationOf(text: string): bigint | undefined {
  if (text.length > longest) return undefined
  let sum = 0n
  let last = 8
  let isGos = true
  let isPrometheus = true
  for (part.lastIndex = 0; part.lastIndex < text.length; ) {
    const found = part.exec(text)
    if (!found) return undefined
    const whole = found[1]!
    const fraction = found[2] ?? ''
    if (whole === '' && fraction.length < 2) return undefined
    const { nanos, rank, isGos: isUnitOfGo } = units[found[3]!]!
    isGos &&= isUnitOfGo
    isPrometheus &&= fraction === '' && rank > 0 && rank < last
    last = rank
    if (!isGos && !isPrometheus) return undefined
    if (whole !== '') sum += BigInt(whole) * nanos
    if (fraction.length > 1) sum += (BigInt(fraction.slice(1)) * nanos) / 10n ** BigInt(fraction.length - 1)
  }
  return sum > maxInt ? undefined : sum
}

/** @returns the number; undefined when it has more than 64 bits */
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

/** Bytes in a row make characters together. */
const escapes = /((?:\\x[\da-fA-F]{2}|\\[0-3][0-7]{2})+)|\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})|\\(.?)/gsu

/**
 * The text between double quotes.
 * @returns what it means; undefined when an escape is none of Go's
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
