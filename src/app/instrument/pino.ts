// Chunk `instrument-pino`: puts the ids of the active span into pino's lines, and makes log records of the lines. Ours instead
// of OpenTelemetry's, which wraps `pino()`, gives each logger a mixin, and puts a multistream in the place of its destination:
// `flush()` then writes nothing, and formatters and merge strategies of the app see other objects (decision 0013). Here
// the two methods of the prototype of all loggers are wrapped through which each line goes, and loggers are what they were.
import { InstrumentationBase, InstrumentationNodeModuleDefinition, isWrapped } from '@opentelemetry/instrumentation'
import { version } from '../../shared/version'
import { activeIds, holderOf, type LoggingConfig } from './logging'
import { type LineFormat, PinoRecords } from './pino-records'

/** A logger; its parts have symbols for names. */
interface Logger {
  readonly levels: { readonly values: Record<string, number>; readonly labels: Record<number, string> }
  [part: symbol]: unknown
}

type Time = 'epochTime' | 'unixTime' | 'isoTime' | 'nullTime'

interface Pino {
  (options: object, destination: object): Logger
  readonly stdTimeFunctions: Readonly<Record<Time, unknown>>
  readonly symbols: Readonly<Record<'asJsonSym' | 'writeSym' | 'hooksSym' | 'endSym', symbol>> & Record<string, symbol>
}

type Hook = (line: string) => string
type AsJson = (this: Logger, merged: object, message: unknown, level: number, time: string) => string
type Write = (this: Logger, ...args: unknown[]) => void

export class PinoInstrumentation extends InstrumentationBase<LoggingConfig> {
  readonly #records = new LogRecords(error => this.getConfig().onFailure?.(error))

  constructor(config: LoggingConfig) {
    super('@afn/otel/pino', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition('pino', ['>=5.14.0 <11'], (exports: Pino | { default: Pino }) => {
      const pino = typeof exports === 'function' ? exports : exports.default
      // all loggers inherit from one object, which is nowhere to be had but from a logger
      const prototype = holderOf(pino({ level: 'silent' }, { write() {} }), pino.symbols.asJsonSym)
      if (prototype && !isWrapped(prototype[pino.symbols.asJsonSym])) this.#wrapMethods(prototype, pino)
      return exports
    })
  }

  #wrapMethods(prototype: Logger, pino: Pino): void {
    const { asJsonSym, writeSym, hooksSym, endSym } = pino.symbols
    const { disableLogSending, disableLogCorrelation } = this.getConfig()
    const records = this.#records
    /** Of the logger that writes right now, when its app changes lines by a hook: the record is made of what that gives. */
    let hooked: { readonly logger: Logger; level: number } | undefined

    this._wrap(prototype as Record<symbol, AsJson>, asJsonSym, original => {
      return function asJson(this: Logger, ...args) {
        records.lastLogger = this
        const line = Reflect.apply(original, this, args)
        const [merged, , level] = args
        if (hooked?.logger === this) hooked.level = level
        else if (!disableLogSending) records.emit(line, level, this, pino)
        return disableLogCorrelation ? line : withIds(line, this[endSym], merged)
      }
    })
    if (disableLogSending) return
    this._wrap(prototype as Record<symbol, Write>, writeSym, original => {
      return function write(this: Logger, ...args) {
        const hooks = this[hooksSym] as { readonly streamWrite?: Hook } | undefined
        if (typeof hooks?.streamWrite !== 'function') return Reflect.apply(original, this, args)
        const outer = hooked
        const mine = { logger: this, level: Number.NaN }
        hooked = mine
        const before = Object.getOwnPropertyDescriptor(this, hooksSym)
        this[hooksSym] = {
          ...hooks,
          streamWrite: (line: string) => {
            const changed = Reflect.apply(hooks.streamWrite as Hook, hooks, [line])
            records.emit(changed, mine.level, this, pino)
            return changed
          },
        }
        try {
          return Reflect.apply(original, this, args)
        } finally {
          hooked = outer
          if (before) Object.defineProperty(this, hooksSym, before)
          else delete this[hooksSym]
        }
      }
    })
  }
}

/** The line with the ids of the active span before its end; names that the app writes itself stay its own. */
function withIds(line: string, end: unknown, merged: object): string {
  const ids = activeIds()
  if (!ids || typeof end !== 'string' || !line.endsWith(end)) return line
  const text = Object.entries(ids).map(([name, value]) => (Object.hasOwn(merged, name) ? '' : `,"${name}":"${value}"`))
  return line.slice(0, -end.length) + text.join('') + end
}

class LogRecords {
  readonly #records = new PinoRecords()
  /** For each logger and its children. */
  readonly #formats = new WeakMap<object, LineFormat>()

  /**
   * Held, and with it what its destination has not written yet: at the end pino writes that unless it has been collected, and
   * our flush before the end gives the collector time.
   */
  lastLogger: Logger | undefined

  constructor(private readonly failed: (error: unknown) => void) {}

  /** Never throws: the line is on its way to the app's destination. */
  emit(line: unknown, level: number, logger: Logger, pino: Pino): void {
    try {
      const format = this.#formats.get(logger.levels) ?? formatOf(logger, pino)
      this.#formats.set(logger.levels, format)
      if (typeof line === 'string') this.#records.emit(line, level, format)
    } catch (error) {
      this.failed(error)
    }
  }
}

function formatOf(logger: Logger, { symbols, stdTimeFunctions }: Pino): LineFormat {
  const { messageKeySym, errorKeySym, timeSym } = symbols as Record<string, symbol>
  const time = logger[timeSym as symbol]
  const name = (Object.keys(millisOf) as Time[]).find(name => stdTimeFunctions[name] === time)
  return {
    messageKey: logger[messageKeySym as symbol] as string,
    errorKey: logger[errorKeySym as symbol] as string,
    labels: logger.levels.labels,
    millis: name ? millisOf[name] : () => Number.NaN,
  }
}

/** What pino's own functions write as `time`. */
const millisOf: Readonly<Record<Time, (time: unknown) => number>> = {
  epochTime: time => time as number,
  unixTime: time => (time as number) * 1_000,
  isoTime: time => new Date(time as string).getTime(),
  nullTime: () => Date.now(),
}
