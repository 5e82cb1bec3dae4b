/** What an app may say to the loggers of `@afn/otel/logs`. */
import type { LoggerOptions } from 'pino'

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type Level = (typeof levels)[number]
export type Pino = typeof import('pino')

export interface LogOptions {
  /** Folder of the files. Default AFN_LOG_DIR, else that of the file of settings, else `logs` in the working directory. */
  folder?: string
  /** Lowest level that is written. Default LOG_LEVEL, else that of the file of settings, else `info`. */
  level?: Level
}

export interface CreateLoggerOptions extends LogOptions {
  /** Further options of pino: `name`, `base`, `serializers`, `mixin` and the like. What they add is redacted too. */
  options?: Omit<LoggerOptions, 'level' | 'transport'>
  /** The app's pino, where a bundler has put it into a file of the app; elsewhere it is found. */
  pino?: Pino
}

export interface SetupOptions extends CreateLoggerOptions {
  /** Whether what the app writes by `console.log()` and the like becomes log lines too. It is still printed. Default false. */
  console?: boolean
}
