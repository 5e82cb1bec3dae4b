// Finds the source maps in a build folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { decodedMappings, FlattenMap } from '@jridgewell/trace-mapping'

export interface FoundMap {
  /** Path of the generated file relative to the folder, with `/`. */
  readonly file: string
  /** The content of its map. */
  readonly map: string
}

export interface FoundMaps {
  readonly maps: readonly FoundMap[]
  /** Number of code files, with or without a map. */
  readonly files: number
  /** Messages about maps that a file names but that can't be read. */
  readonly missing: readonly string[]
}

/** https://tc39.es/ecma426/#sec-linking-inline: the last comment of a file counts. */
const COMMENT = /^[ \t]*\/\/[#@] ?sourceMappingURL=(\S+)[ \t]*$/gm
/** A prefix of the JSON, which keeps pages from loading it as a script. */
const GUARD = /^\)\]\}[^\n]*\n/

/** @throws Error for the user if the folder can't be read, or a named map is invalid */
export function findMaps(folder: string): FoundMaps {
  const maps: FoundMap[] = []
  const missing: string[] = []
  const files = filesIn(folder)
  for (const file of files) {
    const found = mapOf(folder, file)
    if ('map' in found) maps.push({ file: file.split(path.sep).join('/'), map: found.map })
    else if (found.missing) missing.push(found.missing)
  }
  return { maps, files: files.length, missing }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => /\.[cm]?js$/.test(file) && !/(^|[\\/])node_modules[\\/]/.test(file))
      .sort()
  } catch (error) {
    throw new Error(`the folder ${folder} can't be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function mapOf(folder: string, file: string): { map: string } | { missing?: string } {
  const at = path.join(folder, file)
  const url = [...readFileSync(at, 'utf8').matchAll(COMMENT)].at(-1)?.[1]
  if (url === undefined) {
    // an unpublished map, which the file does not name
    return existsSync(`${at}.map`) ? read(`${at}.map`) : {}
  }
  if (url.startsWith('data:')) {
    const [kind = '', ...data] = url.split(',')
    const text = data.join(',')
    return { map: checked(kind.endsWith(';base64') ? Buffer.from(text, 'base64').toString() : plain(text), at) }
  }
  if (/^([a-z][a-z\d+.-]*:)?\/\//i.test(url))
    return { missing: `${at}: its map is at ${url}; only maps in the folder are taken` }
  const target = path.resolve(path.dirname(at), plain(url.replace(/[?#].*$/, '')))
  if (!target.startsWith(path.resolve(folder) + path.sep))
    return { missing: `${at}: its map ${url} is outside of the folder; name the folder that has both` }
  return existsSync(target) ? read(target) : { missing: `${at}: its map ${url} is not there` }
}

const read = (file: string) => ({ map: checked(readFileSync(file, 'utf8'), file) })

function plain(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** @throws Error for the user */
function checked(text: string, file: string): string {
  const json = text.replace(GUARD, '')
  try {
    const map = JSON.parse(json)
    if (map.version === 3 && decodedMappings(new FlattenMap(map))) return json
  } catch {}
  throw new Error(`${file} has no source map of version 3; build again, or take the file out of the folder`)
}
