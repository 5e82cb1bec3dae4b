// Chunk `instrument-express`: OpenTelemetry's where the settings want a span for each layer. Where they don't, theirs would still put
// a function around the handler of each layer and join paths at each; ours notes the route by what is known when a layer is
// registered, and replaces no handler (decision 51). What a handler throws is noted either way.
import { diag } from '@opentelemetry/api'
import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import { ExpressInstrumentation as Upstream } from '@opentelemetry/instrumentation-express'
import { ReturnedObject } from './emitters'
import { type MountPath, top } from './express-mount-path'
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

interface Express {
  /** Express 5 has a class, Express 4 the prototype of all routers. */
  readonly Router: object & { readonly prototype?: { readonly route?: unknown } }
}

/** Where a layer stands: in which router, under which path. */
interface Registration {
  readonly router: Router
  readonly path: string | undefined
}

const registrations = new WeakMap<Layer, Registration>()

export class ExpressInstrumentation extends Upstream {
  override init(): InstrumentationNodeModuleDefinition[] {
    const { spans } = this.getConfig() as Config
    const definitions = super.init()
    for (const definition of definitions) {
      const { patch, unpatch } = definition
      definition.patch = (exports: Express, version) => {
        const prototype = prototypeOf(exports)
        replaceOnce(prototype, ['handle'], outermost)
        if (spans) {
          // theirs take the place of what instrumentations have put there, and go on top of this
          replaceOnce(prototype, registers, observing)
          return patch?.(exports, version)
        }
        for (const name of registers) this._wrap(prototype, name, registering)
        return exports
      }
      definition.unpatch = (exports?: Express) => {
        if (spans) unpatch?.(exports)
        else if (exports) for (const name of registers) this._unwrap(prototypeOf(exports), name)
      }
    }
    return definitions
  }
}

/** What adds layers to a router. An application registers with its router. */
const registers = ['route', 'use']

function prototypeOf({ Router }: Express): Record<string, Method> {
  return (typeof Router.prototype?.route === 'function' ? Router.prototype : Router) as Record<string, Method>
}

const registering = adding((layer, router, path) => {
  registrations.set(layer, { router, path })
  observeLayers(Object.getPrototypeOf(layer))
})
const observing = adding(layer => observeLayers(Object.getPrototypeOf(layer)))

/** All layers that one call adds are under its path. */
function adding(note: (layer: Layer, router: Router, path: string | undefined) => void): (original: Method) => Method {
  return original =>
    function (this: unknown, ...args) {
      const router = this as Router | undefined
      const before = router?.stack?.length
      const result = Reflect.apply(original, this, args)
      try {
        const path = pathOf(args[0])
        for (const layer of router?.stack.slice(before) ?? []) note(layer, router as Router, path)
      } catch (error) {
        diag.debug('the route of a request will not be known', error)
      }
      return result
    }
}

/** Under which path a call registers layers: a list of paths is one. */
function pathOf(first: unknown): string | undefined {
  return Array.isArray(first) ? first.map(one => written(one) ?? '').join(',') : written(first)
}

const written = (path: unknown): string | undefined =>
  typeof path === 'string' || typeof path === 'number' || path instanceof RegExp ? String(path) : undefined

/** @param prototype of Express' layers; the names are those of Express 5, then of Express 4 */
function observeLayers(prototype: Record<string, unknown>): void {
  const first = (note: (layer: Layer, argument: unknown) => void) => (original: Method) =>
    function (this: unknown, argument: unknown): unknown {
      note(this as Layer, argument)
      return Reflect.apply(original, this, arguments)
    }
  replaceOnce(prototype, ['handleRequest', 'handle_request'], first(noteRoute))
  replaceOnce(
    prototype,
    ['handleError', 'handle_error'],
    first((_, error) => noteError(error)),
  )
}

const replaced = new WeakMap<object, Set<string>>()

/**
 * Puts functions in the place of those methods that are there, once, with their names and lengths. They run for every request, so the
 * guard that instrumentations have (`wrap.ts`) is left out: what they do of their own can't throw.
 */
function replaceOnce(prototype: Record<string, unknown>, names: string[], create: (original: Method) => Method): void {
  const known = replaced.get(prototype) ?? new Set()
  replaced.set(prototype, known)
  for (const name of names) {
    const original = prototype[name]
    if (typeof original !== 'function' || known.has(name)) continue
    known.add(name)
    const { name: own, length } = Object.getOwnPropertyDescriptors(original)
    prototype[name] = Object.defineProperties(create(original as Method), {
      name: own,
      length,
    } as PropertyDescriptorMap)
  }
}

/** The routers that a request is in, outermost first, with the place at which each was entered. */
class Way {
  /** The outermost router has it. */
  isInside = false
  readonly #routers: { readonly router: Router; readonly entrance: MountPath }[] = []
  #last: MountPath = top

  /** To a layer. A router that the request is not in is entered from the layer that ran last. */
  to({ router, path }: Registration): MountPath {
    const at = this.#routers.findLastIndex(one => one.router === router)
    if (at < 0) this.#routers.push({ router, entrance: this.#last })
    else this.#routers.length = at + 1
    this.#last = (this.#routers.at(-1) as { entrance: MountPath }).entrance.below(path)
    return this.#last
  }
}

/** On the request itself: an entry of a WeakMap for each costs twenty times as much, and the garbage collector as much again. */
class Travelling extends ReturnedObject {
  readonly #way = new Way()

  static wayOf(request: object): Way {
    return #way in request ? request.#way : (new Travelling(request) as Travelling).#way
  }
}

function noteRoute(layer: Layer, argument: unknown): void {
  try {
    const registration = registrations.get(layer)
    // a layer that takes an error is not for this request
    if (!registration || layer.handle.length > 3) return
    const request = argument as ExpressRequest
    const place = Travelling.wayOf(request).to(registration)
    const metadata = activeRequest()
    if (metadata) metadata.route = (layer.route ? place.constructed : place.route(request.originalUrl)) as string
  } catch (error) {
    diag.debug('the route of a request is not known', error)
  }
}

/** Sees what no error handler of the app has taken: Express answers it itself, after the outermost router. */
function outermost(handle: Method): Method {
  return function (this: unknown, request, response, done, ...rest) {
    if (typeof done !== 'function' || !isEntering(request)) return Reflect.apply(handle, this, arguments)
    const noting = function (this: unknown, error: unknown) {
      if (error && error !== 'route' && error !== 'router') noteError(error)
      return Reflect.apply(done, this, arguments)
    }
    return Reflect.apply(handle, this, [request, response, noting, ...rest])
  }
}

/** @returns whether no router had the request before */
function isEntering(request: unknown): boolean {
  if (typeof request !== 'object' || request === null) return false
  try {
    const way = Travelling.wayOf(request)
    const wasInside = way.isInside
    way.isInside = true
    return !wasInside
  } catch {
    // an object that takes no field
    return false
  }
}
