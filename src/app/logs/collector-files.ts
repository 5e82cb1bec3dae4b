/**
 * The log files of the Collector: `info.json`, a line of OTLP JSON a request, and `info-2026-11-27T03-00-00.000-size.json` for what it has put
 * aside. Its exporter turns to a new file by size alone, so a line's own time decides here when it goes. A line is written over where it stands:
 * the Collector goes on writing at the place that it knows (fileexporter 0.161, timberjack 1.4.7).
 */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { changeLines, padded } from '../../shared/files/lines'
import { replaceFile } from '../../shared/files/replace-file'
import type { LogClass } from '../../shared/tiers'
import { DAY_MS } from './class-file'
import { logClasses } from './names'

const NAME = new RegExp(`^(${logClasses.join('|')})(-\\d{4}-\\d\\d-\\d\\dT[\\w.-]+)?\\.json$`)
/** What the last sweep knows of each file, so that the next one reads what came since. */
const KNOWN = '.swept.json'

export interface CollectorFile {
  readonly path: string
  readonly logClass: LogClass
  /** The Collector writes no more into it. */
  readonly isAside: boolean
}

/** @throws what readdirSync throws */
export const collectorFilesIn = (folder: string): CollectorFile[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const match = entry.isFile() && NAME.exec(entry.name)
    if (!match) return []
    return [{ path: path.join(folder, entry.name), logClass: match[1] as LogClass, isAside: match[2] !== undefined }]
  })

/** Of a file, whatever its name is now. Times in milliseconds since 1970. */
interface FileProgress {
  /** Bytes of the lines that were looked at. */
  read: number
  /** The time of the oldest record that is left. */
  oldest?: number
  /** The latest time that was seen: what comes behind it without one is as old at most. */
  last?: number
}

export interface SweptFiles {
  readonly files: readonly string[]
  readonly records: number
  /** By class, in milliseconds since 1970: the oldest record that is left. */
  readonly oldest: ReadonlyMap<LogClass, number>
}

/**
 * Takes out the records that are older than their class is kept, and the files that have none left. Twice at once does no harm.
 * @param now in ms
 * @throws Error of the system
 */
export function sweepCollectorFiles(folder: string, now: number, daysOf: (logClass: LogClass) => number): SweptFiles {
  const before = knownIn(folder)
  const after: Record<string, FileProgress> = {}
  const gone: string[] = []
  const oldest = new Map<LogClass, number>()
  let records = 0
  for (const file of collectorFilesIn(folder)) {
    const { ino, birthtimeMs, size } = statSync(file.path)
    // a new file may get the inode of one that something else removed
    const key = `${file.logClass} ${ino} ${birthtimeMs}`
    const kept = before[key] ?? { read: 0 }
    const until = now - daysOf(file.logClass) * DAY_MS
    if (size > kept.read) records += look(file, kept, birthtimeMs, until, now)
    // the first look at a file takes out what is old in it, and each later one what has become so
    if (kept.oldest !== undefined && kept.oldest < until) {
      Object.assign(kept, { read: 0, oldest: undefined, last: undefined })
      records += look(file, kept, birthtimeMs, until, now)
    }
    if (file.isAside && kept.oldest === undefined) {
      rmSync(file.path, { force: true })
      gone.push(path.basename(file.path))
      continue
    }
    after[key] = kept
    if (kept.oldest !== undefined)
      oldest.set(file.logClass, Math.min(kept.oldest, oldest.get(file.logClass) ?? Number.POSITIVE_INFINITY))
  }
  replaceFile(path.join(folder, KNOWN), JSON.stringify(after), { mode: 0o640, suffix: `.${process.pid}` })
  return { files: gone, records, oldest }
}

/** @returns how many records are taken out */
function look({ path, isAside }: CollectorFile, known: FileProgress, born: number, until: number, now: number): number {
  let removed = 0
  changeLines(
    path,
    ({ bytes, whole }) => {
      // the break behind the last line may be the first byte of the next file
      if (!whole && !isAside) return undefined
      known.read += bytes.length + 1
      if (isOver(bytes)) return undefined
      const all = removed
      const keep = (record: LogRecord): boolean => {
        const own = timeOf(record, now)
        const time = own ?? known.last ?? born
        if (own !== undefined) known.last = Math.max(own, known.last ?? own)
        if (time < until) removed++
        else known.oldest = Math.min(time, known.oldest ?? time)
        return time >= until
      }
      const request = requestIn(bytes)
      const left = request ? withRecords(request, keep) : keep({})
      return removed > all ? padded(left ? JSON.stringify(left) : NOTHING, bytes.length) : undefined
    },
    known.read,
  )
  return removed
}

interface Request {
  readonly resourceLogs: readonly { readonly scopeLogs?: readonly { readonly logRecords?: readonly LogRecord[] }[] }[]
}
interface LogRecord {
  readonly timeUnixNano?: string
  readonly observedTimeUnixNano?: string
}

/** A request without records, for who reads the file as OTLP. */
const NOTHING = '{}'
const isOver = (bytes: Buffer): boolean => bytes.length < NOTHING.length || bytes.toString('latin1', 0, 2) === NOTHING

/** Undefined for a line that the end of a process has torn. */
function requestIn(bytes: Buffer): Request | undefined {
  try {
    const request = JSON.parse(bytes.toString()) as Partial<Request>
    return { ...request, resourceLogs: request.resourceLogs ?? [] }
  } catch {
    return undefined
  }
}

/** @returns undefined where no record is left */
function withRecords(request: Request, keep: (record: LogRecord) => boolean): Request | undefined {
  const resourceLogs = request.resourceLogs.flatMap(resource => {
    const scopeLogs = (resource.scopeLogs ?? []).flatMap(scope => {
      const logRecords = (scope.logRecords ?? []).filter(keep)
      return logRecords.length > 0 ? [{ ...scope, logRecords }] : []
    })
    return scopeLogs.length > 0 ? [{ ...resource, scopeLogs }] : []
  })
  return resourceLogs.length > 0 ? { ...request, resourceLogs } : undefined
}

/** Undefined where it has none, or one that is still to come: it is as old as the record before it then. */
function timeOf({ timeUnixNano, observedTimeUnixNano }: LogRecord, now: number): number | undefined {
  const ms = (Number(timeUnixNano) || Number(observedTimeUnixNano) || 0) / 1e6
  return ms > 0 && ms < now + DAY_MS ? ms : undefined
}

function knownIn(folder: string): Record<string, FileProgress> {
  try {
    return JSON.parse(readFileSync(path.join(folder, KNOWN), 'utf8')) as Record<string, FileProgress>
  } catch {
    return {}
  }
}
