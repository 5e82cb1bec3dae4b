/**
 * Folders of log files: an app's, with one record per line, and a Collector's, with a line of OTLP JSON for many records. A process may be
 * appending to a file, so files are never replaced: a line's bytes are overwritten in place, and no other line moves, gets lost or waits.
 * An erased line becomes `{"erased":true}` and spaces; in a line that also names others, each byte that names the subject becomes a `*`.
 */
import { isUtf8 } from 'node:buffer'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { changeLines, type Line, linesOf, padded } from '../../../shared/files/lines'
import { recordLists } from '../../../shared/otlp/record-lists'
import type { Document } from '../../../shared/otlp/schema'
import { maskedLine } from '../masked-line'
import { maskedOtlp } from '../masked-otlp'
import { type Matcher, matcherOf } from '../person-attributes'
import { leavesOf, namesOther, otlpLeaves, whoseIs } from '../records'
import { type Signal, without } from '../request'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** Lines may wait in memory if the disk was full. */
const FLUSH_WINDOW_MS = 60_000
const ERASED = '{"erased":true}'

/** The result for one line. */
interface Look {
  /** The records that name the subject. */
  readonly records: readonly ExportRecord[]
  readonly allRecords: number
  /** The bytes that replace the line; undefined if it stays. */
  readonly left: Buffer | undefined
}

interface Subject {
  readonly matcher: Matcher
  readonly traces: ReadonlySet<unknown>
}

/**
 * @param folders of `createLogger()` or of a Collector (`AFN_LOG_DIR` of both), or others with one record per line in files that end in
 * `.log`. Must not be the folder of the audit log, whose lines are chained.
 */
export function logFilesStore(folders: readonly string[], name = 'log-files'): SubjectStore {
  const subjectOf = ({ identity, traceIds }: Target): Subject => ({
    matcher: matcherOf(identity),
    traces: new Set(traceIds),
  })

  function* looksAt(target: Target, signal: AbortSignal): Generator<Look> {
    const subject = subjectOf(target)
    for (const file of folders.flatMap(logsIn)) {
      signal.throwIfAborted()
      const look = lookOf(file, subject)
      for (const line of linesOf(file)) yield look(line)
    }
  }

  const find = (target: Target, signal: AbortSignal): SubjectRecords => {
    let [records, allRecords] = [0, 0]
    const samples: unknown[] = []
    for (const look of looksAt(target, signal)) {
      records += look.records.length
      allRecords += look.allRecords
      for (const { record } of look.records) if (samples.length < SAMPLES) samples.push(record)
    }
    return { records, allRecords, samples, traceIds: [], shared: 0 }
  }

  return {
    name,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<SubjectRecords> {
      return find(target, signal)
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const { records } of looksAt(target, signal)) yield* records
    },
    async erase(target, signal) {
      const subject = subjectOf(target)
      for (const file of folders.flatMap(logsIn)) {
        signal.throwIfAborted()
        const look = lookOf(file, subject)
        // also overwrites an app's unfinished line: if the app completes it, the second pass erases the rest
        changeLines(file, line => look(line).left)
      }
    },
    async verify(target, signal) {
      return find(target, signal).records
    },
    unerasable: () => [
      {
        what: 'files that were copied, archived or sent elsewhere',
        why: 'they are outside the folder; a copy-on-write file system keeps old blocks until it reuses them',
        agesOut: null,
      },
    ],
  }
}

const lookOf = (file: string, subject: Subject): ((line: Line) => Look) =>
  file.endsWith('.log') ? ({ bytes }) => lookAtText(bytes, subject) : lookAtRequests(file, subject)

function lookAtText(bytes: Buffer, { matcher, traces }: Subject): Look {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  const fields = parsed(text)
  const leaves = [...leavesOf(fields ?? text)]
  const whose = whoseIs(matcher, leaves)
  // a line in the same trace may belong to another person
  const isOwn = whose === 'own' || (!whose && traces.has(fields?.trace_id) && !namesOther(matcher, leaves))
  if (!isOwn && !whose) return { records: [], allRecords: 1, left: undefined }
  const left = isOwn ? erased(bytes.length) : Buffer.from(maskedLine(matcher, text, fields !== undefined), encoding)
  return { records: [{ signal: 'log', record: fields ?? text }], allRecords: 1, left }
}

/** A Collector's line is a request with records of many senders, so the others remain. Lines without OTLP are ignored. */
function lookAtRequests(file: string, { matcher, traces }: Subject): (line: Line) => Look {
  const isBeingWritten = Date.now() - statSync(file).mtimeMs < FLUSH_WINDOW_MS
  return ({ bytes, whole }) => {
    const text = bytes.toString()
    const request = parsed(text)
    const signal = (Object.keys(recordLists) as Signal[]).find(one => request && recordLists[one].resources in request)
    if (request && signal) return lookAtRequest(request, signal, bytes.length)
    const isTorn = !request && text.startsWith('{"resource') && (whole || !isBeingWritten)
    if (!isTorn || !matcher.text(text)) return { records: [], allRecords: 0, left: undefined }
    return { records: [{ signal: 'log', record: text }], allRecords: 1, left: Buffer.from(matcher.masked(text)) }
  }

  function lookAtRequest(request: Document, signal: Signal, length: number): Look {
    const records: ExportRecord[] = []
    let allRecords = 0
    const left = without(signal, request, matcher, (record, whose) => {
      allRecords++
      const isOwn =
        whose === 'own' || (!whose && traces.has(record.traceId) && !namesOther(matcher, [...otlpLeaves(record)]))
      if (!isOwn && !whose) return record
      records.push({ signal: signal === 'logs' ? 'log' : 'span', record })
      return isOwn ? undefined : maskedOtlp(matcher, record)
    })
    if (records.length === 0) return { records, allRecords, left: undefined }
    return { records, allRecords, left: (left && padded(JSON.stringify(left), length)) ?? erased(length) }
  }
}

/** Skips links: they may lead anywhere, and their target may be listed itself. */
const logsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(?:log|json)$/.test(entry.name))
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

/** A line shorter than the marker becomes blank. */
const erased = (length: number): Buffer => padded(ERASED, length) ?? Buffer.alloc(length, ' ')
