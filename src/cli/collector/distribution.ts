// The files that the package brings, and where a binary for them is kept.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../cache-folder'
import { packageRoot } from '../package-root'

export interface Distribution {
  /** builder.yaml: what ocb builds the binary from. */
  readonly manifest: string
  /** The folder of our own components, which the manifest names. */
  readonly components: string
  /** The Collector's version, without a `v`. The builder and the upstream release have the same one. */
  readonly version: string
  /** sha256 of upstream's release of that version, as `sha256sum` writes them. */
  readonly checksums: string
  /** otel-collector.yaml. */
  readonly config: string
  /** What `--files` lays over it. */
  readonly filesOverlay: string
  /** Everything that we keep on this machine. */
  readonly cache: string
  /** The part of the cache that belongs to this very manifest and these very components. */
  readonly binaries: string
}

/** @throws Error when the package is incomplete */
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

/** What the binary is made of, relative to the folder, in a fixed order: neither tests nor what they alone need. */
export const componentFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /(?:^|\/)go\.mod$|(?<!_test)\.go$/.test(name))
    .sort()
