// Lays what the settings file says under `pipeline` over a table of defaults. Keys are written in
// snake_case there, as everywhere in the file.

/** @throws Error that names the path, what stands there, and what is allowed */
export function overlay<T>(defaults: T, value: unknown, path: string): T {
  if (value === undefined || value === null) return defaults
  if (isMap(defaults)) return overlayMap(defaults, value, path)
  if (typeof defaults === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw refused(path, value, 'a number, 0 or more')
  } else if (typeof value !== typeof defaults || Array.isArray(value) !== Array.isArray(defaults)) {
    throw refused(path, value, `a value like ${JSON.stringify(defaults)}`)
  }
  return value as T
}

function overlayMap<T extends object>(defaults: T, map: unknown, path: string): T {
  const keys = new Map(Object.keys(defaults).map(key => [snake(key), key as keyof T & string]))
  const known = [...keys.keys()].join(', ')
  if (!isMap(map)) throw refused(path, map, `a map of ${known}`)
  const laid: T = { ...defaults }
  for (const [key, value] of Object.entries(map)) {
    const name = keys.get(key)
    if (name === undefined) throw new Error(`${path}.${key} is nothing that can be set; known are ${known}`)
    laid[name] = overlay(defaults[name], value, `${path}.${key}`)
  }
  return laid
}

/**
 * For days and sizes, of which the stores take no fraction, and where they read 0 as "for ever" or as a default of theirs.
 * @throws Error that names the first number of `table` that is not whole, or less than 1
 */
export function wholeNumbers(table: object, path: string): void {
  for (const [key, value] of Object.entries(table)) {
    const at = `${path}.${snake(key)}`
    if (isMap(value)) wholeNumbers(value, at)
    else if (!Number.isSafeInteger(value) || value < 1) throw refused(at, value, 'a whole number, 1 or more')
  }
}

function refused(path: string, value: unknown, allowed: string): Error {
  return new Error(`${path} is ${typeof value === 'number' ? value : JSON.stringify(value)}; write ${allowed}`)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As keys of a settings file are written. */
export const snake = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
