// Downloads a released Collector if no binary is available, which takes seconds instead of the minutes of a Go build.
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

/** As in the names of upstream's assets. */
const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Upstream's archives have 90 MB. The limit keeps an endless response from filling the disk. */
const MOST_BYTES = 2 ** 29

/**
 * Downloads upstream's otelcol-contrib of the same version, and keeps it only if its sha256 matches the one pinned in this package: a
 * checksum from the same server as the archive would prove nothing. `AFN_COLLECTOR_DOWNLOAD_URL` sets another folder with the same archive.
 * @returns the path of the binary in the cache
 * @throws Error with the URL or file and the reason
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

/** Each line has the sha256, two spaces and the name of the asset, as for `sha256sum --check`. */
function checksumOf(asset: string, checksums: string): string | undefined {
  const lines = checksums.split('\n').map(line => line.split('  '))
  return lines.find(([, name]) => name === asset)?.[0]
}

/** Writes the body to a file as it arrives, and returns its sha256. */
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
