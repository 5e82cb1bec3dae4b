// What can be known of the app before its first line: its entry file and the package.json above it.
// Called by the guard (other SDKs), the resource (service name) and the ES module hooks.
import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly type?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface Entry {
  /** Absolute path; `undefined` for `node -e`, the REPL and stdin. */
  readonly file: string | undefined
  readonly directory: string
  readonly packageJson: PackageJson
  readonly isModule: boolean
}

export function describeEntry(file: string | undefined, cwd: string): Entry {
  const directory = file ? path.dirname(file) : cwd
  const packageJson = nearestPackageJson(directory)
  const isModule =
    file !== undefined && (/\.m[jt]s$/.test(file) || (!/\.c[jt]s$/.test(file) && packageJson.type === 'module'))
  return { file, directory, packageJson, isModule }
}

function nearestPackageJson(from: string): PackageJson {
  for (let directory = from; ; directory = path.dirname(directory)) {
    try {
      return JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) ?? {}
    } catch (error) {
      // a broken package.json ends the search, as it does for Node; a missing one leads on
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR')
        return {}
    }
    if (path.dirname(directory) === directory) return {}
  }
}
