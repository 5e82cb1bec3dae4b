/**
 * `@afn/otel/logs`: log files of the app, one line of JSON each, redacted before they are written, kept by class.
 */
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Logger } from 'pino'
import { describeEntry, workingDirectory } from '../config/entry'
import { loadSettings } from '../config/load'
import { report } from '../diag/report'
import { createSdkRedactor } from '../sdk/redactor'
import type { CreateLoggerOptions, Pino } from './options'
import { pinoLogger } from './pino-logger'
import { processLogs } from './process'

export type { CreateLoggerOptions, Level, LogOptions } from './options'

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
export function createLogger({ pino = findPino(), options = {}, ...given }: CreateLoggerOptions = {}): Logger {
  const cwd = workingDirectory()
  const { settings } = loadSettings(cwd)
  const level = given.level ?? settings.appLogLevel
  const logs = processLogs({
    given: { folder: given.folder ?? settings.logDir },
    file: settings.logConfig,
    cwd,
  })
  const { sink } = logs
  const logger = pinoLogger({
    pino,
    options: { ...options, level: level ?? logs.config.level },
    redactor: logs.redactor(() => createSdkRedactor(settings).redactor),
    correlation: settings.logCorrelation,
    now: Date.now,
    write: (logClass, line, at) => sink.write(logClass, line, at),
    flush: () => sink.flush(),
    onFailure: why => report('AFN195', `a log line could not be redacted (${why}); it was written without its text`),
  })
  if (level === undefined) logs.follow(logger)
  return logger
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
