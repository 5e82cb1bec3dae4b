// Chunk `instrument-nestjs-core`: OpenTelemetry's, and what a handler, guard, pipe or interceptor threw. Nest answers such requests
// itself, so that the framework below never sees the exception.
import { InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation'
import { NestInstrumentation as Upstream } from '@opentelemetry/instrumentation-nestjs-core'
import { noteError } from './request-error'

type Method = (this: unknown, exception: unknown, ...rest: unknown[]) => unknown

interface Handling {
  readonly ExceptionsHandler: { readonly prototype: { next: Method } }
}

interface Core {
  readonly BaseExceptionFilter: { readonly prototype: { catch: Method } }
}

export class NestInstrumentation extends Upstream {
  // typed as theirs, which has one; the base class takes several
  override init(): InstrumentationNodeModuleDefinition {
    const definition = super.init()
    definition.files.push(
      new InstrumentationNodeModuleFile(
        '@nestjs/core/exceptions/exceptions-handler.js',
        definition.supportedVersions,
        (exports: Handling) => {
          this._wrap(exports.ExceptionsHandler.prototype, 'next', noting)
          return exports
        },
        (exports?: Handling) => exports && this._unwrap(exports.ExceptionsHandler.prototype, 'next'),
      ),
    )
    // ES modules, of which only what the package exports can be had: the filter for what no filter of the app takes
    const modules = new InstrumentationNodeModuleDefinition('@nestjs/core', ['>=12 <13'], (exports: Core) => {
      this._wrap(exports.BaseExceptionFilter.prototype, 'catch', noting)
      return exports
    })
    return [definition, modules] as unknown as InstrumentationNodeModuleDefinition
  }
}

function noting(original: Method): Method {
  return function (exception, ...rest) {
    noteError(exception)
    return Reflect.apply(original, this, [exception, ...rest])
  }
}
