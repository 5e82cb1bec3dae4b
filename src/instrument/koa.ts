// Chunk `instrument-koa`: OpenTelemetry's, which puts a function around each middleware. Where the settings want no span for each,
// theirs puts none, and so knows no route; ours tells the HTTP server's span the route, and what a middleware threw.
import { KoaInstrumentation as Upstream } from '@opentelemetry/instrumentation-koa'
import { activeRequest, noteError } from './request-error'

interface Config {
  /** Whether each middleware gets a span. Default false. */
  readonly spans?: boolean
}

interface Context {
  readonly originalUrl: string
  readonly path: string
  /** Set by koa-mount. */
  readonly mountPath?: unknown
  /** Set by @koa/router before the handlers of a route run: its path, or its expression. */
  readonly _matchedRoute?: string | RegExp
}

type Middleware = (this: unknown, context: Context, next: () => Promise<unknown>) => unknown

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  getConfig(): Config
  _patchLayer(middleware: Middleware, isRouter: boolean, path?: string): Middleware
}

/** A middleware can be used twice, and what is put around it as well. */
const layers = new WeakMap<Middleware, Middleware>()

export class KoaInstrumentation extends (Upstream as unknown as typeof Internals) {
  override _patchLayer(middleware: Middleware, isRouter: boolean, path?: string): Middleware {
    const layer = isGenerator(middleware) ? middleware : (layers.get(middleware) ?? noted(middleware))
    return this.getConfig().spans ? super._patchLayer(layer, isRouter, path) : layer
  }
}

/** Koa 2 makes middleware of such a function itself. */
const isGenerator = (middleware: Middleware): boolean => /Generator/.test(middleware.constructor.name)

function noted(middleware: Middleware): Middleware {
  const { [middleware.name]: layer } = {
    [middleware.name](this: unknown, context: Context): unknown {
      noteRoute(context)
      try {
        const result = Reflect.apply(middleware, this, arguments)
        // Koa waits for it too, so that no rejection is hidden here
        if (result instanceof Promise) result.then(undefined, noteError)
        return result
      } catch (error) {
        noteError(error)
        throw error
      }
    },
  }
  const noting = Object.assign(layer as Middleware, middleware)
  layers.set(middleware, noting)
  layers.set(noting, noting)
  return noting
}

function noteRoute(context: Context): void {
  const request = context._matchedRoute ? activeRequest() : undefined
  if (request) request.route = mountOf(context) + String(context._matchedRoute)
}

/** The path under which the application that serves the request is mounted; koa-mount takes it off `path`. */
function mountOf({ mountPath, originalUrl, path }: Context): string {
  if (mountPath === undefined) return ''
  const whole = originalUrl.split('?', 1)[0] as string
  if (path === '/') return whole.replace(/\/$/, '')
  return whole.endsWith(path) ? whole.slice(0, -path.length) : ''
}
