/**
 * A logger of the app's own pino, whose lines are redacted, have the ids of the active span, and go to a sink. What is redacted is what
 * pino is about to write: after its serializers and its mixin, so that nothing comes in behind the redactor.
 */
import type { Logger, LoggerOptions } from 'pino'
import { reason } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { auditAttribute, type LogClass } from '../../shared/tiers'
import { activeIds } from '../instrument/logging'
import type { Pino } from './options'

export interface PinoParts {
  readonly pino: Pino
  readonly options: LoggerOptions
  readonly redactor: Redactor
  /** Whether the ids of the active span are written. */
  readonly correlation: boolean
  readonly now: () => number
  readonly write: (logClass: LogClass, line: string, at: number) => void
  readonly flush: () => void
  readonly onFailure: (reason: string) => void
}

type Fields = Record<string, unknown>
type AsJson = (this: object, fields: Fields, message: unknown, level: number, time: string) => string
type Serializers = Record<PropertyKey, ((value: unknown) => unknown) | undefined>

/** What pino keeps of a logger under its symbols; a child inherits from its parent. */
interface Parts {
  readonly serializers: Serializers
  readonly formatters: { readonly log?: (fields: Fields) => Fields }
}

/** What is bound to a logger, redacted. */
interface Bound {
  /** Of which it was made. */
  readonly bindings: string
  readonly text: string
  readonly isAudit: boolean
}

const boundSymbol = Symbol('afn.bound')
/** What of a logger may be another than that of its parent, and is read when a line is written. */
const ofChild = ['stringify', 'stringifiers', 'lsCache']

const FAILED = '[REDACTION_FAILED]'

