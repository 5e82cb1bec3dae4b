// Chunk `instrument-fastify`: tells the HTTP server's span which route Fastify's router found, and which error it answers; nothing
// of the app is wrapped. Fastify's own instrumentation, which makes a span of each hook and handler, is used only when the settings
// want those spans: it changes what handlers throw and what hooks see (decision 0012).
import Module from 'node:module'
import path from 'node:path'
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation'
import { activeRequest, noteError } from './request-error'

type Plugin = ReturnType<FastifyOtelInstrumentation['plugin']>
type Instance = Parameters<Plugin>[0]

/** What all errors of a request come through: thrown, rejected, sent, in a hook or in a handler. Fastify 3 has no such file. */
interface ErrorHandling {
  handleError(reply: unknown, error: unknown, ...rest: unknown[]): unknown
}

/** find-my-way, Fastify's router: `store` is what Fastify keeps with a route. */
interface Router {
  find(...args: unknown[]): { readonly store?: unknown } | null
}

const theirs = path.join(path.sep, 'node_modules', '@fastify', 'otel', path.sep)

export class FastifyInstrumentation extends FastifyOtelInstrumentation {
  override init(): InstrumentationNodeModuleDefinition[] {
    return [
      new InstrumentationNodeModuleDefinition('find-my-way', ['>=4 <11'], (router: { prototype: Router }) => {
        this._wrap(router.prototype, 'find', original => {
          return function find(this: Router, ...args) {
            const found = Reflect.apply(original, this, args)
            noteRoute(found?.store)
            return found
          }
        })
        return router
      }),
      new InstrumentationNodeModuleDefinition('fastify', ['>=4 <7'], undefined, undefined, [
        new InstrumentationNodeModuleFile(
          'fastify/lib/error-handler.js',
          ['>=4 <7'],
          (handling: ErrorHandling) => {
            // one function more in the stack of what Fastify fails with itself, and not two
            const { handleError: original } = handling
            handling.handleError = function handleError(this: unknown, _reply, error) {
              noteError(error)
              return Reflect.apply(original, this, arguments)
            }
            return handling
          },
          () => {},
        ),
      ]),
    ]
  }

  /** Called for each server that Fastify makes, where the settings want a span of each hook. */
  override plugin(): Plugin {
    const plugin = super.plugin()
    return (instance, options, done) => {
      // the app makes the spans itself
      if (Object.keys((Module as unknown as { _cache: object })._cache).some(file => file.includes(theirs)))
        return done()
      undecorated(instance, () => plugin(instance, options, done))
      chaining(instance)
    }
  }
}

/** Routes have their pattern in `config`; what answers for a path that no route has is none. */
function noteRoute(store: unknown): void {
  const url = (store as { config?: { url?: unknown } } | null | undefined)?.config?.url
  const request = typeof url === 'string' ? activeRequest() : undefined
  if (request) request.route = url as string
}

/** The decoration is for the code of those who register the plugin themselves. */
function undecorated(instance: Instance, work: () => void): void {
  const { decorateRequest } = instance
  instance.decorateRequest = function (this: Instance, name: unknown, ...rest: unknown[]) {
    return name === 'opentelemetry' ? instance : Reflect.apply(decorateRequest, this, [name, ...rest])
  } as Instance['decorateRequest']
  try {
    work()
  } finally {
    instance.decorateRequest = decorateRequest
  }
}

/** Theirs returns nothing, and the app goes on with what it returns. */
function chaining(instance: Instance): void {
  const { setNotFoundHandler } = instance
  instance.setNotFoundHandler = function (this: Instance, ...args: unknown[]) {
    Reflect.apply(setNotFoundHandler, this, args)
    return this
  } as Instance['setNotFoundHandler']
}
