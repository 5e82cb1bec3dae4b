// Locates the Collector files of the package, and the cache for matching binaries.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../cache-folder'
import { packageRoot } from '../package-root'

export interface Distribution {
  /** builder.yaml, the manifest from which ocb builds the binary. */
  readonly manifest: string
  /** The folder of our own components, to which the manifest refers. */
  readonly components: string
  /** The Collector's version without `v`, which the builder and the upstream release share. */
  readonly version: string
  /** sha256 checksums of the upstream release, in the format of `sha256sum`. */
  readonly checksums: string
  /** otel-collector.yaml. */
  readonly config: string
  /** The overlay for `--files`. */
  readonly filesOverlay: string
  /** The folder for everything that we keep on this machine. */
  readonly cache: string
  /** The subfolder of the cache for exactly this manifest and these components. */
  readonly binaries: string
}

/** @throws Error if the package is incomplete */
export function distribution(env: NodeJS.ProcessEnv, from: string = __dirname): Distribution {
  const root = packageRoot(from)
  const manifest = path.join(root, 'collector/builder.yaml')
  const text = readFileSync(manifest)
  const version = /^ {2}version: (\S+)/m.exec(text.toString())?.[1]
  if (!version) throw new Error(`${manifest} has no dist.version; reinstall @afn/otel`)
  const cache = cacheFolder(env)
  const components = path.join(root, 'collector/components')
  const hash = createHash('sha256').update(text)
  for (const name of componentFiles(components))
    hash.update(`${name}\0`).update(readFileSync(path.join(components, name)))
  return {
    manifest,
    components,
    version,
    checksums: path.join(root, 'collector/otelcol-contrib.sha256'),
    config: path.join(root, 'otel-collector.yaml'),
    filesOverlay: path.join(root, 'collector/files.yaml'),
    cache,
    binaries: path.join(cache, hash.digest('hex')),
  }
}

/** The source files of the binary in a fixed order, relative to the folder, without tests. */
export const componentFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /(?:^|\/)go\.mod$|(?<!_test)\.go$/.test(name))
    .sort()
