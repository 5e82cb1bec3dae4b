// Determines the folder of the spool. Without AFN_SPOOL_DIR it is in the temporary folder of the system, within a private folder of the
// user, with a subfolder per service and address, so that nothing is sent to another one's receiver.
import type * as Crypto from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { otlpTarget } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'

export interface SpoolPlace {
  readonly directory: string
  /** The user set the folder: failures are reported, and files stay until they are delivered. */
  readonly isNamed: boolean
  /** Maximum bytes. If a Collector is unreachable for days, the spool must not fill the disk, or memory if it is a tmpfs. */
  readonly mostBytes: number
  /** Maximum age in ms. */
  readonly longestMs: number
}

const MiB = 2 ** 20

/** @param packageName name of the app's package, used if no setting names the service */
export function spoolPlace(settings: Settings, packageName: string | undefined): SpoolPlace | undefined {
  const { spool, spoolDir, redaction, captureContent, serviceName, resourceAttributes } = settings
  if (!spool) return undefined
  if (spoolDir) return { directory: spoolDir, isNamed: true, mostBytes: 256 * MiB, longestMs: Number.POSITIVE_INFINITY }
  // unredacted data is written only to a folder that the user set
  const isSent = settings.tracesExporter.includes('otlp') || settings.logsExporter.includes('otlp')
  if (!redaction || captureContent === 'full' || !isSent) return undefined
  let directory: string | undefined
  return {
    get directory() {
      const service = serviceName ?? resourceAttributes['service.name'] ?? packageName
      directory ??= path.join(ownFolder(), keyOf(service, settings))
      return directory
    },
    isNamed: false,
    mostBytes: 32 * MiB,
    longestMs: 24 * 3_600_000,
  }
}

/** The folder with the default spools of all services of this user. */
export function ownFolder(): string {
  return path.join(tmpdir(), `afn-otel-${process.getuid?.() ?? 'spool'}`)
}

/** All folders on this machine in which requests of this user may wait. */
export function everyPlace({ spoolDir }: Pick<Settings, 'spoolDir'>): string[] {
  const folder = ownFolder()
  const own = existsSync(folder) ? readdirSync(folder).map(name => path.join(folder, name)) : []
  return [...(spoolDir ? [spoolDir] : []), ...own]
}

/** The files in the spool. The name of a default spool is computed only if the user has any. */
export function filesIn(place: SpoolPlace): string[] {
  const mayBe = place.isNamed || existsSync(ownFolder())
  return mayBe && existsSync(place.directory) ? readdirSync(place.directory) : []
}

/**
 * Creates the folder. The name of the default folder can be guessed, and everybody can write to its parent. So a folder that another user
 * created or could write to is refused.
 * @throws Error of the system, or why the folder is refused
 */
export function makePlace({ directory, isNamed }: SpoolPlace): void {
  const folder = path.dirname(directory)
  if (!isNamed) {
    // without parent folders, and not through a link
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    checkOwner(folder)
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
}

/** @throws Error of the system, or why the folder is refused */
export function checkOwner(folder: string): void {
  const stat = lstatSync(folder)
  const uid = process.getuid?.()
  // on Windows the temporary folder is private to the user
  const isOwn = uid === undefined || (stat.uid === uid && (stat.mode & 0o077) === 0)
  if (!stat.isDirectory() || !isOwn) throw new Error(`${folder} is not a folder of this user alone`)
}

/** Equal for all processes of this service with the same addresses and credentials. */
function keyOf(service: string | undefined, settings: Settings): string {
  const targets = (['traces', 'logs'] as const).map(signal => {
    const { url, headers, clientCertificate } = otlpTarget(signal, settings)
    return [url, headers, clientCertificate]
  })
  const { createHash } = require('node:crypto') as typeof Crypto
  return createHash('sha256')
    .update(JSON.stringify([service, targets, settings.suppressionList]))
    .digest('hex')
    .slice(0, 32)
}
