// Computes the address of a request from what its client reports.

/**
 * The URL of a request. Google's client sends paths that start with two slashes, which would be parsed as a host.
 * @param path may be a whole URL for a proxy
 */
export function addressAt(origin: string, path: string): URL {
  return path.startsWith('/') ? new URL(`${origin}${path}`) : new URL(path, origin)
}
