// Writes content as one attribute of bounded size that is still valid JSON. Called when a call starts and ends. Backends that truncate
// strings by characters leave JSON that cannot be parsed (https://github.com/langfuse/langfuse/issues/6517).

/** Maximum bytes of one content attribute. */
export const CONTENT_BUDGET = 65_536
const SHORTEST = 128

/**
 * Truncates long strings first, all to the same length. If that is not enough, removes the oldest items.
 * @param leftOut creates the item that replaces the removed ones
 */
export function fit(items: unknown[], leftOut: (count: number) => unknown): string {
  const whole = JSON.stringify(items)
  const size = Buffer.byteLength(whole)
  if (size <= CONTENT_BUDGET) return whole
  const texts: Text[] = []
  for (const item of items) measure(item, texts)
  const rest = texts.reduce((left, text) => left - text.written, size)
  const estimate = (limit: number) =>
    texts.reduce((sum, { length, written }) => sum + (length > limit ? (written * limit) / length + 40 : written), rest)
  let longest = CONTENT_BUDGET
  while (longest > SHORTEST && estimate(longest) > CONTENT_BUDGET) longest /= 2
  for (; longest >= SHORTEST; longest /= 2) {
    const shorter = JSON.stringify(items.map(item => shorten(item, longest)))
    if (Buffer.byteLength(shorter) <= CONTENT_BUDGET) return shorter
  }
  return newest(
    items.map(item => shorten(item, SHORTEST)),
    leftOut,
  )
}

function newest(items: unknown[], leftOut: (count: number) => unknown): string {
  const kept: string[] = []
  let room = CONTENT_BUDGET - 256
  for (let i = items.length - 1; i >= 0; i--) {
    const json = JSON.stringify(items[i])
    room -= Buffer.byteLength(json) + 1
    if (room < 0) break
    kept.unshift(json)
  }
  return `[${[JSON.stringify(leftOut(items.length - kept.length)), ...kept].join(',')}]`
}

interface Text {
  readonly length: number
  /** Size as JSON in bytes; one character may take six. */
  readonly written: number
}

function measure(value: unknown, texts: Text[]): void {
  if (typeof value === 'string') {
    texts.push({ length: value.length, written: Buffer.byteLength(JSON.stringify(value)) - 2 })
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) measure(inner, texts)
  }
}

function shorten(value: unknown, longest: number): unknown {
  if (typeof value === 'string') {
    if (value.length <= longest) return value
    const last = value.charCodeAt(longest - 1)
    const end = last >= 0xd800 && last <= 0xdbff ? longest - 1 : longest // never half a pair
    return `${value.slice(0, end)}…[cut from ${value.length} characters]`
  }
  if (Array.isArray(value)) return value.map(inner => shorten(inner, longest))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner, longest)]))
}

/**
 * Serializes arguments and results of a tool or a search: text as it is, other values as JSON that stays valid when truncated. Returns
 * undefined for values that JSON cannot express.
 * @throws any error of `JSON.stringify`
 */
export function contentOf(value: unknown): string | undefined {
  const json = JSON.stringify(value)
  if (json === undefined) return undefined
  const whole = Buffer.byteLength(json) <= CONTENT_BUDGET
  const fitting = whole ? json : fit([JSON.parse(json)], () => '[left out]').slice(1, -1)
  return typeof value === 'string' ? String(JSON.parse(fitting)) : fitting
}
