/** Parses durations in the syntax of Go and of Prometheus. */

/** Nanoseconds per unit, and its rank in Prometheus' order, which lacks some units. Go has none above hours. */
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

/** Maximum length. Longer texts have no meaningful value and take long to parse. */
const longest = 100
const maxInt = 2n ** 63n - 1n

const part = /(\d*)(\.\d*)?([nuµm]?s|[mhdwy])/y

/** @returns the nanoseconds of a duration such as `250ms`, `1.5h` or `1d12h`; undefined if it is invalid or exceeds 64 bits */
export const parseDuration = (text: string): bigint | undefined => read(text)?.nanos

/** @returns the same for the syntax of Go's `time.ParseDuration`, which has no days */
export function parseGoDuration(text: string): bigint | undefined {
  const duration = read(text)
  return duration?.isGos ? duration.nanos : undefined
}

/** Prometheus' durations are integers with each unit at most once, in descending order. Go's may have fractions and any order. */
function read(text: string): { nanos: bigint; isGos: boolean } | undefined {
  if (text === '' || text.length > longest) return undefined
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
  return sum > maxInt ? undefined : { nanos: sum, isGos }
}
