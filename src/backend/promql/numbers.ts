/** Formats a number as Prometheus does in results: all digits, no exponent. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return Object.is(value, -0) ? '-0' : plain(String(value))
}

/** Expands the exponent. */
function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? []
  if (exponent === undefined) return text
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Formats a sample's value; very large and very small ones have an exponent. */
export function sampleText(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-6 && size < 1e21)) return formatNumber(value)
  // the exponent has at least two digits
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}
