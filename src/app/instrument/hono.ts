// Chunk `instrument-hono`: tells the HTTP server's span which route of Hono serves a request, and what its handler threw. There is
// none upstream. Each handler is noted when it runs, as Hono's own `routePath()` has it: a catch-all behind it is not the route.
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../shared/version'
import { activeRequest, noteError, type RequestMetadata } from './request-error'

interface Context {
  readonly req: { readonly path: string }
  readonly error?: unknown
}

type Next = () => Promise<unknown>
type Handler = (this: unknown, context: Context, next: Next) => unknown

interface Route {
  readonly path: string
}

interface Router {
  readonly name: string
  add(method: string, path: string, handler: [Handler, Route]): void
  match(method: string, path: string): unknown
}

interface HonoClass {
  new (...args: unknown[]): { router: Router }
  readonly prototype: object
}

export class HonoInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig) {
    super('@afn/otel/hono', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    const versions = ['>=4 <5']
    const patch = (exports: { Hono: HonoClass }) => {
      exports.Hono = observed(exports.Hono)
      return exports
    }
    const presets = ['tiny', 'quick']
    return [
      new InstrumentationNodeModuleDefinition('hono', versions, patch, undefined, [
        ...presets.map(
          preset => new InstrumentationNodeModuleFile(`hono/dist/cjs/preset/${preset}.js`, versions, patch, () => {}),
        ),
      ]),
      // an import is known by the name that the app gives
      ...presets.map(preset => new InstrumentationNodeModuleDefinition(`hono/${preset}`, versions, patch)),
    ]
  }
}

function observed(hono: HonoClass): HonoClass {
  const proxy = new Proxy(hono, {
    construct(target, args, newTarget) {
      const app = Reflect.construct(target, args, newTarget)
      app.router = watch(app.router)
      return app
    },
  })
  Object.defineProperty(hono.prototype, 'constructor', { value: proxy, configurable: true, writable: true })
  return proxy
}

/** Not by replacing its methods: Hono's own router replaces `match` at its first use. */
function watch(router: Router): Router {
  return {
    get name() {
      return router.name
    },
    // what the app sees of its routes is the second of the pair, which keeps the app's own handler
    add: (method, path, handler) => router.add(method, path, noted(handler)),
    match: (method, path) => router.match(method, path),
  }
}

/** Routers are generic: what is added need not be a handler of Hono's. */
function noted(added: [Handler, Route]): [Handler, Route] {
  if (!Array.isArray(added)) return added
  const [handler, route] = added
  if (typeof handler !== 'function' || typeof route?.path !== 'string') return added
  return [
    function (context, next) {
      const serving = enter(context, route.path)
      if (!serving) return handler.call(this, context, next)
      const failed = (error: unknown) => {
        // what is answered now is that of the handlers that ran, not that nobody has the request
        if (serving.request.route === undefined) serve(serving, serving.last)
        noteError(error)
      }
      try {
        const result = handler.call(this, context, () => {
          // if nobody else serves the request, no route of the app has it
          serve(serving, undefined)
          return next()
        })
        // Hono waits for it too, so that no rejection is hidden here
        if (result instanceof Promise) result.then(() => context.error && failed(context.error), failed)
        return result
      } catch (error) {
        failed(error)
        throw error
      }
    },
    route,
  ]
}

/** Which part of a request an application serves: the whole one, or what is left of its path behind where it is mounted. */
interface Serving {
  readonly request: RequestMetadata
  readonly path: string
  readonly prefix: string
  /** The route whose handler runs now; absent where the last one has called `next()`. */
  route: string | undefined
  /** Of the handler that began to run last. */
  last: string | undefined
}

const innermost = new WeakMap<RequestMetadata, Serving>()
const servings = new WeakMap<Context, Serving>()

/** @returns nothing where no request is served, or another one than this of Hono's */
function enter(context: Context, route: string): Serving | undefined {
  try {
    const request = activeRequest()
    if (!request) return undefined
    const serving = servings.get(context) ?? begin(context, request)
    if (serving) note(serving, route)
    return serving
  } catch {
    // Hono serves the request all the same
    return undefined
  }
}

function begin(context: Context, request: RequestMetadata): Serving | undefined {
  const { path } = context.req
  const around = innermost.get(request)
  const prefix = around ? prefixOf(around, path) : ''
  if (prefix === undefined) return undefined
  const serving = { request, path, prefix, route: undefined, last: undefined }
  innermost.set(request, serving)
  servings.set(context, serving)
  return serving
}

/** Under which prefix an application is mounted that serves `path` in a handler of another one; not for a request that is another's. */
function prefixOf({ prefix, path, route }: Serving, inner: string): string | undefined {
  if (inner === path) return prefix
  const mounted = route?.endsWith('/*') ? route.slice(0, -2) : undefined
  return mounted !== undefined && (path.endsWith(inner) || inner === '/') ? mounted : undefined
}

function note(serving: Serving, route: string): void {
  const { prefix } = serving
  serving.last = prefix === '' ? route : route === '/' ? prefix : prefix + route
  serve(serving, serving.last)
}

function serve(serving: Serving, route: string | undefined): void {
  serving.route = route
  serving.request.route = route as string
}
