import { writeSync } from 'node:fs'
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
    writeSync(2, `[@afn/otel] ${code} ${line}\n`)
  } catch {
    // stderr may be closed or a full pipe; a diagnostic is not worth the app's exception
  }
}

/** What was reported so far, oldest first. */
export function diagnostics(): Diagnostic[] {
  return [...seen.values()]
}

/** The first line of an error's message, for diagnostics. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.split('\n', 1)[0] ?? ''
}

/** An LLM call that the tap could not follow; said by the preload and by `./sdk`. */
export function unobserved(error: unknown, where: string): void {
  report('AFN150', `an LLM call could not be observed (${where}: ${reason(error)}); the call itself is untouched`)
}
