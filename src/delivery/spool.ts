// Keeps on disk what a sudden `process.exit()` or a crash leaves, and sends it at the next start. Opt-in (AFN_SPOOL_DIR).
// What is written went through the redactor already.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { loadChunk } from '../chunks'
import { otlpTarget } from '../config/otlp'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import { isRunning } from '../files/process'

/** What may wait; a Collector that is away for days must not fill the disk. */
const mostFiles = 1_000
const mostBytes = 256 * 2 ** 20
/** `TIME-PID-N.traces.otlp`, and while a process sends it `.PID-HOST` behind that. */
const name = /^(\d+-\d+-\d+\.(traces|logs)\.otlp)(?:\.(\d+)(?:-(.+))?)?$/
/** Longer than any export takes. */
const longestClaimMs = 10 * 60_000
/** The request itself is bad, so it is at the next start too. */
const refusedForGood: readonly string[] = ['400', '413']

export interface Undelivered {
  /** In batches, each of which is sent as one request. */
  readonly spans: readonly (readonly ReadableSpan[])[]
  readonly logs: readonly (readonly ReadableLogRecord[])[]
}

/** A request that waits. */
export interface Spooled {
  readonly file: string
  /** Its name while no process sends it. */
  readonly original: string
  readonly signal: 'traces' | 'logs'
  /** The process that sends it, or died while sending it. */
  readonly pid: string | undefined
  readonly host: string | undefined
}

export type SpoolScreen = (signal: Spooled['signal'], request: Buffer) => Promise<Buffer | undefined>

/** @throws Error of the system */
export function spooledIn(directory: string): Spooled[] {
  return readdirSync(directory).flatMap(file => {
    const [, original, signal, pid, host] = name.exec(file) ?? []
    return original ? [{ file, original, signal: signal as Spooled['signal'], pid, host }] : []
  })
}

/** Synchronous, since nothing else runs in a process that exits. Never throws. */
export function spool(directory: string, { spans, logs }: Undelivered): void {
  try {
    if (spans.length === 0 && logs.length === 0) return
    const { encodeLogs, encodeSpans } = loadChunk('otlp')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const files = readdirSync(directory)
    let bytes = files.reduce((sum, file) => sum + statSync(path.join(directory, file)).size, 0)
    let count = files.length
    const stem = path.join(directory, `${Date.now()}-${process.pid}`)
    const keep = (suffix: string, request: Buffer) => {
      bytes += request.length
      if (++count > mostFiles || bytes > mostBytes)
        throw new Error(`${mostFiles} files or ${mostBytes} bytes wait there already`)
      writeFileSync(`${stem}-${suffix}.otlp`, request, { mode: 0o600 })
    }
    for (const [n, batch] of spans.entries()) keep(`${n}.traces`, encodeSpans(batch))
    for (const [n, batch] of logs.entries()) keep(`${n}.logs`, encodeLogs(batch))
  } catch (error) {
    report('AFN132', `telemetry could not be kept in ${directory}: ${reason(error)}`)
  }
}

/**
 * Sends what earlier processes left, also what one of them was sending when it died. The first file that can't be delivered
 * stays for the next start, with all after it. Never rejects.
 * @param screen returns the part of a request in protobuf that may leave, if there is one
 */
export async function sendSpooled(directory: string, settings: Settings, screen?: SpoolScreen): Promise<void> {
  try {
    const { createTransport } = loadChunk('otlp')
    // spans first: they say whose a trace is, and so whose its log records are
    for (const spooled of spooledIn(directory).sort(
      (a, b) => Number(a.signal === 'logs') - Number(b.signal === 'logs'),
    )) {
      const { original, signal } = spooled
      if (!settings[`${signal}Exporter`].includes('otlp')) continue
      const claimed = claim(directory, spooled)
      if (!claimed) continue
      const kept = readFileSync(claimed)
      const request = screen ? await screen(signal, kept) : kept
      if (!request) {
        rmSync(claimed)
        continue
      }
      const transport = createTransport({ ...otlpTarget(signal, settings), protocol: 'http/protobuf' })
      const result = await transport.post(request, new AbortController().signal)
      const isOver = result.ok || refusedForGood.includes(result.type)
      if (isOver) rmSync(claimed)
      else renameSync(claimed, path.join(directory, original))
      if (result.ok) continue
      report(
        'AFN132',
        `a request that was kept in ${directory} could not be sent (${result.reason})${isOver ? ' and is deleted' : ''}`,
      )
      if (!isOver) return
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      report('AFN132', `telemetry kept in ${directory} could not be sent: ${reason(error)}`)
  }
}

/** The rename is the lock: of several processes that start at once, one wins the file. @returns what it is called now */
export function claim(directory: string, { file, original, pid, host }: Spooled): string | undefined {
  const from = path.join(directory, file)
  const to = path.join(directory, `${original}.${process.pid}-${hostname()}`)
  try {
    if (pid && !isLeft(statSync(from).ctimeMs, Number(pid), host)) return undefined
    renameSync(from, to)
    return to
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the process that claimed a file is gone; on another machine only time tells. */
function isLeft(claimedAt: number, pid: number, host: string | undefined): boolean {
  if (Date.now() - claimedAt > longestClaimMs) return true
  if (host !== hostname()) return false
  // a container gives the same number to each of its first processes
  if (pid === process.pid) return claimedAt < Date.now() - process.uptime() * 1_000
  return !isRunning(pid)
}
