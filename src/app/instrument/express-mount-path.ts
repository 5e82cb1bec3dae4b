// The layers of Express that a request has come through, as a node of a tree: the route of each stands there, as OpenTelemetry's
// instrumentation makes it, and is made once.

export class MountPath {
  readonly #paths: readonly string[]
  readonly #below = new Map<string, MountPath>()
  /** The paths joined: the route of a request that one of the app's routes serves here. */
  readonly constructed: string
  /** Whether that is the route whatever the URL is. */
  readonly #isPattern: boolean
  readonly #isRoot: boolean

  constructor(paths: readonly string[]) {
    this.#paths = paths
    this.#isRoot = paths.length > 0 && paths.every(path => path === '/')
    const joined = joinedPaths(paths)
    this.#isPattern = isPattern(joined)
    this.constructed = isWritten(joined) || joined.startsWith('/') ? joined : `/${joined}`
  }

  below(path: string | undefined): MountPath {
    // a layer without a path is where the one above it is
    if (path === undefined || this.#paths.length >= deepest) return this
    const known = this.#below.get(path)
    if (known) return known
    const place = new MountPath([...this.#paths, path])
    if (this.#below.size < widest) this.#below.set(path, place)
    return place
  }

  /** Of a request that middleware serves here: the paths joined, where its URL begins like them. */
  route(url: string): string | undefined {
    if (this.#paths.length === 0) return undefined
    if (this.#isRoot) return url === '/' ? '/' : undefined
    return this.#isPattern || url.startsWith(this.constructed) ? this.constructed : undefined
  }
}

/** Routers that hand a request to each other. */
const deepest = 50
/** Apps that make a router for each request have no end of paths. */
const widest = 10_000

/** Paths of all requests say nothing: the root, and the wildcards of Express 4 and 5. */
const EVERYTHING = /^(?:\/|\/\*|\/\{\*[^}]*\})$/

function joinedPaths(paths: readonly string[]): string {
  const telling = paths.filter(path => !EVERYTHING.test(path))
  return telling.join('').replace(/\/{2,}/g, '/')
}

/** A wildcard, an expression or a list, which the route is as it is written. */
const isWritten = (joined: string): boolean => joined === '*' || (joined.includes('/') && /[,\\*[]/.test(joined))

const isPattern = (joined: string): boolean => isWritten(joined) || /[:*]/.test(joined)

export const top = new MountPath([])
