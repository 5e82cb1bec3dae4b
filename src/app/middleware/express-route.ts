/**
 * The template of the route by which Express answers. Express itself keeps the template of the route alone: `baseUrl`, which stands before
 * it, has the values of the parameters of routers above, and those may be personal data.
 */

interface Layer {
  /** As the app wrote it, since Express 5.3. */
  readonly rawPath?: unknown
  readonly route?: unknown
  /** Of a router that is mounted. */
  readonly handle?: { readonly stack?: readonly Layer[] }
}

export interface ExpressRequest {
  readonly route?: { readonly path?: unknown }
  readonly baseUrl?: string
  readonly app?: { readonly router?: { readonly stack?: readonly Layer[] } }
}

const known = new WeakMap<object, string>()

/**
 * @param traced what the instrumentation of Express knows, where there is one
 * @returns undefined where no route has answered; without the part of routers above where that is not known
 */
export function expressRoute({ route, baseUrl, app }: ExpressRequest, traced?: string): string | undefined {
  if (typeof route?.path !== 'string') return route && traced
  if (traced) return traced
  if (!baseUrl) return route.path
  const before = known.get(route)
  if (before !== undefined) return before
  const places = placesOf(route, app?.router?.stack ?? [])
  const template = places.length === 1 ? places[0]! : route.path
  known.set(route, template)
  return template
}

/** A router may be mounted in several places. */
function placesOf(route: object, stack: readonly Layer[], prefix = ''): string[] {
  return stack.flatMap(layer => {
    if (layer.route === route) return join(prefix, (layer.route as { path: string }).path)
    const inner = layer.handle?.stack
    return inner && typeof layer.rawPath === 'string' ? placesOf(route, inner, join(prefix, layer.rawPath)) : []
  })
}

/** A router that is mounted without a path is mounted at `/`. */
const join = (prefix: string, path: string): string => `${prefix.replace(/\/$/, '')}${path}`.replace(/(?<=.)\/$/, '')
