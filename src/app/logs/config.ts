/** What the settings of the logs are, and what they are where nobody says anything. */
import path from 'node:path'
import { type LogClass, retention } from '../../shared/tiers'
import { logClasses } from './names'
import type { Level } from './options'

export interface ClassConfig {
  /** Name of the link to the newest file, in the folder; or an absolute path. */
  readonly file: string
  /** How long its lines are kept, in days. */
  readonly retentionDays: number
  /** Bytes of a file after which a new one is begun. */
  readonly maxBytes: number
}

export interface LogsConfig {
  /** Absolute. */
  readonly folder: string
  readonly level: Level
  readonly classes: Readonly<Record<LogClass, ClassConfig>>
}

/** What a file or the code says; the rest is the default. */
export interface PartialConfig {
  readonly folder?: string | undefined
  readonly level?: Level | undefined
  readonly size?: number | undefined
  readonly classes?: Partial<Record<LogClass, Partial<ClassConfig>>> | undefined
}

const MAX_BYTES = 100 * 1024 * 1024

/** The files that `tail -F` follows: one for each class, and warnings stand with the information of the moment in `backend.log`. */
const links: Readonly<Record<LogClass, string>> = {
  debug: 'debug.log',
  info: 'backend.log',
  warn: 'warn.log',
  error: 'error.log',
  audit: 'audit.log',
}

export function fullConfig(config: PartialConfig, cwd: string): LogsConfig {
  const { folder = 'logs', level = 'info', size = MAX_BYTES, classes = {} } = config
  const of = (logClass: LogClass): [LogClass, ClassConfig] => [
    logClass,
    { file: links[logClass], retentionDays: retention.logs[logClass], maxBytes: size, ...classes[logClass] },
  ]
  return {
    folder: path.resolve(cwd, folder),
    level,
    classes: Object.fromEntries(logClasses.map(of)) as Record<LogClass, ClassConfig>,
  }
}
