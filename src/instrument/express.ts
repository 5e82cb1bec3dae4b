// Chunk `instrument-express`: OpenTelemetry's where the settings want a span for each layer. Where they don't, theirs would still put
// a function around the handler of each layer and join paths at each; ours notes the route by what is known when a layer is
// registered, and replaces no handler (decision 51). What a handler throws is noted either way.
import { diag } from '@opentelemetry/api'
import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import { ExpressInstrumentation as Upstream } from '@opentelemetry/instrumentation-express'
import { getLayerPath } from '@opentelemetry/instrumentation-express/build/src/utils'
import { type Place, top } from './express-place'
import { activeRequest, noteError } from './request-error'

interface Config {
  /** Whether each layer gets a span. Default false. */
  readonly spans?: boolean
}

interface Layer {
  readonly handle: (...args: unknown[]) => unknown
  /** Of the layers of a router that a route is; absent for middleware. */
  readonly route?: object
}

interface Router {
  readonly stack: readonly Layer[]
}

interface ExpressRequest {
  readonly originalUrl: string
}

type Method = (this: unknown, ...args: unknown[]) => unknown
type Registering = (this: Router, ...args: unknown[]) => unknown

interface Express {
  /** Express 5 has a class, Express 4 the prototype of all routers. */
  readonly Router: object & { readonly prototype?: { readonly route?: unknown } }
}

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  getConfig(): Config
  init(): InstrumentationNodeModuleDefinition[]
  _wrap(holder: object, name: string, wrapper: (original: Method) => Method): void
  _getRoutePatch(): (original: Registering) => Registering
  _getRouterUsePatch(): (original: Registering) => Registering
  _getAppUsePatch(hasRouterClass: boolean): (original: Registering) => Registering
}

/** Where a layer stands: in which router, under which path. */
interface Registration {
  readonly router: Router
  readonly path: string | undefined
}

const registrations = new WeakMap<Layer, Registration>()

export class ExpressInstrumentation extends (Upstream as unknown as typeof Internals) {
  override init(): InstrumentationNodeModuleDefinition[] {
    const definitions = super.init()
    for (const definition of definitions) {
      const { patch } = definition
      definition.patch = (exports: Express, version) => {
        const { Router } = exports
        const prototype = typeof Router.prototype?.route === 'function' ? Router.prototype : Router
        this._wrap(prototype, 'handle', outermost)
        return patch ? patch(exports, version) : exports
      }
    }
    return definitions
  }

  override _getRoutePatch(): (original: Registering) => Registering {
    const theirs = super._getRoutePatch()
    return original => registering(this.getConfig().spans ? theirs(original) : original, this.getConfig())
  }

  override _getRouterUsePatch(): (original: Registering) => Registering {
    const theirs = super._getRouterUsePatch()
    return original => registering(this.getConfig().spans ? theirs(original) : original, this.getConfig())
  }

  /** An application registers with its router. */
  override _getAppUsePatch(hasRouterClass: boolean): (original: Registering) => Registering {
    const theirs = super._getAppUsePatch(hasRouterClass)
    return original => (this.getConfig().spans ? theirs(original) : original)
  }
}

/** All layers that one call of `use()` or `route()` adds are under its path. */
function registering(original: Registering, { spans }: Config): Registering {
  return function (this: Router, ...args) {
    const before = this.stack?.length
    const result = Reflect.apply(original, this, args)
    try {
      const path = getLayerPath(args as never)
      for (const layer of this.stack.slice(before)) {
        if (!spans) registrations.set(layer, { router: this, path })
        observeLayers(Object.getPrototypeOf(layer))
      }
    } catch (error) {
      diag.debug('the route of a request will not be known', error)
    }
    return result
  }
}

const observed = new WeakSet<object>()

/** @param prototype of Express' layers; the names are those of Express 5, then of Express 4 */
function observeLayers(prototype: Record<string, unknown>): void {
  if (observed.has(prototype)) return
  observed.add(prototype)
  const first = (name: string, note: (layer: Layer, argument: unknown) => void) => {
    const original = prototype[name]
    if (typeof original !== 'function') return
    const { [name]: method } = {
      [name](this: Layer, argument: unknown): unknown {
        note(this, argument)
        return Reflect.apply(original, this, arguments)
      },
    }
    const { name: own, length } = Object.getOwnPropertyDescriptors(original)
    prototype[name] = Object.defineProperties(method as Method, { name: own, length } as PropertyDescriptorMap)
  }
  for (const name of ['handleRequest', 'handle_request']) first(name, noteRoute)
  for (const name of ['handleError', 'handle_error']) first(name, (_, error) => noteError(error))
}

/** The routers that a request is in, outermost first, with the place at which each was entered. */
class Way {
  readonly #routers: { readonly router: Router; readonly entrance: Place }[] = []
  #last: Place = top

  /** To a layer. A router that the request is not in is entered from the layer that ran last. */
  to({ router, path }: Registration): Place {
    const at = this.#routers.findLastIndex(one => one.router === router)
    if (at < 0) this.#routers.push({ router, entrance: this.#last })
    else this.#routers.length = at + 1
    this.#last = (this.#routers.at(-1) as { entrance: Place }).entrance.below(path)
    return this.#last
  }
}

const ways = new WeakMap<object, Way>()

function noteRoute(layer: Layer, argument: unknown): void {
  try {
    const registration = registrations.get(layer)
    // a layer that takes an error is not for this request
    if (!registration || layer.handle.length > 3) return
    const request = argument as ExpressRequest
    const way = ways.get(request) ?? new Way()
    ways.set(request, way)
    const place = way.to(registration)
    const metadata = activeRequest()
    if (metadata) metadata.route = (layer.route ? place.constructed : place.route(request.originalUrl)) as string
  } catch (error) {
    diag.debug('the route of a request is not known', error)
  }
}

const insideOf = new WeakSet<object>()

/** Sees what no error handler of the app has taken: Express answers it itself, after the outermost router. */
function outermost(handle: Method): Method {
  return function (this: unknown, request, response, done, ...rest) {
    if (typeof done !== 'function' || typeof request !== 'object' || request === null || insideOf.has(request)) {
      return Reflect.apply(handle, this, arguments)
    }
    insideOf.add(request)
    const noting = function (this: unknown, error: unknown) {
      if (error && error !== 'route' && error !== 'router') noteError(error)
      return Reflect.apply(done, this, arguments)
    }
    return Reflect.apply(handle, this, [request, response, noting, ...rest])
  }
}
