// Chunk `instrument-nestjs-core`: OpenTelemetry's, and what a handler, guard, pipe or interceptor threw. Nest answers such requests
// itself, so that the framework below never sees the exception.
import { type InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation'
import { NestInstrumentation as Upstream } from '@opentelemetry/instrumentation-nestjs-core'
import { noteError } from './request-error'

interface Exports {
  readonly ExceptionsHandler: { readonly prototype: { next(exception: unknown, ...rest: unknown[]): unknown } }
}

export class NestInstrumentation extends Upstream {
  override init(): InstrumentationNodeModuleDefinition {
    const definition = super.init()
    definition.files.push(
      new InstrumentationNodeModuleFile(
        '@nestjs/core/exceptions/exceptions-handler.js',
        definition.supportedVersions,
        (exports: Exports) => {
          this._wrap(exports.ExceptionsHandler.prototype, 'next', original => {
            return function next(this: unknown, exception, ...rest) {
              noteError(exception)
              return Reflect.apply(original, this, [exception, ...rest])
            }
          })
          return exports
        },
        (exports?: Exports) => exports && this._unwrap(exports.ExceptionsHandler.prototype, 'next'),
      ),
    )
    return definition
  }
}
