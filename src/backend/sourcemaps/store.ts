// Source maps by build id, in a folder of their own next to the data of `afn-otel up`:
// `maps/SHA256.json`, each map once, and `builds/ID.json`, which says what map each file of a build has.
// Written by `afn-otel sourcemaps upload`, read by `symbolicate` and by the error groups of src/backend.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FlattenMap, type TraceMap } from '@jridgewell/trace-mapping'
import { isHashed, pathOf } from './file-name'
import type { FoundMap } from './find'

/** Path of a generated file → SHA-256 of its map. */
type Build = Readonly<Record<string, string>>

/** Decoded maps are large; a page has few files. */
const MOST_OPEN = 16
const open = new Map<string, TraceMap>()

/** In the folder of `afn-otel up --data`. */
export const sourceMapFolder = (data: string): string => path.join(data, 'sourcemaps')

/** What a build id may be: it becomes the name of a file. */
export const isBuildId = (text: string): boolean => /^[\w@+][\w.@+-]{0,127}$/.test(text)

/** Of the content: the same files and maps have the same. 16 hexadecimal digits. */
export function buildIdOf(found: readonly FoundMap[]): string {
  const lines = found.map(({ file, map }) => `${sha256(map)} ${file}`).sort()
  return sha256(lines.join('\n')).slice(0, 16)
}

/**
 * Adds to what the build has; a file that it had with another map has this one from now on.
 * @returns how many files are new or have another map
 */
export function putBuild(folder: string, id: string, found: readonly FoundMap[]): { added: number; replaced: number } {
  for (const part of ['maps', 'builds']) mkdirSync(path.join(folder, part), { recursive: true, mode: 0o700 })
  const before = readBuild(folder, id) ?? {}
  const now = Object.fromEntries(found.map(({ file, map }) => [file, put(folder, map)]))
  write(buildFile(folder, id), JSON.stringify({ ...before, ...now }, null, 1))
  const had = Object.keys(now).filter(file => Object.hasOwn(before, file))
  return { added: found.length - had.length, replaced: had.filter(file => before[file] !== now[file]).length }
}

function put(folder: string, map: string): string {
  const hash = sha256(map)
  write(mapFile(folder, hash), map)
  return hash
}

/** The store at one moment: what was read once is not read again. */
export class SourceMaps {
  readonly #folder: string
  readonly #builds = new Map<string, Build | undefined>()
  readonly #maps = new Map<string, TraceMap | undefined>()
  #ids: readonly string[] | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Empty when there is no store. */
  get ids(): readonly string[] {
    this.#ids ??= idsIn(this.#folder)
    return this.#ids
  }

  has(build: string): boolean {
    return this.#build(build) !== undefined
  }

  /**
   * @param build undefined: of any, if the file's name has a hash and all builds that have it agree
   * @param file as a frame has it
   */
  mapOf(build: string | undefined, file: string): TraceMap | undefined {
    const key = `${build}\n${file}`
    if (!this.#maps.has(key)) this.#maps.set(key, this.#find(build, file))
    return this.#maps.get(key)
  }

  #find(build: string | undefined, file: string): TraceMap | undefined {
    if (build === undefined && !isHashed(file)) return undefined
    const hits = (build === undefined ? this.ids : [build]).flatMap(id => nearest(this.#build(id) ?? {}, pathOf(file)))
    const [hash, other] = new Set(hits.map(([, hash]) => hash))
    return hash === undefined || other !== undefined ? undefined : opened(this.#folder, hash, hits[0]![0])
  }

  #build(id: string): Build | undefined {
    if (!this.#builds.has(id)) this.#builds.set(id, isBuildId(id) ? readBuild(this.#folder, id) : undefined)
    return this.#builds.get(id)
  }
}

/** Those with the same name and the most folders above it in common: the server's paths are not those of the build. */
function nearest(build: Build, wanted: string): [file: string, hash: string][] {
  const parts = wanted.split('/').reverse()
  let best = 1
  let hits: [string, string][] = []
  for (const [file, hash] of Object.entries(build)) {
    const own = file.split('/').reverse()
    const differs = own.findIndex((part, at) => part !== parts[at])
    const common = differs < 0 ? own.length : differs
    if (common > best) hits = []
    if (common >= best) {
      best = common
      hits.push([file, hash])
    }
  }
  return hits
}

function opened(folder: string, hash: string, file: string): TraceMap | undefined {
  const key = `${folder}\n${hash}\n${file}`
  let map = open.get(key)
  if (!map) {
    try {
      map = new FlattenMap(readFileSync(mapFile(folder, hash), 'utf8'), file)
    } catch {
      // somebody took it out of the store; the frame stays as it came
      return undefined
    }
    if (open.size >= MOST_OPEN) open.delete(open.keys().next().value!)
    open.set(key, map)
  }
  return map
}

function idsIn(folder: string): string[] {
  try {
    const files = readdirSync(path.join(folder, 'builds')).filter(file => file.endsWith('.json'))
    return files.map(file => file.slice(0, -'.json'.length))
  } catch {
    return []
  }
}

function readBuild(folder: string, id: string): Build | undefined {
  try {
    return JSON.parse(readFileSync(buildFile(folder, id), 'utf8'))
  } catch {
    return undefined
  }
}

const buildFile = (folder: string, id: string) => path.join(folder, 'builds', `${id}.json`)
const mapFile = (folder: string, hash: string) => path.join(folder, 'maps', `${hash}.json`)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** As a whole or not at all, for those who read at the same time. */
function write(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, text, { mode: 0o600 })
  renameSync(unfinished, file)
}
