// The levels of log lines, and their colours: red for failures, amber for warnings.
import type { LogLevel } from '../../api/log-answers'
import type { Colour } from './colours'

export const LEVEL_COLOURS: Readonly<Record<LogLevel, Colour>> = {
  fatal: 'bad',
  error: 'bad',
  warn: 'warn',
  info: 0,
  debug: 1,
  trace: 9,
  none: 19,
}
