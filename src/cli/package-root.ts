// Where the files of the package are, such as the Collector's configuration and the catalogue of queries.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The package's own folder, whether this code runs from src/cli or from the bundle in dist. */
export function packageRoot(from: string): string {
  const file = path.join(from, 'package.json')
  if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === '@afn/otel') return from
  const parent = path.dirname(from)
  if (parent === from) throw new Error('package.json of @afn/otel not found; reinstall @afn/otel')
  return packageRoot(parent)
}
