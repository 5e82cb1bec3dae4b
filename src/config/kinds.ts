// The kinds of value that a setting can have. Called by the settings table. A kind says what is allowed in words, and
// turns raw input (text from the environment, YAML values from a file) into the value, or `undefined` when it is not allowed.

export interface Kind<T> {
  readonly allowed: string
  parse(raw: unknown): T | undefined
}

export const text: Kind<string> = {
  allowed: 'text',
  parse: raw => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined),
}

export const flag: Kind<boolean> = {
  allowed: 'true or false (also on or off)',
  parse: raw => {
    const word = String(raw).trim().toLowerCase()
    if (word === 'true' || word === 'on' || word === '1') return true
    return word === 'false' || word === 'off' || word === '0' ? false : undefined
  },
}

/** A whole number in a range; durations are in milliseconds. */
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

/** One of some words; letter case does not matter. `also` maps further spellings onto them. */
export function word<const W extends string>(words: readonly W[], also: Readonly<Record<string, W>> = {}): Kind<W> {
  return {
    allowed: words.join(', '),
    parse: raw => {
      const given = String(raw).trim().toLowerCase()
      return words.find(w => w.toLowerCase() === given) ?? also[given]
    },
  }
}

/** A comma-separated list, or a list in a file; empty items are left out. */
export const list: Kind<readonly string[]> = {
  allowed: 'a comma-separated list',
  parse: raw => {
    if (Array.isArray(raw)) return raw.every(item => typeof item === 'string') ? raw : undefined
    if (typeof raw !== 'string') return undefined
    return raw
      .split(',')
      .map(item => item.trim())
      .filter(Boolean)
  },
}

/** A comma-separated list of some words. */
export function words<const W extends string>(allowed: readonly W[]): Kind<readonly W[]> {
  const one = word(allowed)
  return {
    allowed: `a comma-separated list of ${allowed.join(', ')}`,
    parse: raw => {
      const parsed = list.parse(raw)?.map(item => one.parse(item))
      return parsed?.every(item => item !== undefined) ? (parsed as W[]) : undefined
    },
  }
}

/** `key=value` pairs, comma-separated and percent-encoded (W3C baggage, as OpenTelemetry has it), or a map in a file. */
export const pairs: Kind<Readonly<Record<string, string>>> = {
  allowed: 'key=value pairs, comma-separated, with percent-encoded values',
  parse: raw => {
    if (raw && typeof raw === 'object' && !Array.isArray(raw)) {
      return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, String(value)]))
    }
    if (typeof raw !== 'string') return undefined
    const out: Record<string, string> = {}
    for (const item of raw.split(',')) {
      if (!item.trim()) continue
      const at = item.indexOf('=')
      if (at < 1) return undefined
      try {
        out[decodeURIComponent(item.slice(0, at).trim())] = decodeURIComponent(item.slice(at + 1).trim())
      } catch {
        return undefined
      }
    }
    return out
  },
}

/** The same, of which each value is one of some words. */
export function choices<const W extends string>(words: readonly W[]): Kind<Readonly<Record<string, W>>> {
  const one = word(words)
  return {
    allowed: `key=value pairs, comma-separated; each value one of ${one.allowed}`,
    parse: raw => {
      const parsed = Object.entries(pairs.parse(raw) ?? { '': '' }).map(
        ([key, value]) => [key, one.parse(value)] as const,
      )
      return parsed.every(([, value]) => value) ? (Object.fromEntries(parsed) as Record<string, W>) : undefined
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
  parse: raw => {
    if (typeof raw !== 'string' || !/^https?:\/\//i.test(raw)) return undefined
    return URL.canParse(raw) ? raw : undefined
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
