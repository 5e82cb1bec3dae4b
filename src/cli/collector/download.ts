// Takes a released Collector from the network, where there is neither a binary nor Go.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Distribution } from './distribution'
import { output } from './run-child'

const releases = 'https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download'

/** As upstream names its assets. */
const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Downloads upstream's otelcol-contrib of the same version, and keeps it only if its sha256 is the one in the checksums
 * file that upstream publishes with it. `AFN_COLLECTOR_DOWNLOAD_URL` names another folder with the same two files.
 * @returns the binary's path in the cache
 * @throws Error that names the URL or the file, and what is wrong with it
 */
export async function download({ binaries, version }: Distribution, env: NodeJS.ProcessEnv): Promise<string> {
  const system = systems[process.platform]
  const architecture = architectures[process.arch]
  if (!system || !architecture) throw new Error(`no upstream release is known for ${process.platform} ${process.arch}`)
  const folder = (env.AFN_COLLECTOR_DOWNLOAD_URL || `${releases}/v${version}`).replace(/\/$/, '')
  const asset = `otelcol-contrib_${version}_${system}_${architecture}.tar.gz`
  const checksums = `${folder}/opentelemetry-collector-releases_otelcol-contrib_checksums.txt`

  const expected = checksumOf(asset, await (await get(checksums)).text())
  if (!expected) throw new Error(`${checksums} has no line for ${asset}, so the release cannot be verified`)

  await mkdir(binaries, { recursive: true })
  const work = await mkdtemp(path.join(binaries, 'download-'))
  try {
    const archive = path.join(work, asset)
    const actual = await save(`${folder}/${asset}`, archive)
    if (actual !== expected) {
      throw new Error(`${folder}/${asset} has sha256 ${actual}, upstream's checksums say ${expected}; it was deleted`)
    }
    await output('tar', ['-xzf', asset], { env, cwd: work })
    const binary = path.join(binaries, 'otelcol-contrib')
    await rename(path.join(work, 'otelcol-contrib'), binary)
    return binary
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A line of the file is the sha256, two spaces, the asset's name. */
function checksumOf(asset: string, checksums: string): string | undefined {
  const lines = checksums.split('\n').map(line => line.trim().split(/\s+/))
  return lines.find(([sha256 = '', name]) => name === asset && /^[0-9a-f]{64}$/i.test(sha256))?.[0]?.toLowerCase()
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url).catch(error => {
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`)
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  return response
}

/** Writes the body to a file as it arrives, and says its sha256. */
async function save(url: string, file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(
    Readable.fromWeb((await get(url)).body as ReadableStream),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(file),
  )
  return hash.digest('hex')
}
