// Chunk `instrument-winston`: puts the ids of the active span into winston's records, and makes log records of them. Ours
// instead of OpenTelemetry's, which puts a transport into the app's own list of them: it counts, its listeners count, and a
// logger without transports no longer says so; and its mark on each record is printed by `prettyPrint` (decision 0013).
import { type Context, context, logs } from '@opentelemetry/api'
import { InstrumentationBase, InstrumentationNodeModuleDefinition, isWrapped } from '@opentelemetry/instrumentation'
import { emitLogRecord } from '@opentelemetry/winston-transport/build/src/utils'
import { version } from '../../shared/version'
import { activeIds, holderOf, type LoggingConfig } from './logging'

const LEVEL = Symbol.for('level')

type Info = Record<PropertyKey, unknown>

interface Logger {
  readonly level: string
  readonly levels: Record<string, number>
  write(info: unknown, ...rest: unknown[]): unknown
  push(info: unknown, ...rest: unknown[]): unknown
}

interface Winston {
  createLogger(options: object): Logger
}

export class WinstonInstrumentation extends InstrumentationBase<LoggingConfig> {
  /** Where a record was written; it goes on later when the logger's stream is full. */
  readonly #contexts = new WeakMap<object, Context>()

  constructor(config: LoggingConfig) {
    super('@afn/otel/winston', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition('winston', ['>=3 <4'], (exports: Winston | { default: Winston }) => {
      const { createLogger } = 'createLogger' in exports ? exports : exports.default
      const prototype = holderOf(createLogger({ silent: true }), '_transform')
      if (prototype && !isWrapped(prototype.write)) this.#wrapMethods(prototype)
      return exports
    })
  }

  #wrapMethods(prototype: Logger): void {
    const { disableLogSending, disableLogCorrelation, onFailure } = this.getConfig()
    const logger = logs.getLogger('@opentelemetry/winston-transport', version)
    const contexts = this.#contexts

    this._wrap(prototype, 'write', original => {
      return function write(this: Logger, ...args) {
        const [info] = args
        if (typeof info === 'object' && info !== null) {
          if (!disableLogSending) contexts.set(info, context.active())
          if (!disableLogCorrelation) Object.assign(info, activeIds())
        }
        return Reflect.apply(original, this, args)
      }
    })
    if (disableLogSending) return
    // what the logger's format has made of it, on its way to all transports
    this._wrap(prototype, 'push', original => {
      return function push(this: Logger, ...args) {
        const info = args[0] as Info | null | false
        try {
          if (info && isWanted(info, this)) {
            context.with(contexts.get(info) ?? context.active(), emitLogRecord, undefined, info, logger)
          }
        } catch (error) {
          onFailure?.(error)
        }
        return Reflect.apply(original, this, args)
      }
    })
  }
}

/** As a transport without a level of its own would take it. */
function isWanted(info: Info, { level, levels }: Logger): boolean {
  if (info.exception === true) return false
  return !level || (levels[level] as number) >= (levels[info[LEVEL] as string] as number)
}
