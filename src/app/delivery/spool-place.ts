// Where the spool is. Without AFN_SPOOL_DIR it is in the system's folder for temporary files, below a folder of this user
// alone, one for each service and address: what one left is never sent to another's.
import type * as Crypto from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { otlpTarget } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'

export interface SpoolPlace {
  readonly directory: string
  /** Somebody named it: what fails there is said, and what is there stays until it is delivered. */
  readonly isNamed: boolean
  /** Bytes that may wait; a Collector that is away for days must not fill the disk, or the memory that is mounted there. */
  readonly mostBytes: number
  /** How long they may, ms. */
  readonly longestMs: number
}

const MiB = 2 ** 20

/** @param packageName of the app, for where no setting names the service */
export function spoolPlace(settings: Settings, packageName: string | undefined): SpoolPlace | undefined {
  const { spool, spoolDir, redaction, captureContent, serviceName, resourceAttributes } = settings
  if (!spool) return undefined
  if (spoolDir) return { directory: spoolDir, isNamed: true, mostBytes: 256 * MiB, longestMs: Number.POSITIVE_INFINITY }
  // what is not redacted is not written where nobody asked for it
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

/** Below it are the places that nobody named, of all services of this user. */
export function ownFolder(): string {
  return path.join(tmpdir(), `afn-otel-${process.getuid?.() ?? 'spool'}`)
}

/** Every place on this machine where something of this user may wait. */
export function everyPlace({ spoolDir }: Pick<Settings, 'spoolDir'>): string[] {
  const folder = ownFolder()
  const own = existsSync(folder) ? readdirSync(folder).map(name => path.join(folder, name)) : []
  return [...(spoolDir ? [spoolDir] : []), ...own]
}

/** What is in the place now. Its name is made only where this user has a place at all. */
export function filesIn(place: SpoolPlace): string[] {
  const mayBe = place.isNamed || existsSync(ownFolder())
  return mayBe && existsSync(place.directory) ? readdirSync(place.directory) : []
}

/**
 * Makes the place. The name of the own folder can be guessed, and everybody may write beside it: one that somebody else has
 * made, or could write into, is not used.
 * @throws Error of the system, or why it is not used
 */
export function makePlace({ directory, isNamed }: SpoolPlace): void {
  const folder = path.dirname(directory)
  if (!isNamed) {
    // not with what is above it, and nothing through a link
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    checkOwner(folder)
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
}

/** @throws Error of the system, or why it is not used */
export function checkOwner(folder: string): void {
  const stat = lstatSync(folder)
  const uid = process.getuid?.()
  // on Windows the folder for temporary files is the user's own
  const isOwn = uid === undefined || (stat.uid === uid && (stat.mode & 0o077) === 0)
  if (!stat.isDirectory() || !isOwn) throw new Error(`${folder} is not a folder of this user alone`)
}

/** The same for each process that sends as this service, with the same credentials, to the same addresses. */
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
