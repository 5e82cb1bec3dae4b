/** Reads log files: which lines a query finds, and what is wrong with a file. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../../shared/files/lines'
import type { LogClass } from '../../shared/tiers'
import { DAY_MS } from './class-file'
import { filesIn, type LogFile } from './names'
import { levels } from './options'

export interface LineFilter {
  readonly classes?: readonly LogClass[] | undefined
  /** The lowest. */
  readonly level?: string | undefined
  readonly trace?: string | undefined
  /** Stands somewhere in the line, in whatever case. */
  readonly text?: string | undefined
  /** ms */
  readonly since?: number | undefined
  /** ms */
  readonly until?: number | undefined
}

interface Line {
  readonly time: number
  readonly text: string
}

/** In the order of their times. @throws Error of the system */
export function* query(folder: string, wanted: LineFilter): Generator<string> {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = wanted
  const files = filesIn(folder).filter(({ date }) => Date.parse(date) + DAY_MS > since && Date.parse(date) < until)
  for (const date of new Set(files.map(file => file.date))) {
    const lines = files.filter(file => file.date === date).flatMap(file => matching(file, wanted))
    for (const { text } of inOrder(lines)) yield text
  }
}

function matching(file: LogFile, wanted: LineFilter): Line[] {
  const lines: Line[] = []
  for (const { bytes } of linesOf(file.path)) {
    const line = match(file, bytes.toString(), wanted)
    if (line) lines.push(line)
  }
  return lines
}

const inOrder = (lines: Line[]): Line[] => lines.sort((a, b) => a.time - b.time)

function match(file: LogFile, text: string, wanted: LineFilter): Line | undefined {
  const { classes, trace } = wanted
  if (classes && !classes.includes(file.logClass)) return undefined
  if (wanted.text !== undefined && !text.toLowerCase().includes(wanted.text.toLowerCase())) return undefined
  const fields = parse(text)
  if (!fields) return undefined
  const rank = rankOf(fields.level)
  // it stands in the file of the warnings too
  if (file.logClass === 'info' && rank === rankOf('warn')) return undefined
  if (wanted.level !== undefined && rank < rankOf(wanted.level)) return undefined
  if (trace !== undefined && fields.trace_id !== trace) return undefined
  const time = timeOf(fields)
  if (wanted.since !== undefined && !(time >= wanted.since)) return undefined
  if (wanted.until !== undefined && !(time < wanted.until)) return undefined
  return { time, text }
}

const timeOf = ({ time }: Record<string, unknown>): number =>
  typeof time === 'number' ? time : Date.parse(String(time))

/** Of a name, or of pino's number. */
const rankOf = (level: unknown): number =>
  typeof level === 'number' ? level / 10 - 1 : levels.indexOf(level as (typeof levels)[number])

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const fields = JSON.parse(text)
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? fields : undefined
  } catch {
    return undefined
  }
}

/** Reads what comes to the files of a folder, through every new day and size, from now on. */
export class Follower {
  /** How far each file was read, and the beginning of a line of which the end has not come. */
  readonly #read = new Map<string, { at: number; rest: Buffer }>()
  readonly #old: ReadonlySet<string>

  constructor(
    private readonly folder: string,
    private readonly wanted: LineFilter,
  ) {
    for (const file of this.#files()) this.#read.set(file.path, { at: sizeOf(file.path), rest: Buffer.alloc(0) })
    this.#old = new Set(this.#read.keys())
  }

  /** What has come since the last time. */
  next(): string[] {
    const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)
    // nobody writes into what was old at the beginning
    const files = this.#files().filter(({ date, path }) => date >= yesterday || !this.#old.has(path))
    const lines = files.flatMap(file => this.#linesOf(file))
    return inOrder(lines).map(({ text }) => text)
  }

  /** A folder that is not there yet has none. */
  #files(): LogFile[] {
    try {
      return filesIn(this.folder)
    } catch {
      return []
    }
  }

  #linesOf(file: LogFile): Line[] {
    const state = this.#read.get(file.path) ?? { at: 0, rest: Buffer.alloc(0) }
    this.#read.set(file.path, state)
    const bytes = readFrom(file.path, state.at)
    if (bytes.length === 0) return []
    state.at += bytes.length
    const all = Buffer.concat([state.rest, bytes])
    const end = all.lastIndexOf(0x0a) + 1
    state.rest = all.subarray(end)
    return all
      .subarray(0, end)
      .toString()
      .split('\n')
      .flatMap(text => match(file, text, this.wanted) ?? [])
  }
}

function sizeOf(file: string): number {
  return withFile(file, handle => fstatSync(handle).size) ?? 0
}

function readFrom(file: string, at: number): Buffer {
  const read = withFile(file, handle => {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - at))
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, at))
  })
  return read ?? Buffer.alloc(0)
}

/** @returns undefined for a file that was swept in the meantime */
function withFile<T>(file: string, act: (handle: number) => T): T | undefined {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch {
    return undefined
  }
  try {
    return act(handle)
  } finally {
    closeSync(handle)
  }
}

export interface Finding {
  /**
   * `torn`: a line that is not whole, or no JSON. `lost`: the process says that it lost lines there. `missing`: a file between two
   * others is not there. `misplaced`: a line of another day.
   */
  readonly kind: 'torn' | 'lost' | 'missing' | 'misplaced'
  readonly file: string
  /** From 1; 0 of a file as a whole. */
  readonly line: number
  /** How many lines were lost. */
  readonly lines?: number
}

export interface Verification {
  readonly files: number
  readonly lines: number
  readonly findings: readonly Finding[]
}

/** @throws Error of the system */
export function verify(folder: string): Verification {
  const all = filesIn(folder)
  const findings: Finding[] = [...missing(all)]
  let lines = 0
  for (const file of all) {
    const name = path.basename(file.path)
    const inFile = { line: 0, misplaced: 0 }
    for (const { bytes, whole } of linesOf(file.path)) {
      inFile.line++
      const fields = whole ? parse(bytes.toString()) : undefined
      if (!fields) findings.push({ kind: 'torn', file: name, line: inFile.line })
      else if (typeof fields['afn.logs.dropped'] === 'number')
        findings.push({ kind: 'lost', file: name, line: inFile.line, lines: fields['afn.logs.dropped'] })
      else if (Math.floor(timeOf(fields) / DAY_MS) * DAY_MS !== Date.parse(file.date) && inFile.misplaced++ === 0)
        findings.push({ kind: 'misplaced', file: name, line: inFile.line })
    }
    lines += inFile.line
  }
  return { files: all.length, lines, findings }
}

/** A process numbers the files of a day and class from 0. */
function* missing(all: readonly LogFile[]): Generator<Finding> {
  const next = new Map<string, number>()
  for (const { logClass, date, part, writer } of [...all].sort((a, b) => a.part - b.part)) {
    const series = `${logClass}-${date}-${writer}`
    for (let lost = next.get(series) ?? 0; lost < part; lost++)
      yield { kind: 'missing', file: `${logClass}-${date}${lost > 0 ? `.${lost}` : ''}-${writer}.log`, line: 0 }
    next.set(series, part + 1)
  }
}
