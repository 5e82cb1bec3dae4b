/** A line as pino would write it, for loggers that are not pino. */
import { hostname } from 'node:os'
import { reason } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { auditAttribute, type LogClass } from '../../shared/tiers'
import { activeIds } from '../instrument/logging'

export interface LineParts {
  readonly redactor: Redactor
  /** Whether the ids of the active span are written. */
  readonly correlation: boolean
  readonly write: (logClass: LogClass, line: string, at: number) => void
  readonly onFailure: (reason: string) => void
}

export type PlainLevel = 'debug' | 'info' | 'warn' | 'error'

export type WriteLine = (level: PlainLevel, fields: Record<string, unknown>, message: string) => void

const base = { pid: process.pid, hostname: hostname() }
const FAILED = '[REDACTION_FAILED]'

/** @returns never throws */
export function lineWriter({ redactor, correlation, write, onFailure }: LineParts): WriteLine {
  return (level, fields, message) => {
    const at = Date.now()
    const first = { level, time: new Date(at).toISOString() }
    try {
      const clean = redactor.attributes(plainOf(fields))
      const ids = correlation && clean.trace_id === undefined ? activeIds() : undefined
      const line = { ...first, ...base, ...clean, ...first, msg: redactor.text(message), ...ids }
      write(clean[auditAttribute] === true ? 'audit' : level, `${JSON.stringify(line)}\n`, at)
    } catch (error) {
      onFailure(reason(error))
      write(level, `${JSON.stringify({ ...first, ...base, msg: FAILED })}\n`, at)
    }
  }
}

/** What JSON has of it: errors with their text, no circles, no bigints. */
function plainOf(fields: Record<string, unknown>): Record<string, unknown> {
  const ancestors: unknown[] = []
  const text = JSON.stringify(fields, function (this: unknown, _, value: unknown) {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop()
    if (ancestors.includes(value)) return '[Circular]'
    const plain = value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value
    ancestors.push(plain)
    return plain
  })
  return JSON.parse(text)
}
