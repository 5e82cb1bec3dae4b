/**
 * The files of the logs in their folder: `info-2026-11-27-4711.log` is what process 4711 wrote on that day (UTC), and
 * `info-2026-11-27.1-4711.log` what came after the first had its size. A file has one writer for its whole life.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { type LogClass, retention } from '../../shared/tiers'

export interface LogFile {
  readonly path: string
  readonly logClass: LogClass
  /** `2026-11-27`, in UTC. */
  readonly date: string
  /** Number of the file in its day, from 0. */
  readonly part: number
  /** Process id, and in a worker thread its number after `t`. */
  readonly writer: string
}

export const logClasses = Object.keys(retention.logs) as LogClass[]

/** Of a process id no more digits than Linux has: the audit log's own files have eight, of a chain, in its place. */
const NAME = new RegExp(
  `^(${logClasses.join('|')})-(\\d{4}-\\d\\d-\\d\\d)(?:\\.(\\d{1,6}))?-(\\d{1,7}(?:t\\d{1,6})?)\\.log$`,
)

export const fileName = ({ logClass, date, part, writer }: Omit<LogFile, 'path'>): string =>
  `${logClass}-${date}${part > 0 ? `.${part}` : ''}-${writer}.log`

/** @returns undefined for a file that is none of ours */
export function parseName(file: string): LogFile | undefined {
  const match = NAME.exec(path.basename(file))
  if (!match || !isDate(match[2]!)) return undefined
  const [, logClass, date, part = '0', writer] = match
  return { path: file, logClass: logClass as LogClass, date: date!, part: Number(part), writer: writer! }
}

/** In the order of their days, then as they were written. A link is none of them. @throws what readdirSync throws */
export function filesIn(folder: string): LogFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => (entry.isFile() ? (parseName(path.join(folder, entry.name)) ?? []) : []))
    .sort((a, b) => compare(a.date, b.date) || compare(a.writer, b.writer) || a.part - b.part)
}

/** `2026-02-30` is none. */
function isDate(date: string): boolean {
  const time = Date.parse(date)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
