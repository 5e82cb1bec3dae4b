// Chunk `instrument-koa`: tells the HTTP server's span the route of @koa/router, and what a middleware threw. All middleware of Koa, of
// routers and of koa-mount runs through koa-compose; there it is followed, so that the app finds its own functions in its lists.
// OpenTelemetry's instrumentation, which replaces them, is used only when the settings want a span for each.
import { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
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
type Compose = (middleware: unknown, ...rest: unknown[]) => unknown

export class KoaInstrumentation extends Upstream {
  // typed as theirs, which has one; the base class takes several
  protected override init(): InstrumentationNodeModuleDefinition {
    const compose = new InstrumentationNodeModuleDefinition(
      'koa-compose',
      ['>=3 <5'],
      (exports: Compose | { default: Compose }) => {
        if (typeof exports === 'function') return following(exports)
        exports.default = following(exports.default)
        return exports
      },
    )
    const { spans } = this.getConfig() as Config
    const all = spans ? [compose, super.init()] : [compose]
    return all as unknown as InstrumentationNodeModuleDefinition
  }
}

const following =
  (compose: Compose): Compose =>
  (middleware, ...rest) =>
    compose(Array.isArray(middleware) ? new Proxy(middleware, followed) : middleware, ...rest)

/** The list is read when a request comes, so that middleware which is added later counts. */
const followed: ProxyHandler<unknown[]> = {
  get(list, key, receiver) {
    const member = Reflect.get(list, key, receiver)
    return typeof key === 'string' && /^\d+$/.test(key) && typeof member === 'function' ? noted(member) : member
  },
}

const layers = new WeakMap<Middleware, Middleware>()

function noted(middleware: Middleware): Middleware {
  const known = layers.get(middleware)
  if (known) return known
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
  layers.set(middleware, layer as Middleware)
  layers.set(layer as Middleware, layer as Middleware)
  return layer as Middleware
}

/** Whatever somebody composes. */
function noteRoute(context: Context | null | undefined): void {
  try {
    const request = context?._matchedRoute ? activeRequest() : undefined
    if (request) request.route = mountOf(context as Context) + String(context?._matchedRoute)
  } catch {
    // it is no context of Koa
  }
}

/** The path under which the application that serves the request is mounted; koa-mount takes it off `path`. */
function mountOf({ mountPath, originalUrl, path }: Context): string {
  if (mountPath === undefined) return ''
  const whole = originalUrl.split('?', 1)[0] as string
  if (path === '/') return whole.replace(/\/$/, '')
  return whole.endsWith(path) ? whole.slice(0, -path.length) : ''
}
