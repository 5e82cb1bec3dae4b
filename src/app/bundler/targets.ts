// Which files of an app's packages an instrumentation patches, seen from a bundler.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { locate, mainOf } from '../instrument/packages'

/**
 * By name of a module for which an instrumentation waits, such as `pg` or `@modelcontextprotocol/sdk/client`, what of its
 * package is patched: itself (`pg`) and files in it (`pg/lib/client.js`). The build of this package asks every
 * instrumentation.
 */
declare const AFN_PATCHED_FILES: Readonly<Record<string, readonly string[]>>

export interface Target {
  /** Under which instrumentations know the file: `pg`, `pg/lib/client.js`. */
  readonly name: string
  readonly version: string
  readonly format: 'CommonJS' | 'ES module'
}

interface Manifest {
  readonly version?: string
  readonly type?: string
  readonly main?: string
  readonly module?: string
  readonly exports?: unknown
}

const manifests = new Map<string, Manifest | undefined>()

/** What an instrumentation patches in this file; `undefined` for every other file. Never throws. */
export function targetOf(id: string): Target | undefined {
  // Rollup writes paths with slashes on Windows too
  const file = path.normalize(id)
  const where = locate(file)
  if (!where || !/\.[cm]?js$/.test(file)) return undefined
  const modules = Object.keys(AFN_PATCHED_FILES).filter(
    name => name === where.name || name.startsWith(`${where.name}/`),
  )
  if (modules.length === 0) return undefined
  const manifest = manifestOf(where.basedir)
  if (!manifest?.version) return undefined
  const relative = path.relative(where.basedir, file).replaceAll(path.sep, '/')
  const patched = new Set(modules.flatMap(module => AFN_PATCHED_FILES[module] ?? []))
  const isEntry = (module: string) =>
    (module === where.name && mainOf(where) === file) ||
    entriesOf(manifest, module.slice(where.name.length)).has(relative)
  const inside = `${where.name}/${asCommonJs(relative)}`
  const name = patched.has(inside) ? inside : modules.find(module => patched.has(module) && isEntry(module))
  return name === undefined ? undefined : { name, version: manifest.version, format: formatOf(file, where.basedir) }
}

/** Instrumentations know the files that a `require` loads; a build may have the same file as an ES module too. */
function asCommonJs(file: string): string {
  return file
    .replace(/\.mjs$/, '.js')
    .replace(/^dist-es\//, 'dist-cjs/')
    .replace(/^dist\/esm\//, 'dist/cjs/')
}

function manifestOf(folder: string): Manifest | undefined {
  if (!manifests.has(folder)) manifests.set(folder, readManifest(folder))
  return manifests.get(folder)
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

/**
 * Every file that may stand for an entry of the package, whatever the conditions under which it is resolved.
 * @param subpath '' for the package itself, else `/client`
 */
function entriesOf({ main, module, exports }: Manifest, subpath: string): Set<string> {
  const found = new Set<string>()
  const add = (file: unknown) => typeof file === 'string' && found.add(path.posix.normalize(file.replace(/^\.\//, '')))
  if (subpath === '') for (const file of [main, module]) add(file)
  const key = `.${subpath}`
  const isMap =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some(name => name.startsWith('.'))
  if (!isMap) {
    if (subpath === '') for (const file of leaves(exports)) add(file)
    return found
  }
  for (const [pattern, value] of Object.entries(exports as object)) {
    const [before = '', after] = pattern.split('*', 2)
    const isMatch = after === undefined ? pattern === key : key.startsWith(before) && key.endsWith(after)
    if (!isMatch) continue
    const star = after === undefined ? '' : key.slice(before.length, key.length - after.length)
    for (const file of leaves(value)) add(file.replace('*', star))
  }
  return found
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}

/** As Node.js decides, and by the folders of builds that say it themselves where a bundler reads `module`. */
function formatOf(file: string, basedir: string): Target['format'] {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.mjs') ? 'ES module' : 'CommonJS'
  for (let folder = path.dirname(file); folder.length >= basedir.length; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json')) && manifestOf(folder)?.type === 'module') return 'ES module'
  }
  return /^\s*(?:import\s[^(]|import\{|export\s|export\{)/m.test(readFileSync(file, 'utf8')) ? 'ES module' : 'CommonJS'
}
