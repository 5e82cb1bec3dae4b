// The kinds of value that a setting can have. A kind says what is allowed in words, and turns raw input (text from the
// environment, YAML values from a file) into the value. Rules: https://opentelemetry.io/docs/specs/otel/configuration/
import { withoutCredentials } from './credentials'

export interface Kind<T> {
  readonly allowed: string
  /** The value as a diagnostic may repeat it, where it may hold a password. Default: as JSON, 80 characters. */
  print?(raw: unknown): string
  /**
   * @param refuse called with what is wrong with a part of the value, in words; the other parts count
   * @returns `undefined` when nothing of the value can be used
   */
  parse(raw: unknown, refuse?: Refuse): T | undefined
}

type Refuse = (problem: string) => void

export const text: Kind<string> = {
  allowed: 'text',
  parse: raw => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined),
}

/** A switch of ours. */
export const flag: Kind<boolean> = {
  allowed: 'true or false (also on or off)',
  parse: raw => {
    const word = String(raw).trim().toLowerCase()
    if (word === 'true' || word === 'on' || word === '1') return true
    return word === 'false' || word === 'off' || word === '0' ? false : undefined
  },
}

/** A switch of OpenTelemetry: only `true` is true, and everything else is false. */
export const otelFlag: Kind<boolean> = {
  allowed: 'true or false',
  parse: (raw, refuse) => {
    const word = String(raw).trim().toLowerCase()
    if (word !== 'true' && word !== 'false') refuse?.(`${shown(raw)} counts as false`)
    return word === 'true'
  },
}

/** The longest time that a timer of Node.js takes, and what the specification calls no limit. */
const longestMs = 2 ** 31 - 1

/** A whole number in a range. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    allowed:
      max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
    parse: raw => {
      const value = typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() ? Number(raw) : Number.NaN
      return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined
    },
  }
}

/** Milliseconds between two events. */
export const duration = (min = 0): Kind<number> => whole(min, longestMs)

/** Milliseconds after which something is given up; 0 means never. */
export const timeout: Kind<number> = {
  allowed: `${whole(0, longestMs).allowed}; 0 is no limit`,
  parse: raw => {
    const value = whole(0, longestMs).parse(raw)
    return value === 0 ? longestMs : value
  },
}

/** One of some words; letter case does not matter. `also` maps further spellings onto them. */
export function word<const W extends string>(words: readonly W[], also: Readonly<Record<string, W>> = {}): Kind<W> {
  return {
    allowed: words.join(', '),
    parse: raw => {
      const trimmed = String(raw).trim().toLowerCase()
      return words.find(w => w.toLowerCase() === trimmed) ?? also[trimmed]
    },
  }
}

/** A comma-separated list, or a list in a file; empty items are left out. */
export const list: Kind<readonly string[]> = {
  allowed: 'a comma-separated list',
  parse: (raw, refuse) => {
    if (Array.isArray(raw)) {
      const isText = (item: unknown) => typeof item === 'string'
      for (const item of raw.filter(item => !isText(item))) refuse?.(`${shown(item)} is left out`)
      return raw.filter(isText)
    }
    if (typeof raw !== 'string') return undefined
    return raw
      .split(',')
      .map(item => item.trim())
      .filter(Boolean)
  },
}

/**
 * A comma-separated list of some words, each once. Nothing of the value can be used where no member is one of them.
 * @param exclusive words that make all others of the list meaningless; the first of these that is there stays alone
 */
export function words<const W extends string>(allowed: readonly W[], exclusive: readonly W[] = []): Kind<readonly W[]> {
  const one = word(allowed)
  return {
    allowed: `a comma-separated list of ${allowed.join(', ')}`,
    parse: (raw, refuse) => {
      const refused: string[] = []
      const parsed = new Set<W>()
      for (const item of list.parse(raw, part => refused.push(part)) ?? []) {
        const member = one.parse(item)
        if (member === undefined) refused.push(`${shown(item)} is left out`)
        else parsed.add(member)
      }
      // an empty list in code or a file says that there is none
      if (parsed.size === 0 && !(Array.isArray(raw) && raw.length === 0)) return undefined
      for (const part of refused) refuse?.(part)
      const alone = exclusive.find(member => parsed.has(member))
      return alone === undefined ? [...parsed] : [alone]
    },
  }
}

/** Pairs as they stand in the text or the map, with what is wrong with one of them. */
interface Pair {
  readonly key: string
  readonly value: string
  /** In words, without the value. */
  readonly wrong?: string
}

