import { type BigIntStats, fstatSync, writeSync } from 'node:fs'
import type { Code } from './codes'

/** A failure of one code. Failures that differ only in long numbers or identifiers are the same one. */
export interface Diagnostic {
  readonly code: Code
  /** One line of at most 1,000 characters, as it was first reported. */
  readonly message: string
  /** ISO 8601. */
  readonly firstAt: string
  /** ISO 8601. */
  lastAt: string
  count: number
}

interface RecordedDiagnostic extends Diagnostic {
  printed: boolean
}

/** Different failures of a code that are recorded one by one; all others of the code share one more record. */
const failuresOfACode = 32
/** Lines on stderr a minute. A failure that found no room is printed when it comes again. */
const linesAMinute = 20
const lastLine = ' (further failures of this minute are in status().diagnostics only)'
const minuteMs = 60_000
const longestMessage = 1_000

const seen = new Map<Code, Map<string, RecordedDiagnostic>>()
let silent = false
let lines = { since: Number.NEGATIVE_INFINITY, count: 0 }
/** What descriptor 2 was at the start: an app may close it, and the next file that it opens gets the number. */
const stderr = whatIs2()

/** Removes our lines from stderr; they stay in the status record. */
export function silence(): void {
  silent = true
}

/**
 * Records a failure of ours, and writes one line on stderr for each different failure: `[@afn/otel] AFN1xx message`.
 * At most 20 lines a minute are written, and 32 different failures of a code recorded one by one.
 * Never throws, never goes through the app's console or loggers (they may be instrumented, and would report into
 * the very pipe that is failing).
 */
export function report(code: Code, message: string): void {
  const line = message.replace(/\s*\n\s*/g, ' ').slice(0, longestMessage)
  const entry = entryOf(code, line)
  entry.count++
  entry.lastAt = new Date().toISOString()
  if (entry.printed || silent) return
  const left = linesLeft()
  if (left === 0) return
  entry.printed = true
  write(`[@afn/otel] ${code} ${entry.message}${left === 1 ? lastLine : ''}\n`)
}

function entryOf(code: Code, line: string): RecordedDiagnostic {
  const failures = seen.get(code) ?? new Map<string, RecordedDiagnostic>()
  seen.set(code, failures)
  const isFull = failures.size >= failuresOfACode
  const shape = shapeOf(line)
  const key = failures.has(shape) || !isFull ? shape : ''
  const known = failures.get(key)
  if (known) return known
  const message = isFull ? `further different failures of this code, the first of them: ${line}` : line
  const entry: RecordedDiagnostic = {
    code,
    message,
    firstAt: new Date().toISOString(),
    lastAt: '',
    count: 0,
    printed: false,
  }
  failures.set(key, entry)
  return entry
}

/** Sizes, ids and addresses change from one report of a failure to the next; statuses and ports tell failures apart. */
function shapeOf(line: string): string {
  return line.replace(/\b(?=[\da-f-]*\d)[\da-f-]{16,}\b|\d{6,}/gi, '#')
}

/** How many lines may be written in this minute, the one that is about to be written included. */
function linesLeft(): number {
  const now = performance.now()
  if (now - lines.since > minuteMs) lines = { since: now, count: 0 }
  return Math.max(0, linesAMinute - lines.count++)
}

function write(line: string): void {
  try {
    const now = whatIs2()
    if (!now || now.dev !== stderr?.dev || now.ino !== stderr.ino) return
    writeSync(2, line)
  } catch {
    // stderr may be closed or a full pipe; a diagnostic is not worth the app's exception
  }
}

/** As big integers: the other kind leaves its result where Node 20's require takes a pipe for part of a module's path. */
function whatIs2(): BigIntStats | undefined {
  try {
    return fstatSync(2, { bigint: true })
  } catch {
    return undefined
  }
}

/** What was reported so far, oldest first. */
export function diagnostics(): Diagnostic[] {
  return [...seen.values()]
    .flatMap(failures => [...failures.values()])
    .map(({ printed: _, ...diagnostic }) => diagnostic)
    .sort((a, b) => (a.firstAt < b.firstAt ? -1 : a.firstAt > b.firstAt ? 1 : 0))
}

/** The first line of an error's message, for diagnostics. */
export function reason(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message || error.name : String(error)
    return text.split('\n', 1)[0] ?? ''
  } catch {
    return 'an error that cannot be read'
  }
}

/** Nothing is there that `setUser()` could mark; said by the preload and by `./sdk`. */
export function warnNothingIdentified(): void {
  report(
    'AFN163',
    'setUser() or setTags() was called outside of every span, so that nothing is marked; call it inside of a request, withConversation() or withAgent()',
  )
}

/** A piece of the app's work that could not be recorded; said by the preload and by `./sdk`. */
export function warnNotRecorded(error: unknown): void {
  report('AFN162', `work could not be recorded as it should (${reason(error)}); the app's function ran all the same`)
}

/** An LLM call that the tap could not follow; said by the preload and by `./sdk`. */
export function warnNotObserved(error: unknown, where: string): void {
  report('AFN150', `an LLM call could not be observed (${where}: ${reason(error)}); the call itself is untouched`)
}
