/** Makes log lines of what the app writes by `console`, which goes on writing. */
import { format } from 'node:util'
import { type Logger, logs, SeverityNumber } from '@opentelemetry/api'
import { version } from '../../shared/version'
import type { PlainLevel, WriteLine } from './line'

const methods = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
} as const satisfies Record<string, PlainLevel>

const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
}

type Method = (...args: unknown[]) => void

let isCaptured = false

/** Once for a process. No instrumentation knows the console: the log record for the Collector is made here. */
export function captureConsole(writeLine: WriteLine, isWanted: (level: PlainLevel) => boolean): void {
  if (isCaptured) return
  isCaptured = true
  const logger = logs.getLogger('@afn/otel/logs', version)
  for (const [name, level] of Object.entries(methods) as [keyof typeof methods, PlainLevel][]) {
    const original: Method = console[name]
    const captured: Method = function (this: unknown, ...args) {
      Reflect.apply(original, this, args)
      if (isWanted(level)) record(args, level, writeLine, logger)
    }
    Object.defineProperty(captured, 'name', { value: original.name })
    console[name] = captured
  }
}

function record(args: unknown[], level: PlainLevel, writeLine: WriteLine, logger: Logger): void {
  try {
    const message = format(...args)
    writeLine(level, {}, message)
    logger.emit({ severityNumber: severities[level], severityText: level, body: message })
  } catch {
    // what cannot be shown the console has not written either
  }
}
