/** How many requests a client may make, in windows of a minute, in this process alone. Called by `otlp-handler.ts`. */

const WINDOW = 60_000
/** Clients that are counted one by one; more in a minute share a count. */
const CLIENTS = 10_000

/** @returns a function that counts a request, and says whether it may go on */
export function createLimits(perMinute: number): (client: string) => boolean {
  const counts = new Map<string, number>()
  let since = 0
  let all = 0
  return client => {
    const now = performance.now()
    if (since === 0 || now - since > WINDOW) {
      since = now
      all = 0
      counts.clear()
    }
    const name = counts.size < CLIENTS || counts.has(client) ? client : ''
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return ++all <= perMinute * 100 && count <= perMinute
  }
}
