// Takes a released Collector from the network, where there is no binary: seconds, where a build with Go takes many minutes.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { report } from '../../shared/diag/report'
import type { Distribution } from './distribution'
import { output } from './run-child'

const releases = 'https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download'

/** As upstream names its assets. */
const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Upstream's archives have 90 MB. A folder that sends without an end must not fill the disk. */
const MOST_BYTES = 2 ** 29

/**
 * Downloads upstream's otelcol-contrib of the same version, and keeps it only if its sha256 is the one that this package pins: a checksum
 * that comes from where the archive comes from says nothing about who made either. `AFN_COLLECTOR_DOWNLOAD_URL` names another folder that
 * has the same archive.
 * @returns the binary's path in the cache
 * @throws Error that names the URL or the file, and what is wrong with it
 */
export async function download(
  { binaries, checksums, version }: Distribution,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const system = systems[process.platform]
  const architecture = architectures[process.arch]
  if (!system || !architecture) throw new Error(`upstream has no known release for ${process.platform} ${process.arch}`)
  const asset = `otelcol-contrib_${version}_${system}_${architecture}.tar.gz`
  const expected = checksumOf(asset, await readFile(checksums, 'utf8'))
  if (!expected) throw new Error(`${checksums} has no checksum for ${asset}; reinstall @afn/otel`)
  const url = `${(env.AFN_COLLECTOR_DOWNLOAD_URL || `${releases}/v${version}`).replace(/\/$/, '')}/${asset}`

  await mkdir(binaries, { recursive: true })
  const work = await mkdtemp(path.join(binaries, 'download-'))
  try {
    const actual = await save(url, path.join(work, asset))
    if (actual !== expected) {
      report('AFN220', `${url} has sha256 ${actual}, not ${expected} as ${checksums} pins it; it was deleted`)
      throw new Error(`${url} is not the upstream release (AFN220)`)
    }
    await output('tar', ['-xzf', asset, 'otelcol-contrib'], { env, cwd: work })
    const binary = path.join(binaries, 'otelcol-contrib')
    await rename(path.join(work, 'otelcol-contrib'), binary)
    return binary
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A line of the file is the sha256, two spaces, the asset's name, as `sha256sum --check` reads it. */
function checksumOf(asset: string, checksums: string): string | undefined {
  const lines = checksums.split('\n').map(line => line.split('  '))
  return lines.find(([, name]) => name === asset)?.[0]
}

/** Writes the body to a file as it arrives, and says its sha256. */
async function save(url: string, file: string): Promise<string> {
  const response = await fetch(url).catch(error => {
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`)
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  const hash = createHash('sha256')
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream),
    async function* (chunks: AsyncIterable<Buffer>) {
      let bytes = 0
      for await (const chunk of chunks) {
        bytes += chunk.length
        if (bytes > MOST_BYTES) throw new Error(`${url} has more than ${MOST_BYTES} bytes`)
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(file),
  )
  return hash.digest('hex')
}
