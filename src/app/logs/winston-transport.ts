/** A transport for the app's own winston. It needs nothing of winston: a transport is a stream of objects that has `log()`. */
import { Writable } from 'node:stream'
import type { PlainLevel, WriteLine } from './line'

interface Info {
  readonly level?: unknown
  readonly message?: unknown
  readonly [field: string]: unknown
}

/** Of winston's own levels, of npm's and of syslog's. */
const plain: Readonly<Record<string, PlainLevel>> = {
  emerg: 'error',
  alert: 'error',
  crit: 'error',
  fatal: 'error',
  error: 'error',
  warning: 'warn',
  warn: 'warn',
  notice: 'info',
  info: 'info',
  http: 'info',
  verbose: 'debug',
  debug: 'debug',
  silly: 'debug',
  trace: 'debug',
}

const LEVEL = Symbol.for('level')

export class FilesTransport extends Writable {
  constructor(
    private readonly writeLine: WriteLine,
    private readonly isWanted: (level: PlainLevel) => boolean,
  ) {
    super({ objectMode: true })
  }

  /** As winston calls a transport. Never throws. */
  log(info: Info, next: () => void): void {
    // a format that colours the level leaves the name under the symbol
    const name = (info as Record<symbol, unknown>)[LEVEL] ?? info.level
    const level = plain[String(name)] ?? 'info'
    if (this.isWanted(level)) {
      const { level: _, message, ...fields } = info
      this.writeLine(level, fields, typeof message === 'string' ? message : (JSON.stringify(message) ?? ''))
    }
    next()
  }

  override _write(info: Info, _: string, next: () => void): void {
    this.log(info, next)
  }
}
