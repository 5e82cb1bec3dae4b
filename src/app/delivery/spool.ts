// Stores on disk what remains after a sudden `process.exit()` or a crash, for a later process to send. The data is already redacted.
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir, rename, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { reason, report } from '../../shared/diag/report'
import { isRunning } from '../../shared/files/process'
import type { EncodedRecord } from '../../shared/otlp/protobuf'
import { loadChunk } from '../chunks'
import { filesIn, makePlace, type SpoolPlace } from './spool-place'

const mostFiles = 1_000
/** `TIME-PID-N.traces.otlp`, with the suffix `.PID-HOST` while a process sends it. */
const name = /^(\d+-\d+-\d+\.(traces|logs)\.otlp)(?:\.(\d+)(?:-(.+))?)?$/
/** Longer than any export. */
const longestClaimMs = 10 * 60_000
export interface Undelivered {
  /** Batches, each of which becomes one request. */
  readonly spans: readonly (readonly (ReadableSpan | EncodedRecord)[])[]
  readonly logs: readonly (readonly (ReadableLogRecord | EncodedRecord)[])[]
}

/** A request in the spool. */
export interface Spooled {
  readonly file: string
  /** Its name without a claim. */
  readonly original: string
  readonly signal: 'traces' | 'logs'
  /** The process that sends it, or died while sending. */
  readonly pid: string | undefined
  readonly host: string | undefined
}

/** @throws Error of the system */
export function spooledIn(directory: string): Spooled[] {
  return readdirSync(directory).flatMap(file => {
    const [, original, signal, pid, host] = name.exec(file) ?? []
    return original ? [{ file, original, signal: signal as Spooled['signal'], pid, host }] : []
  })
}

/**
 * Synchronous, because an exiting process runs nothing else. Never throws.
 * @param take is called only if there is room, because it encodes the data
 * @returns whether requests are waiting now
 */
export function spool(place: SpoolPlace, take: () => Undelivered): boolean {
  try {
    let { bytes, count } = whatWaits(place)
    const room = (more: number) => {
      bytes += more
      if (count++ >= mostFiles || bytes > place.mostBytes)
        throw new Error(`${mostFiles} files or ${place.mostBytes} bytes wait there already`)
    }
    if (count >= mostFiles || bytes >= place.mostBytes) room(0)
    const { spans, logs } = take()
    if (spans.length === 0 && logs.length === 0) return false
    const { encodeLogs, encodeSpans } = loadChunk('otlp')
    makePlace(place)
    const stem = path.join(place.directory, `${Date.now()}-${process.pid}`)
    const keep = (suffix: string, request: Buffer) => {
      room(request.length)
      writeFileSync(`${stem}-${suffix}.otlp`, request, { mode: 0o600 })
    }
    for (const [n, batch] of spans.entries()) keep(`${n}.traces`, encodeSpans(batch))
    for (const [n, batch] of logs.entries()) keep(`${n}.logs`, encodeLogs(batch))
    return true
  } catch (error) {
    if (place.isNamed) report('AFN132', `telemetry could not be kept in ${place.directory}: ${reason(error)}`)
    return false
  }
}

/** Number of batches that this process has stored while running. */
let kept = 0

/**
 * The same for a single batch that does not fit in memory while the process runs. Never rejects.
 * @returns the name of the file, if stored
 */
export async function spoolBatch(
  place: SpoolPlace,
  signal: Spooled['signal'],
  batch: readonly object[],
): Promise<string | undefined> {
  try {
    makePlace(place)
    const files = await readdir(place.directory)
    const sizes = await Promise.all(files.map(async file => (await stat(path.join(place.directory, file))).size))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    if (files.length >= mostFiles || bytes >= place.mostBytes) return undefined
    const { encodeLogs, encodeSpans } = loadChunk('otlp')
    const request =
      signal === 'traces' ? encodeSpans(batch as ReadableSpan[]) : encodeLogs(batch as ReadableLogRecord[])
    if (bytes + request.length > place.mostBytes) return undefined
    const original = `${Date.now()}-${process.pid}-${kept++}.${signal}.otlp`
    // written under a claimed name, so that no other process sends an incomplete file
    const claimed = path.join(place.directory, claimedName(original))
    await writeFile(claimed, request, { mode: 0o600 })
    await rename(claimed, path.join(place.directory, original))
    return original
  } catch (error) {
    if (place.isNamed) report('AFN132', `telemetry could not be kept in ${place.directory}: ${reason(error)}`)
    return undefined
  }
}

function whatWaits(place: SpoolPlace): { count: number; bytes: number } {
  if (filesIn(place).length > 0) removeExpired(place)
  const files = filesIn(place)
  const bytes = files.reduce((sum, file) => sum + statSync(path.join(place.directory, file)).size, 0)
  return { count: files.length, bytes }
}

/** @throws Error of the system */
export function removeExpired({ directory, longestMs }: Pick<SpoolPlace, 'directory' | 'longestMs'>): void {
  for (const { file, original } of spooledIn(directory))
    if (Number.parseInt(original, 10) + longestMs < Date.now()) rmSync(path.join(directory, file), { force: true })
}

/** The rename is the lock: of several processes, only one succeeds. @returns the new name */
export function claim(directory: string, { file, original, pid, host }: Spooled): string | undefined {
  const from = path.join(directory, file)
  const to = path.join(directory, claimedName(original))
  try {
    if (pid && !isLeft(statSync(from).ctimeMs, Number(pid), host)) return undefined
    renameSync(from, to)
    return to
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const claimedName = (original: string) => `${original}.${process.pid}-${hostname()}`

/** Whether the claiming process is gone; for another machine, only the age tells. */
function isLeft(claimedAt: number, pid: number, host: string | undefined): boolean {
  if (Date.now() - claimedAt > longestClaimMs) return true
  if (host !== hostname()) return false
  // containers often assign the same process ids
  if (pid === process.pid) return claimedAt < Date.now() - process.uptime() * 1_000
  return !isRunning(pid)
}
