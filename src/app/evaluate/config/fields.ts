// What may stand under a key, and the sentence where something else does.

export interface Field {
  /** What is right here, behind "is …; give". */
  readonly takes: string
  /** Whether it is; a text says what is wrong in its own words. */
  readonly fits: (value: unknown) => boolean | string
}

export type Fields = Readonly<Record<string, Field>>

/** Keys and indexes, from the top of the file. */
export type Path = readonly (string | number)[]

export interface Problem {
  readonly path: Path
  /** It is about the key that ends the path, not about its value. */
  readonly isKey?: boolean
  readonly message: string
}

export const text: Field = { takes: 'a text', fits: value => typeof value === 'string' && value.trim() !== '' }
export const flag: Field = { takes: 'true or false', fits: value => typeof value === 'boolean' }

export function number(least: number, most: number, takes = `a number from ${least} to ${most}`): Field {
  return { takes, fits: value => typeof value === 'number' && value >= least && value <= most }
}

export function whole(least: number, most: number): Field {
  return {
    takes: `a whole number from ${least} to ${most}`,
    fits: value => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  }
}

export function oneOf(...words: readonly string[]): Field {
  return { takes: `one of ${words.join(', ')}`, fits: value => words.includes(value as string) }
}

/** One, or a list of at least one. */
export function many(field: Field): Field {
  return {
    takes: `${field.takes}, or a list of such`,
    fits: value =>
      Array.isArray(value) ? value.length > 0 && value.every(one => field.fits(one) === true) : field.fits(value),
  }
}

export function listOf(field: Field): Field {
  return {
    takes: `a list, each of it ${field.takes}`,
    fits: value => {
      if (!Array.isArray(value) || value.length === 0) return false
      return value.map(field.fits).find(result => result !== true) ?? true
    },
  }
}

export const expression: Field = {
  takes: 'a regular expression of JavaScript',
  fits: value => {
    if (typeof value !== 'string' || value === '') return false
    try {
      new RegExp(value, 'u')
      return true
    } catch (error) {
      return (error as Error).message
    }
  },
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What of a map does not fit, all at once. */
export function problemsIn(
  value: unknown,
  path: Path,
  fields: Fields,
  required: readonly string[],
  suggest: (word: string, known: readonly string[]) => string,
): Problem[] {
  if (!isMap(value)) return [{ path, message: `is ${shown(value)}; give a map of ${Object.keys(fields).join(', ')}` }]
  const missing = required
    .filter(key => value[key] === undefined || value[key] === null)
    .map(key => ({ path, message: `${key} is missing; give ${fields[key]!.takes}` }))
  const wrong = Object.entries(value).flatMap(([key, one]): Problem[] => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    const at = [...path, key]
    if (!field) {
      const known = Object.keys(fields)
      return [{ path: at, isKey: true, message: `${key} is not known here; did you mean ${suggest(key, known)}?` }]
    }
    if (one === null && required.includes(key)) return []
    // an object of the app may have it
    if (one === undefined) return []
    const fits = field.fits(one)
    if (fits === true) return []
    return [{ path: at, message: `${key} is ${shown(one)}; ${fits || `give ${field.takes}`}` }]
  })
  return [...missing, ...wrong]
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (typeof value === 'string') return value.length > 60 ? 'a long text' : JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? (value.length === 0 ? 'an empty list' : 'a list') : 'a map'
}
