// Where the reader is, as the address says it: `#/traces?q={…}&range=1h`. Behind the `#`, so that any web server can hand
// out the page, and no query ever stands in a server's log.

export interface Route {
  /** `['trace', id]`; never empty. */
  readonly path: readonly [string, ...string[]]
  readonly params: URLSearchParams
}

export type Params = Readonly<Record<string, string | undefined>>

/** What an unknown or empty address means is up to the shell: `path[0]` is then `''`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = split(hash.replace(/^#\/?/, ''))
  const [first = '', ...rest] = path.split('/').map(decoded)
  return { path: [first, ...rest.filter(part => part !== '')], params: new URLSearchParams(query) }
}

function split(text: string): [string, string] {
  const at = text.indexOf('?')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** A broken escape, as people paste them, stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** @param params those that are undefined or empty are left out */
export function href(path: readonly string[], params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) if (value) query.set(key, value)
  const text = query.toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`
}

/** The same place with other parameters. */
export function changed({ path, params }: Route, change: Params): string {
  return href(path, { ...Object.fromEntries(params), ...change })
}

/** The time range goes along to wherever one goes. */
export function rangeOf({ params }: Route): Params {
  return {
    range: params.get('range') ?? undefined,
    from: params.get('from') ?? undefined,
    to: params.get('to') ?? undefined,
  }
}

export function go(hash: string, how: 'push' | 'replace' = 'push'): void {
  if (hash === location.hash) return
  if (how === 'push') history.pushState(null, '', hash)
  else history.replaceState(null, '', hash)
  dispatchEvent(new Event('hashchange'))
}
