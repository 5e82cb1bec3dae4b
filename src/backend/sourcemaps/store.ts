// Stores source maps by build id, in a separate folder beside the data of `afn-otel up`: `maps/SHA256.json` has each map once, and
// `builds/ID.json` has the map of each file of a build. `afn-otel sourcemaps upload` writes them; `symbolicate` and the error groups of
// src/backend read them.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FlattenMap, type TraceMap } from '@jridgewell/trace-mapping'
import { isHashed, pathOf } from './file-name'
import type { FoundMap } from './find'

/** Path of a generated file → SHA-256 of its map. */
type Build = Readonly<Record<string, string>>

/** Limits the cache, because decoded maps are large and a page has few files. */
const MOST_OPEN = 16
const open = new Map<string, TraceMap>()

/** The folder within that of `afn-otel up --data`. */
export const sourceMapFolder = (data: string): string => path.join(data, 'sourcemaps')

/** Whether the text is safe as a build id, which becomes a file name. */
export const isBuildId = (text: string): boolean => /^[\w@+][\w.@+-]{0,127}$/.test(text)

/** Derives an id of 16 hexadecimal digits from the content: equal files and maps have equal ids. */
export function buildIdOf(found: readonly FoundMap[]): string {
  const lines = found.map(({ file, map }) => `${sha256(map)} ${file}`).sort()
  return sha256(lines.join('\n')).slice(0, 16)
}

/**
 * Adds maps to a build; a new map for a file replaces the old one.
 * @returns how many files were added, and how many got another map
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

/** A snapshot of the store: nothing is read twice. */
export class SourceMaps {
  readonly #folder: string
  readonly #builds = new Map<string, Build | undefined>()
  readonly #maps = new Map<string, TraceMap | undefined>()
  #ids: readonly string[] | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Empty if there is no store. */
  get ids(): readonly string[] {
    this.#ids ??= idsIn(this.#folder)
    return this.#ids
  }

  has(build: string): boolean {
    return this.#build(build) !== undefined
  }

  /**
   * @param build if undefined, any build counts, as long as the file's name has a hash and all builds with it agree
   * @param file as in a stack frame
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

/** Returns the files with the same name that share the most parent folders, because paths on the server differ from those of the build. */
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
      // the map was removed from the store; the frame stays unchanged
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

/** Writes the file atomically, for concurrent readers. */
function write(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, text, { mode: 0o600 })
  renameSync(unfinished, file)
}
