// Chunk `instrument-hono`: tells the HTTP server's span which route Hono matched. There is none upstream.
import { context } from '@opentelemetry/api'
import { getRPCMetadata, RPCType } from '@opentelemetry/core'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation'
import { version } from '../version'

interface Route {
  readonly method: string
  readonly path: string
}

/** What a Hono router answers: handlers with their routes, in the order in which they run. */
type Match = [handlers: [[handler: unknown, route: Route], ...unknown[]][], ...unknown[]]

interface Router {
  readonly name: string
  add(method: string, path: string, handler: unknown): void
  match(method: string, path: string): Match
}

interface HonoClass {
  new (...args: unknown[]): { router: Router }
  readonly prototype: object
}

export class HonoInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig) {
    super('@afn/otel/hono', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition('hono', ['>=4 <5'], (exports: { Hono: HonoClass }) => {
      exports.Hono = observed(exports.Hono)
      return exports
    })
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

/** Not by replacing `match` on the router itself: Hono's own router does that at its first match. */
function watch(router: Router): Router {
  return {
    get name() {
      return router.name
    },
    add: (...args) => router.add(...args),
    match(...args) {
      const match = router.match(...args)
      note(match)
      return match
    },
  }
}

function note([handlers]: Match): void {
  const routes = handlers.map(([[, route]]) => route)
  // middleware is registered for all methods; the handler that answers usually for one
  const route = routes.findLast(({ method }) => method !== 'ALL') ?? routes.at(-1)
  const metadata = getRPCMetadata(context.active())
  if (route && metadata?.type === RPCType.HTTP) metadata.route = route.path
}
