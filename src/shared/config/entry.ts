// What can be known of the app before its first line: its entry file and the package.json above it.
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import path from 'node:path'

export interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly type?: string
}

export interface EntryPoint {
  /** Absolute path as the command line has it; `undefined` for `node -e`, the REPL and stdin. */
  readonly file: string | undefined
  /** The file that Node will run for it. */
  readonly main: string | undefined
  readonly directory: string
  readonly packageJson: PackageJson
  /** Whether it is an ES module, or code of the command line that imports. */
  readonly isModule: boolean
}

export function describeEntry(cwd: string): EntryPoint {
  const file = entryFile()
  const main = file && (findMain(file) ?? file)
  const directory = file ? path.dirname(file) : cwd
  const packageJson = nearestPackageJson(ownerOf(directory, cwd))
  return { file, main, directory, packageJson, isModule: main === undefined ? isModuleCode() : isModule(main) }
}

/** Where the entry is a tool that the app depends on (`next start` forks one), the app is what stands in the working directory. */
function ownerOf(directory: string, cwd: string): string {
  const [owner] = directory.split(`${path.sep}node_modules${path.sep}`, 1)
  return owner !== directory && `${cwd}${path.sep}`.startsWith(`${owner}${path.sep}`) ? cwd : directory
}

/** The working directory, which may be gone; the app runs on all the same. */
export function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return path.parse(process.execPath).root
  }
}

/** Node has made a script's path absolute by now; with `-e` the first argument is the app's own. */
function entryFile(): string | undefined {
  const { argv, _eval } = process as { argv: unknown[]; _eval?: string }
  const first = argv[1]
  return _eval === undefined && typeof first === 'string' && path.isAbsolute(first) ? first : undefined
}

/** Of `node -e`, and of stdin as far as the command line says what is there. */
function isModuleCode(): boolean {
  const { execArgv, env, _eval } = process as NodeJS.Process & { _eval?: string }
  const options = [...execArgv, env.NODE_OPTIONS].join(' ')
  return /\bimport\b/.test(_eval ?? '') || /--(?:input|experimental-default)-type[= ]module/.test(options)
}

/** Adds the extension, goes into a folder and follows links, as Node does with the same function when it starts the app. */
function findMain(file: string): string | undefined {
  const { _findPath } = Module as { _findPath?: (file: string, paths: null, isMain: true) => string | false }
  return _findPath?.(file, null, true) || undefined
}

function isModule(main: string): boolean {
  if (/\.[mc][jt]s$/.test(main)) return /\.m[jt]s$/.test(main)
  return nearestPackageJson(path.dirname(main)).type === 'module'
}

function nearestPackageJson(from: string): PackageJson {
  for (let directory = from; ; directory = path.dirname(directory)) {
    try {
      const text = readFileSync(path.join(directory, 'package.json'), 'utf8')
      return object(JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)) as PackageJson
    } catch (error) {
      // a broken package.json ends the search, as it does for Node; a missing one leads on
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR')
        return {}
    }
    if (path.dirname(directory) === directory) return {}
  }
}

/** What somebody wrote into a package.json may be of any kind. */
function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