/** @throws what pino throws about its options */
export function pinoLogger({ pino, options, redactor, correlation, now, write, flush, onFailure }: PinoParts): Logger {
  let at = 0
  let logClass: LogClass = 'info'
  const { timestamp, hooks } = options
  const logger = pino(
    {
      ...options,
      // applied below, behind the log record of the preload's instrumentation
      ...(hooks?.logMethod ? { hooks: { logMethod: hooks.logMethod } } : { hooks: {} }),
      formatters: { level: label => ({ level: label }), ...options.formatters },
      timestamp: () => {
        at = now()
        if (typeof timestamp === 'function') return timestamp()
        return timestamp === false ? '' : isoTime(at)
      },
    },
    {
      write: (line: string) => write(logClass, hooks?.streamWrite ? hooks.streamWrite(line) : line, at),
      flush: (done?: (error?: Error) => void) => {
        flush()
        done?.()
      },
      flushSync: flush,
    } as { write(line: string): void },
  )
  const symbols = pino.symbols as Record<string, symbol>
  const symbol = (name: string) => symbols[`${name}Sym`] as symbol
  const [asJson, bindings, serializers, formatters, time] = [
    'asJson',
    'chindings',
    'serializers',
    'formatters',
    'time',
  ].map(symbol)
  const [stringify, stringifySafe, messageKey, errorKey, end] = [
    'stringify',
    'stringifySafe',
    'messageKey',
    'errorKey',
    'end',
  ].map(symbol)
  const prototype = Object.getPrototypeOf(logger)
  const childSymbols = ofChild.map(symbol)
  /** What pino's writer of lines gets in the place of each logger, since its arguments are redacted already. */
  const view = Object.create(logger)
  view[serializers!] = Object.create(null)
  view[formatters!] = {}
  // by which the preload's instrumentation knows how the time of a line is written
  if (timestamp === undefined) view[time!] = pino.stdTimeFunctions.isoTime

  const ofAll = (logger as unknown as Record<symbol, string>)[bindings!] as string
  let base: Bound | undefined

  /** Of a child the part behind what all loggers have alone: a child is made for each request. */
  function boundOf(text: string, base: Bound | undefined): Bound {
    const before = base && text.startsWith(base.bindings) ? base : undefined
    const own = text.slice(before?.bindings.length ?? 0)
    if (own === '') return { bindings: text, text: before?.text ?? '', isAudit: before?.isAudit ?? false }
    // by parsing: a name that a child has from its parent too stands twice in the text
    const clean = redactor.attributes(JSON.parse(`{${own.slice(1)}}`) as Fields)
    return {
      bindings: text,
      text: (before?.text ?? '') + textOfBindings(clean),
      isAudit: clean[auditAttribute] === true || (before?.isAudit ?? false),
    }
  }

  function currentBound(of: Record<symbol, unknown>): Bound {
    const known = of[boundSymbol] as Bound | undefined
    const text = of[bindings!] as string
    if (known?.bindings === text) return known
    base ??= boundOf(ofAll, undefined)
    const bound = boundOf(text, base)
    of[boundSymbol] = bound
    return bound
  }

  /** The fields as JSON has them, redacted. */
  function redactedFields(of: Record<symbol, unknown>, { serializers, formatters }: Parts, logged: Fields): Fields {
    const fields = formatters.log ? formatters.log(logged) : logged
    let plain = fields
    for (const key in fields) {
      if (!Object.hasOwn(fields, key)) continue
      let value = fields[key]
      const serialize = serializers[key] ?? (key === of[errorKey!] ? serializers.err : undefined)
      if (serialize) value = serialize(value)
      if (typeof value === 'object' && value !== null) value = jsonOf(of, value)
      if (value === fields[key]) continue
      if (plain === fields) plain = { ...fields }
      plain[key] = value
    }
    return redactor.attributes(plain)
  }

  function redactedMessage(of: Record<symbol, unknown>, { serializers }: Parts, logged: unknown): unknown {
    if (logged === undefined) return undefined
    const key = of[messageKey!] as string
    const message = serializers[key] ? serializers[key](logged) : logged
    if (typeof message === 'string') return redactor.text(message)
    return redactor.value(key, typeof message === 'object' && message !== null ? jsonOf(of, message) : message)
  }

  function jsonOf(of: Record<symbol, unknown>, value: object): unknown {
    const text = (of[stringify!] as (value: object, safe: unknown) => string | undefined)(value, of[stringifySafe!])
    return text === undefined ? undefined : JSON.parse(text)
  }

  const redactedAsJson: AsJson = function (this, fields, message, level, time) {
    const of = this as Fields & Record<symbol, unknown>
    // looked up each time: OpenTelemetry's instrumentation puts its own there
    const original = prototype[asJson!] as AsJson
    try {
      const bound = currentBound(of)
      const parts = {
        serializers: of[serializers!] as Serializers,
        formatters: of[formatters!] as Parts['formatters'],
      }
      const clean = redactedFields(of, parts, fields)
      const text = redactedMessage(of, parts, message)
      const isAudit = bound.isAudit || clean[auditAttribute] === true
      view[bindings!] = bound.text
      view.levels = of.levels
      for (const part of childSymbols) view[part] = of[part]
      // behind everything that the app may do in between, such as to write another line
      logClass = isAudit ? 'audit' : classOf(level)
      const line = Reflect.apply(original, view, [clean, text, level, time])
      return correlation ? withIds(line, of[end!] as string) : line
    } catch (error) {
      onFailure(reason(error))
      logClass = classOf(level)
      const bare = Object.create(of, { [bindings!]: { value: '' } })
      return Reflect.apply(original, bare, [{}, FAILED, level, time])
    }
  }
  Object.defineProperty(logger, asJson!, { value: redactedAsJson, writable: true, configurable: true })
  return logger
}

/** Of pino's numbers. */
const classOf = (level: number): LogClass =>
  level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug'

const textOfBindings = (bound: Fields): string => {
  const text = JSON.stringify(bound)
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}

/** The preload may have written them already, or the app its own. */
function withIds(line: string, end: string): string {
  const ids = activeIds()
  if (!ids || line.includes(`"trace_id":"${ids.trace_id}"`)) return line
  const { trace_id, span_id, trace_flags } = ids
  return `${line.slice(0, -end.length)},"trace_id":"${trace_id}","span_id":"${span_id}","trace_flags":"${trace_flags}"${end}`
}

let last = { at: Number.NaN, text: '' }

/** Lines of one millisecond share it. */
function isoTime(at: number): string {
  if (at !== last.at) last = { at, text: `,"time":"${new Date(at).toISOString()}"` }
  return last.text
}
