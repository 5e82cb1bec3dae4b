import { type BigIntStats, fstatSync, writeSync } from 'node:fs'
import type { Code } from './codes'

/** One thing that went wrong: how often, and what was said first. */
export interface Diagnostic {
  readonly code: Code
  readonly message: string
  readonly firstAt: string
  count: number
}

const seen = new Map<Code, Diagnostic>()
let silent = false
/** What descriptor 2 was at the start: an app may close it, and the next file that it opens gets the number. */
const stderr = whatIs2()

/** Removes our lines from stderr; they stay in the status record. */
export function silence(): void {
  silent = true
}

/**
 * Records a failure of ours and says it once on stderr: `[@afn/otel] AFN1xx message`, one line a code and process.
 * Never throws, never goes through the app's console or loggers (they may be instrumented, and would report into
 * the very pipe that is failing).
 */
export function report(code: Code, message: string): void {
  const known = seen.get(code)
  if (known) {
    known.count++
    return
  }
  const line = message.replace(/\s*\n\s*/g, ' ')
  seen.set(code, { code, message: line, firstAt: new Date().toISOString(), count: 1 })
  if (silent) return
  try {
    const now = whatIs2()
    if (!now || now.dev !== stderr?.dev || now.ino !== stderr.ino) return
    writeSync(2, `[@afn/otel] ${code} ${line}\n`)
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
export function nobodyMarked(): void {
  report(
    'AFN163',
    'setUser() was called outside of every span, so that nothing is marked; call it inside of a request, withConversation() or withAgent()',
  )
}

/** A piece of the app's work that could not be recorded; said by the preload and by `./sdk`. */
export function unrecorded(error: unknown): void {
  report('AFN162', `work could not be recorded as it should (${reason(error)}); the app's function ran all the same`)
}

/** An LLM call that the tap could not follow; said by the preload and by `./sdk`. */
export function unobserved(error: unknown, where: string): void {
  report('AFN150', `an LLM call could not be observed (${where}: ${reason(error)}); the call itself is untouched`)
}
