/**
 * Folders of log files. An app may be writing into a file, so no file is replaced: the bytes of a line are written over where they
 * stand, and no other line moves, is lost or waits. A line that was erased is `{"erased":true}` and spaces; one that names somebody else,
 * too, has a `*` for each byte that names the subject.
 */
import { isUtf8 } from 'node:buffer'
import { closeSync, fdatasyncSync, openSync, readdirSync, writeSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../../files/lines'
import { maskedLine } from '../masked-line'
import { matcherOf } from '../names'
import { leavesOf, namesOther, whoseIs } from '../records'
import { type ExportRecord, type Found, SAMPLES, type SubjectStore, type Target } from './store'

/** Lines wait in memory where the disk was full. */
const FLUSH_WINDOW_MS = 60_000
const ERASED = Buffer.from('{"erased":true}')
const SPACE = 0x20

interface Line {
  /** Of its first byte. */
  readonly offset: number
  readonly bytes: Buffer
  /** What is written over it. */
  readonly left: Buffer
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
        const left = leftOf(bytes)
        if (left) yield { offset, bytes, left }
        offset += bytes.length + 1
      }
    }

    /** Undefined where the line does not name the subject. */
    function leftOf(bytes: Buffer): Buffer | undefined {
      const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
      const text = bytes.toString(encoding)
      const fields = parsed(text)
      const leaves = [...leavesOf(fields ?? text)]
      const whose = whoseIs(matcher, leaves)
      if (whose === 'shared') return Buffer.from(maskedLine(matcher, text, fields !== undefined), encoding)
      // another person's line may be of the same trace
      const isOwn = whose === 'own' || (traces.has(String(fields?.trace_id)) && !namesOther(matcher, leaves))
      return isOwn ? erased(bytes.length) : undefined
    }
  }

  const look = (target: Target, signal: AbortSignal): Found => {
    let allRecords = 0
    for (const file of allFiles()) for (const _ of linesOf(file)) allRecords++
    const records = [...linesWith(target, signal)]
    const samples = records.slice(0, SAMPLES).map(({ bytes }) => recordOf(bytes))
    return { records: records.length, allRecords, samples, traceIds: [], shared: 0 }
  }

  return {
    name: number === undefined ? 'log-files' : `log-files-${number}`,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<Found> {
      return look(target, signal)
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const { bytes } of linesWith(target, signal)) yield { signal: 'log', record: recordOf(bytes) }
    },
    async erase(target, signal) {
      // a line that is not finished yet goes too: should its writer go on, the second erasure takes the rest
      for (const file of allFiles()) overwrite(file, [...linesWith(target, signal, [file])])
    },
    async verify(target, signal) {
      return look(target, signal).records
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

const recordOf = (bytes: Buffer): unknown => parsed(bytes.toString()) ?? bytes.toString()

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function erased(length: number): Buffer {
  const blank = Buffer.alloc(length, SPACE)
  if (length >= ERASED.length) ERASED.copy(blank)
  return blank
}

function overwrite(file: string, lines: readonly Line[]): void {
  if (lines.length === 0) return
  const handle = openSync(file, 'r+')
  try {
    for (const { offset, left } of lines)
      for (let at = 0; at < left.length; ) at += writeSync(handle, left, at, left.length - at, offset + at)
    fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
