// Keeps on disk what a sudden `process.exit()` or a crash leaves, and sends it at the next start. Opt-in (AFN_SPOOL_DIR).
// What is written went through the redactor already.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { loadChunk } from '../chunks'
import { otlpTarget } from '../config/otlp'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'

/** Files that may wait; a Collector that is away for days must not fill the disk. */
const mostFiles = 1_000
const name = /^\d+-\d+-\d+\.(traces|logs)\.otlp$/

export interface Undelivered {
  /** In batches, each of which is sent as one request. */
  readonly spans: readonly (readonly ReadableSpan[])[]
  readonly logs: readonly (readonly ReadableLogRecord[])[]
}

/** Synchronous, since nothing else runs in a process that exits. Never throws. */
export function spool(directory: string, { spans, logs }: Undelivered): void {
  try {
    if (spans.length === 0 && logs.length === 0) return
    const { encodeLogs, encodeSpans } = loadChunk('otlp')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (readdirSync(directory).length >= mostFiles) throw new Error(`${mostFiles} files wait there already`)
    const stem = path.join(directory, `${Date.now()}-${process.pid}`)
    for (const [n, batch] of spans.entries())
      writeFileSync(`${stem}-${n}.traces.otlp`, encodeSpans(batch), { mode: 0o600 })
    for (const [n, batch] of logs.entries()) writeFileSync(`${stem}-${n}.logs.otlp`, encodeLogs(batch), { mode: 0o600 })
  } catch (error) {
    report('AFN132', `telemetry could not be kept in ${directory}: ${reason(error)}`)
  }
}

/** Sends what earlier processes left. A file that can't be delivered stays for the next start. Never rejects. */
export async function sendSpooled(directory: string, settings: Settings): Promise<void> {
  try {
    const files = readdirSync(directory).filter(file => name.test(file))
    if (files.length === 0) return
    const { createTransport } = loadChunk('otlp')
    for (const file of files) {
      const signal = name.exec(file)?.[1] as 'traces' | 'logs'
      if (settings[`${signal}Exporter`] !== 'otlp') continue
      const original = path.join(directory, file)
      // the rename is the lock: of several processes that start at once, one wins the file
      const taken = `${original}.${process.pid}`
      renameSync(original, taken)
      const transport = createTransport({ ...otlpTarget(signal, settings), protocol: 'http/protobuf' })
      const failed = await transport.post(readFileSync(taken), new AbortController().signal)
      if (failed) renameSync(taken, original)
      else rmSync(taken)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      report('AFN132', `telemetry kept in ${directory} could not be sent: ${reason(error)}`)
  }
}
