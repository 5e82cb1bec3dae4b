// Chunk `instrument-bunyan`: puts the ids of the active span into bunyan's records, and makes log records of them. Ours
// instead of OpenTelemetry's, which replaces the class and adds a stream to each logger, so that the app sees one more in
// `streams` and `levels()` (decision 0013).
import { InstrumentationBase, InstrumentationNodeModuleDefinition, isWrapped } from '@opentelemetry/instrumentation'
import { OpenTelemetryBunyanStream } from '@opentelemetry/instrumentation-bunyan'
import { version } from '../../shared/version'
import { activeIds, type LoggingConfig } from './logging'

type Emit = (this: unknown, record: Record<string, unknown>, noEmit?: boolean) => unknown

interface Bunyan {
  readonly prototype: { _emit: Emit }
}

export class BunyanInstrumentation extends InstrumentationBase<LoggingConfig> {
  constructor(config: LoggingConfig) {
    super('@afn/otel/bunyan', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition('bunyan', ['>=1 <2'], (exports: Bunyan | { default: Bunyan }) => {
      const { prototype } = 'prototype' in exports ? exports : exports.default
      if (!isWrapped(prototype._emit)) this.#wrapEmit(prototype)
      return exports
    })
  }

  #wrapEmit(prototype: Bunyan['prototype']): void {
    const { disableLogSending, disableLogCorrelation, onFailure } = this.getConfig()
    const records = new OpenTelemetryBunyanStream()
    this._wrap(prototype, '_emit', original => {
      return function _emit(this: unknown, ...args) {
        const [record, noEmit] = args
        if (!disableLogCorrelation) Object.assign(record, activeIds())
        try {
          if (!disableLogSending && !noEmit) records.write(record)
        } catch (error) {
          onFailure?.(error)
        }
        return Reflect.apply(original, this, args)
      }
    })
  }
}
