// Chunk `instrument-express`: OpenTelemetry's where the settings want a span for each layer. Where they don't, theirs would still put
// a function around the handler of each layer and join paths at each; ours notes the route by what is known when a layer is
// registered, and replaces no handler.
import { context, diag } from '@opentelemetry/api'
import { getRPCMetadata, RPCType } from '@opentelemetry/core'
import { ExpressInstrumentation as Upstream } from '@opentelemetry/instrumentation-express'
import { _LAYERS_STORE_PROPERTY as PATHS } from '@opentelemetry/instrumentation-express/build/src/internal-types'
import { getActualMatchedRoute, getConstructedRoute } from '@opentelemetry/instrumentation-express/build/src/utils'

interface Config {
  /** Whether each layer gets a span. Default false. */
  readonly spans?: boolean
}

interface Layer {
  readonly name: string
  readonly handle: (...args: unknown[]) => unknown
}

interface ExpressRequest {
  readonly originalUrl: string
}

type Handle = (this: Layer, request: ExpressRequest, ...rest: unknown[]) => unknown
/** Of Express 5 and of Express 4. */
type LayerClass = Partial<Record<'handleRequest' | 'handle_request', Handle>>

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  getConfig(): Config
  _applyPatch(layer: Layer, path: string | undefined): void
}

/** The layers that a request has come through: routers, and the layer that handles it now. */
export class Place {
  readonly #paths: readonly string[]
  readonly #below = new Map<string, Place>()
  readonly #constructed: string
  /** What the route is whatever the URL is. */
  readonly #always: string | undefined
  readonly #isRoot: boolean

  constructor(paths: readonly string[]) {
    this.#paths = paths
    this.#isRoot = paths.length > 0 && paths.every(path => path === '/')
    const constructed = getConstructedRoute(requestOf(paths, ''))
    this.#constructed = constructed.startsWith('/') ? constructed : `/${constructed}`
    this.#always = getActualMatchedRoute(requestOf(paths, NO_URL))
  }

  below(path: string | undefined): Place {
    // a layer without a path is where the one above it is
    if (path === undefined || this.#paths.length >= deepest) return this
    const known = this.#below.get(path)
    if (known) return known
    const place = new Place([...this.#paths, path])
    this.#below.set(path, place)
    return place
  }

  route(url: string): string | undefined {
    if (this.#always !== undefined || this.#paths.length === 0) return this.#always
    if (this.#isRoot) return url === '/' ? '/' : undefined
    return url.startsWith(this.#constructed) ? this.#constructed : undefined
  }
}

/** A request may be handed to the same router again and again. */
const deepest = 50
/** No URL begins like it. */
const NO_URL = '\0'
const requestOf = (paths: readonly string[], originalUrl: string) =>
  ({ [PATHS]: paths, originalUrl }) as unknown as Parameters<typeof getActualMatchedRoute>[0]

const top = new Place([])
/** Under which path a layer was registered. */
const registered = new WeakMap<Layer, string | undefined>()
/** Behind which routers a request is, where it is behind one. */
const places = new WeakMap<ExpressRequest, Place>()
const patched = new WeakSet<object>()

export class ExpressInstrumentation extends (Upstream as unknown as typeof Internals) {
  override _applyPatch(layer: Layer, path: string | undefined): void {
    if (this.getConfig().spans) return super._applyPatch(layer, path)
    if (registered.has(layer)) return
    registered.set(layer, path)
    const prototype = Object.getPrototypeOf(layer) as LayerClass
    if (patched.has(prototype)) return
    patched.add(prototype)
    for (const name of ['handleRequest', 'handle_request'] as const) {
      const handle = prototype[name]
      if (typeof handle === 'function') prototype[name] = noting(handle, name)
    }
  }
}

function noting(original: Handle, name: string): Handle {
  const { [name]: handle } = {
    [name](this: Layer, request: ExpressRequest): unknown {
      if (registered.has(this)) note(this, request)
      return Reflect.apply(original, this, arguments)
    },
  }
  const { name: own, length } = Object.getOwnPropertyDescriptors(original)
  return Object.defineProperties(handle as Handle, { name: own, length } as PropertyDescriptorMap)
}

function note(layer: Layer, request: ExpressRequest): void {
  try {
    // one that takes an error is not for this request
    if (layer.handle.length > 3) return
    const before = places.get(request) ?? top
    const place = before.below(registered.get(layer))
    if (layer.name === 'router' && place !== before) places.set(request, place)
    const metadata = getRPCMetadata(context.active())
    if (metadata?.type === RPCType.HTTP) metadata.route = place.route(request.originalUrl) as string
  } catch (error) {
    diag.debug('the route of a request is not known', error)
  }
}
