// Finds and reads the settings file.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface SettingsFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

const names = ['afn-otel.config.yaml', 'afn-otel.config.json']

/**
 * The file named by `AFN_CONFIG`, else `afn-otel.config.{yaml,json}` in the working directory, else `undefined`.
 * @throws Error with the path, the reason and the remedy when the file can't be read or is no map
 */
export function readSettingsFile(
  named: string | undefined,
  cwd: string,
  parseYaml: (text: string) => unknown,
): SettingsFile | undefined {
  const found = named ? path.resolve(cwd, named) : names.map(name => path.join(cwd, name)).find(exists)
  if (!found) return undefined
  const values = parse(found, parseYaml)
  if (values === null || values === undefined) return { path: found, values: {} }
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new Error(`${found} must hold a map of settings, such as "service: {name: chat}"`)
  }
  return { path: found, values: values as Record<string, unknown> }
}

/** Under Node's permission model even the question may be refused. */
function exists(file: string): boolean {
  try {
    return existsSync(file)
  } catch (error) {
    throw new Error(
      `${file} can't be looked for (${(error as NodeJS.ErrnoException).code}); allow it with --allow-fs-read, or name a file with AFN_CONFIG`,
    )
  }
}

function parse(file: string, parseYaml: (text: string) => unknown): unknown {
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(
      `${file} can't be read (${(error as NodeJS.ErrnoException).code}); correct AFN_CONFIG or the file's permissions`,
    )
  }
  try {
    return file.endsWith('.json') ? JSON.parse(source) : parseYaml(source)
  } catch (error) {
    throw new Error(
      `${file} is not valid ${file.endsWith('.json') ? 'JSON' : 'YAML'}: ${(error as Error).message.split('\n', 1)[0]}`,
    )
  }
}

/** The value at a dotted path, and whether something stands there. */
export function valueAt(values: Readonly<Record<string, unknown>>, dotted: string): unknown {
  let at: unknown = values
  for (const step of dotted.split('.')) {
    if (at === null || typeof at !== 'object') return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

/** Dotted paths in the file that no setting knows. A known path that holds a map (such as `resource`) is whole. */
export function unknownPaths(
  values: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  prefix = '',
): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = prefix + key
    if (known.has(at)) return []
    const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
    const leadsOn = isMap && [...known].some(path => path.startsWith(`${at}.`))
    return leadsOn ? unknownPaths(value as Record<string, unknown>, known, `${at}.`) : [at]
  })
}
