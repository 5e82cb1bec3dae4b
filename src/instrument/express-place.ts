// The layers of Express that a request has come through, as a node of a tree: the route of each stands there, as OpenTelemetry's
// functions make it, and is made once.
import { _LAYERS_STORE_PROPERTY as PATHS } from '@opentelemetry/instrumentation-express/build/src/internal-types'
import { getActualMatchedRoute, getConstructedRoute } from '@opentelemetry/instrumentation-express/build/src/utils'

export class Place {
  readonly #paths: readonly string[]
  readonly #below = new Map<string, Place>()
  /** The paths joined: the route of a request that one of the app's routes serves here. */
  readonly constructed: string
  /** What the route is whatever the URL is. */
  readonly #always: string | undefined
  readonly #isRoot: boolean

  constructor(paths: readonly string[]) {
    this.#paths = paths
    this.#isRoot = paths.length > 0 && paths.every(path => path === '/')
    const constructed = getConstructedRoute(requestOf(paths, ''))
    this.#always = getActualMatchedRoute(requestOf(paths, NO_URL))
    this.constructed = this.#always ?? (constructed.startsWith('/') ? constructed : `/${constructed}`)
  }

  below(path: string | undefined): Place {
    // a layer without a path is where the one above it is
    if (path === undefined || this.#paths.length >= deepest) return this
    const known = this.#below.get(path)
    if (known) return known
    const place = new Place([...this.#paths, path])
    if (this.#below.size < widest) this.#below.set(path, place)
    return place
  }

  /** Of a request that middleware serves here: the paths joined, where its URL begins like them. */
  route(url: string): string | undefined {
    if (this.#always !== undefined || this.#paths.length === 0) return this.#always
    if (this.#isRoot) return url === '/' ? '/' : undefined
    return url.startsWith(this.constructed) ? this.constructed : undefined
  }
}

/** Routers that hand a request to each other. */
const deepest = 50
/** Apps that make a router for each request have no end of paths. */
const widest = 10_000
/** No URL begins like it. */
const NO_URL = '\0'
const requestOf = (paths: readonly string[], originalUrl: string) =>
  ({ [PATHS]: paths, originalUrl }) as unknown as Parameters<typeof getActualMatchedRoute>[0]

export const top = new Place([])
