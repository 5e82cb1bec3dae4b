// Where a request goes, by what its client says.

/**
 * The address of a request. Google's client has two slashes before its path, which alone would be a host.
 * @param path a proxy's may be a whole URL
 */
export function addressAt(origin: string, path: string): URL {
  return path.startsWith('/') ? new URL(`${origin}${path}`) : new URL(path, origin)
}
