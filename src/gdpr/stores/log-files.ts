/**
 * Folders of log files. An app may be writing into a file, so no file is replaced: the bytes of a line are written over where they
 * stand, and no other line moves, is lost or waits. A line that was erased is `{"erased":true}` and spaces.
 */
import { closeSync, fdatasyncSync, openSync, readdirSync, writeSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../../files/lines'
import { namesIn } from '../records'
import { matcherOf } from '../subject'
import type { ExportRecord, Found, SubjectStore, Target } from './store'

/** Lines wait in memory where the disk was full. */
const FLUSH_WINDOW_MS = 60_000
const ERASED = Buffer.from('{"erased":true}')
const SPACE = 0x20

interface Line {
  /** Of its first byte. */
  readonly offset: number
  readonly bytes: Buffer
}

/**
 * @param folders of `createLogger()`, or others with a line a record; files end in `.log`. Not that of the audit log, whose lines are chained.
 * @param number where there are several
 */
export function logFilesStore(folders: readonly string[], number?: number): SubjectStore {
  const allFiles = () => folders.flatMap(logsIn)

  function* linesWith({ identity, traceIds }: Target, signal: AbortSignal, files = allFiles()): Generator<Line> {
    const matcher = matcherOf(identity)
    const traces = new Set(traceIds)
    for (const file of files) {
      signal.throwIfAborted()
      let offset = 0
      for (const { bytes } of linesOf(file)) {
        if (isNamed(bytes.toString())) yield { offset, bytes }
        offset += bytes.length + 1
      }
    }

    function isNamed(text: string): boolean {
      const fields = parsed(text)
      if (fields === undefined) return matcher.text(text)
      return traces.has(String(fields.trace_id)) || namesIn(matcher, fields)
    }
  }
  const count = (target: Target, signal: AbortSignal) => [...linesWith(target, signal)].length

  return {
    name: number === undefined ? 'log-files' : `log-files-${number}`,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<Found> {
      return { records: count(target, signal), traceIds: [], shared: 0 }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const { bytes } of linesWith(target, signal))
        yield { signal: 'log', record: parsed(bytes.toString()) ?? bytes.toString() }
    },
    async erase(target, signal) {
      // a line that is not finished yet goes too: should its writer go on, the second erasure takes the rest
      for (const file of allFiles()) overwrite(file, [...linesWith(target, signal, [file])])
    },
    async verify(target, signal) {
      return count(target, signal)
    },
    unerasable: () => [
      {
        what: 'files that were copied, packed or sent elsewhere',
        why: 'they are outside of the folder; a file system that copies on write keeps old blocks until it uses them again',
        agesOut: null,
      },
    ],
  }
}

/** A link may lead anywhere, and its target is there itself. */
const logsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.log'))
    .map(({ name }) => path.join(folder, name))
    .sort()

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function overwrite(file: string, lines: readonly Line[]): void {
  if (lines.length === 0) return
  const handle = openSync(file, 'r+')
  try {
    for (const { offset, bytes } of lines) {
      const blank = Buffer.alloc(bytes.length, SPACE)
      if (blank.length >= ERASED.length) ERASED.copy(blank)
      for (let at = 0; at < blank.length; ) at += writeSync(handle, blank, at, blank.length - at, offset + at)
    }
    fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
