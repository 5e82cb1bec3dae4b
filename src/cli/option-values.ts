// What the text of an option means that several commands have, or the error that names the option.

/**
 * Of `--limit`.
 * @throws Error when it is not a whole number from 1 to `most`
 */
export function limitOf(text: string, most = Number.POSITIVE_INFINITY): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit
  const range = most === Number.POSITIVE_INFINITY ? ', 1 or more' : ` from 1 to ${most}`
  throw new Error(`--limit takes an integer${range}, not "${text}"`)
}

/**
 * @param option with its dashes
 * @returns milliseconds since 1970
 * @throws Error when it is no time
 */
export function timeOf(option: string, text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new Error(`${option} takes a time such as 2026-11-24T10:00:00Z, not "${text}"`)
  return time
}
