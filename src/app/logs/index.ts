/**
 * `@afn/otel/logs`: log files of the app, one line of JSON each, redacted before they are written, kept by class.
 */
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Writable } from 'node:stream'
import type { Logger } from 'pino'
import { describeEntry, workingDirectory } from '../../shared/config/entry'
import { report } from '../../shared/diag/report'
import { loadSettings } from '../load-settings'
import { createSdkRedactor } from '../sdk/redactor'
import { captureConsole } from './console'
import { lineWriter } from './line'
import { type CreateLoggerOptions, type LogOptions, levels, type Pino, type SetupOptions } from './options'
import { pinoLogger } from './pino-logger'
import { processLogs } from './process'
import { FilesTransport } from './winston-transport'

export type { CreateLoggerOptions, Level, LogOptions, SetupOptions } from './options'

/**
 * A logger of the app's own pino, with its lines in files by class: `backend.log` (information and warnings), `error.log`, `debug.log`
 * where the level asks for them, and `audit.log` for lines with `'afn.audit': true`. A line is written before the call returns.
 * Personal data and secrets are removed from message and fields first; the ids of the active span stand in each line.
 * @returns a logger of pino. No failure of a disk or a folder reaches the app: lines wait in memory then (AFN191)
 * @throws Error where there is no pino, or an option of pino's is not right
 * @example
 * const logger = createLogger()
 * logger.info({ orderId }, 'order shipped')
 */
export function createLogger({ pino = findPino(), options = {}, ...logOptions }: CreateLoggerOptions = {}): Logger {
  const { logs, level, parts } = openLogs(logOptions)
  const logger = pinoLogger({
    ...parts,
    pino,
    options: { ...options, level: level ?? logs.config.level },
    now: Date.now,
    flush: () => logs.sink.flush(),
  })
  if (level === undefined) logs.follow(logger)
  return logger
}

/**
 * `createLogger()` in one line of an app's start, and on request what the app writes by `console` in the same files.
 * @throws Error as createLogger() does
 * @example
 * const logger = setupObservabilityLogging({ console: true })
 */
export function setupObservabilityLogging({ console = false, ...logOptions }: SetupOptions = {}): Logger {
  const logger = createLogger(logOptions)
  if (console) captureConsole(lineWriter(openLogs(logOptions).parts), level => logger.isLevelEnabled(level))
  return logger
}

/**
 * A transport for winston that writes the same files in the same way. Other transports of the logger are not changed: they write
 * the arguments that they receive.
 * @example
 * winston.createLogger({ transports: [winstonTransport()] })
 */
export function winstonTransport(options: LogOptions = {}): Writable & { log(info: object, next: () => void): void } {
  const { logs, level, parts } = openLogs(options)
  const lowest = () => levels.indexOf(level ?? logs.config.level)
  return new FilesTransport(lineWriter(parts), level => levels.indexOf(level) >= lowest())
}

function openLogs(options: LogOptions) {
  const cwd = workingDirectory()
  const { settings } = loadSettings(cwd)
  const source = { code: { folder: options.folder ?? settings.logDir }, file: settings.logConfig, cwd }
  const logs = processLogs(source)
  const { sink } = logs
  const parts = {
    redactor: logs.redactor(() => createSdkRedactor(settings).redactor),
    correlation: settings.logCorrelation,
    write: sink.write.bind(sink),
    onFailure: (why: string) =>
      report('AFN195', `a log line could not be redacted (${why}); it was written without its text`),
  }
  return { logs, level: options.level ?? settings.appLogLevel, parts }
}

/** From files of the app, since what ours require is not instrumented; last from our package, whose peer it is. */
function findPino(): Pino {
  const cwd = workingDirectory()
  for (const folder of [describeEntry(cwd).directory, cwd, path.dirname(__dirname)]) {
    try {
      return createRequire(path.join(folder, 'index.js'))('pino') as Pino
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  const message = 'createLogger() needs pino, which is not installed; npm install pino, or give it as { pino }'
  report('AFN193', message)
  throw new Error(message)
}
