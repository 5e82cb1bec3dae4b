// Takes typed values out of JSON that somebody else wrote.

export type Doc = Record<string, unknown>

export function doc(value: unknown): Doc | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : undefined
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of a list that are objects. */
export function docs(value: unknown): Doc[] {
  return list(value).filter(item => doc(item) !== undefined) as Doc[]
}

/** The texts of a list, or one that stands alone; undefined where there is none. */
export function texts(value: unknown): string[] | undefined {
  const found = [value].flat().filter(item => typeof item === 'string')
  return found.length > 0 ? found : undefined
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A number of tokens or choices: a whole number, not negative. */
export function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

export function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

/** Undefined where the text is no JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
