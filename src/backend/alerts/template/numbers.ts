// Formats numbers like Go's fmt and Prometheus' templates.

/** `%v` of a float: the shortest digits that identify it. */
export function shortest(value: number): string {
  if (!Number.isFinite(value)) return infinite(value)
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-4 && size < 1e21)) return String(value)
  return withExponent(value.toExponential())
}

/** `%.4g` and similar formats. */
export function general(value: number, precision = 4): string {
  if (!Number.isFinite(value)) return infinite(value)
  const digits = Math.max(1, precision)
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
  if (exponent < -4 || exponent >= digits) return withExponent(value.toExponential(digits - 1).replace(/\.?0+e/, 'e'))
  const fixed = value.toFixed(digits - 1 - exponent)
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

/** Writes the exponent with at least two digits, as Go does. */
export const withExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2')

const infinite = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf')

const larger = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const smaller = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']

/** Scales a value to a prefix for as long as it exceeds the limit. */
function prefixed(
  value: number,
  prefixes: readonly string[],
  isBeyond: (size: number) => boolean,
  factor: number,
): string {
  let [scaled, prefix] = [value, '']
  for (const next of prefixes) {
    if (!isBeyond(Math.abs(scaled))) break
    prefix = next
    scaled *= factor
  }
  return general(scaled) + prefix
}

export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return general(value)
  return Math.abs(value) >= 1
    ? prefixed(value, larger, size => size >= 1_000, 1 / 1_000)
    : prefixed(value, smaller, size => size < 1, 1_000)
}

export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return general(value)
  const binary = larger.map(prefix => `${prefix}i`)
  return prefixed(value, binary, size => size >= 1_024, 1 / 1_024)
}

export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return general(value)
  if (value === 0) return '0s'
  const size = Math.abs(value)
  if (size < 1) return `${prefixed(value, smaller, each => each < 1, 1_000)}s`
  const sign = value < 0 ? '-' : ''
  const whole = Math.trunc(size)
  const [days, hours, minutes, seconds] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ]
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${seconds}s`
  if (minutes > 0) return `${sign}${minutes}m ${seconds}s`
  return `${sign}${general(size)}s`
}

/** Formats a time in seconds since 1970 as Go does. */
export function goTime(seconds: number): string {
  if (!Number.isFinite(seconds)) return general(seconds)
  const [date = '', time = ''] = new Date(Math.round(seconds * 1_000)).toISOString().slice(0, -1).split('T')
  return `${date} ${time.replace(/\.?0+$/, found => (found.startsWith('.') ? '' : found))} +0000 UTC`
}
