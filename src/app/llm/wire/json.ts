// Reads JSON of other parties: a complete document, and typed values from it.
import { type Fields, JsonReader } from './json-reader'
import { hasManyKeys, SMALL } from './json-value'

const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d]

/** Reads the given fields of a complete document; undefined if it is truncated or not JSON. */
export function readJson(body: string | Uint8Array, fields: Fields, maxString: number): unknown {
  if (body.length <= SMALL) {
    return parsed(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString())
  }
  const reader = new JsonReader(fields, maxString)
  if (typeof body !== 'string') reader.push(body)
  else {
    // In slices, so that a large body is not copied as a whole.
    for (let from = 0; from < body.length && !reader.complete; ) {
      let to = Math.min(body.length, from + 65_536)
      const last = body.charCodeAt(to - 1)
      if (to < body.length && last >= 0xd800 && last <= 0xdbff) to-- // never between the halves of a pair
      reader.push(Buffer.from(body.slice(from, to)))
      from = to
    }
  }
  return reader.complete ? reader.value() : undefined
}

export type Doc = Record<string, unknown>

export function doc(value: unknown): Doc | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : undefined
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of a list that are objects. */
export function docs(value: unknown): Doc[] {
  const found: Doc[] = []
  if (Array.isArray(value)) for (const item of value) if (doc(item)) found.push(item)
  return found
}

/** The texts of a list, or a single text; undefined if there is none. */
export function texts(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  const found = [value].flat().filter(item => typeof item === 'string')
  return found.length > 0 ? found : undefined
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A number of tokens or choices: an integer that is not negative. */
export function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

/** A measured amount such as seconds or money: not negative. */
export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined
}

export function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

/**
 * A cheap check whether bytes may be a JSON object: the exception of JSON.parse takes 20 µs, and a megabyte whose keys all differ takes 70
 * ms.
 */
export function mayBeObject(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  let [from, to] = [start, end]
  while (from < to && bytes[from]! <= 0x20) from++
  while (to > from && bytes[to - 1]! <= 0x20) to--
  const isBracketed = to - from > 1 && bytes[from] === OPEN_OBJECT && bytes[to - 1] === CLOSE_OBJECT
  return isBracketed && !hasManyKeys(bytes, from, to)
}

/** Undefined if the text is not JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** An object or a list; undefined for any other text. Most texts are neither, and JSON.parse would throw on each. */
export const parsedContainer = (json: string): unknown => (/^\s*[[{]/.test(json) ? parsed(json) : undefined)