function pairsIn(raw: unknown): readonly Pair[] | undefined {
  if (raw && typeof raw === 'object' && !Array.isArray(raw)) {
    return Object.entries(raw).map(([key, value]) =>
      typeof value === 'object' ? { key, value: '', wrong: `${key} is no text` } : { key, value: String(value) },
    )
  }
  if (typeof raw !== 'string') return undefined
  return raw
    .split(',')
    .map(item => item.trim())
    .flatMap((item, index) => (item ? [pairIn(item, index + 1)] : []))
}

function pairIn(item: string, position: number): Pair {
  const at = item.indexOf('=')
  if (at < 1) return { key: '', value: '', wrong: `pair ${position} has no name or no "="` }
  const key = item.slice(0, at).trim()
  try {
    return { key: decodeURIComponent(key), value: decodeURIComponent(item.slice(at + 1).trim()) }
  } catch {
    return { key, value: '', wrong: `pair ${position} (${key}) is not percent-encoded` }
  }
}

/** `key=value` pairs, comma-separated and percent-encoded (W3C baggage, as OpenTelemetry has it), or a map in a file. */
export const pairs: Kind<Readonly<Record<string, string>>> = {
  allowed: 'key=value pairs, comma-separated, with percent-encoded values',
  print: () => 'the value given',
  parse: (raw, refuse) => accept(pairsIn(raw), () => undefined, refuse),
}

/** The same, as headers of HTTP requests: a name or value that no request can have is refused. */
export const headers: Kind<Readonly<Record<string, string>>> = {
  ...pairs,
  parse: (raw, refuse) =>
    accept(
      pairsIn(raw),
      ({ key, value }) => {
        if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key)) return `a pair has a name that no header can have`
        return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? undefined : `the value of ${key} can't stand in a header`
      },
      refuse,
    ),
}

/** @param check what is wrong with a pair, in words */
function accept(
  found: readonly Pair[] | undefined,
  check: (pair: Pair) => string | undefined,
  refuse: Refuse | undefined,
): Record<string, string> | undefined {
  const checked = found?.map(pair => ({ ...pair, wrong: pair.wrong ?? check(pair) }))
  const good = checked?.filter(({ wrong }) => wrong === undefined)
  if (!checked || !good || (good.length === 0 && checked.length > 0)) return undefined
  for (const { wrong } of checked) if (wrong !== undefined) refuse?.(`${wrong} and is left out`)
  return Object.fromEntries(good.map(({ key, value }) => [key, value]))
}

/**
 * Attributes of a resource. The specification discards the whole value for one error in it, and an "=" in a value is one:
 * https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export const attributes: Kind<Readonly<Record<string, string>>> = {
  allowed: 'key=value pairs, comma-separated, with "," and "=" percent-encoded; one error discards all of them',
  print: pairs.print!,
  parse: (raw, refuse) => {
    const found = pairsIn(raw)
    const wrong = found?.flatMap(pair => pair.wrong ?? []) ?? []
    if (typeof raw === 'string' && raw.split(',').some(item => item.split('=').length > 2))
      wrong.push('a pair has more than one "="')
    for (const part of wrong) refuse?.(part)
    return found && wrong.length === 0 ? Object.fromEntries(found.map(({ key, value }) => [key, value])) : undefined
  },
}

/** `key=value` pairs, of which each value is one of some words. */
export function choices<const W extends string>(words: readonly W[]): Kind<Readonly<Record<string, W>>> {
  const one = word(words)
  return {
    allowed: `key=value pairs, comma-separated; each value one of ${one.allowed}`,
    parse: (raw, refuse) => {
      const check = ({ key, value }: Pair) =>
        one.parse(value) === undefined ? `${key}=${value.slice(0, 80)} is not one of these` : undefined
      const found = accept(pairsIn(raw), check, refuse)
      return found && Object.fromEntries(Object.entries(found).map(([key, value]) => [key, one.parse(value) as W]))
    },
  }
}

/** A key of a cipher; the Collector takes no shorter one either. */
export const cipherKey: Kind<string> = {
  allowed: 'text of at least 32 bytes',
  parse: raw => (typeof raw === 'string' && new TextEncoder().encode(raw).length >= 32 ? raw : undefined),
}

export const url: Kind<string> = {
  allowed: 'a URL that starts with http:// or https://',
  print: raw => shown(typeof raw === 'string' ? withoutCredentials(raw) : raw),
  parse: raw => {
    const trimmed = typeof raw === 'string' ? raw.trim() : ''
    return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? trimmed : undefined
  },
}

/** A number from 0 to 1. */
export const ratio: Kind<number> = {
  allowed: 'a number from 0 to 1',
  parse: raw => {
    const value = typeof raw === 'string' && raw.trim() ? Number(raw) : raw
    return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
  },
}

/** A value as a diagnostic may repeat it. */
export function shown(raw: unknown): string {
  return JSON.stringify(raw)?.slice(0, 80) ?? String(raw)
}
