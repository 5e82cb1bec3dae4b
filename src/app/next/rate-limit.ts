/** How many requests may be made a minute, in this process alone. */

const MINUTE = 60_000
/** Clients that are counted one by one. The one that was counted first is forgotten for a new one. */
const CLIENTS = 10_000
/** Of an address, with its port. */
const LONGEST = 64
/** Milliseconds of work that are one request more: a batch of the browser SDK takes less. */
const MS_OF_REQUEST = 5
/** Milliseconds that the texts of one request may take: five times what a batch takes. */
const WORK = 15
/** What each request gets even when all together have used up their share of the app's thread: enough for an honest one. */
const LEAST_WORK = 2
/** The share of all requests in the app's thread, and how much of it they may use at once, in milliseconds. */
const SHARE = 0.25
const MOST_WORK = 1_000

export interface Limits {
  /** Counts a request of the client; false when it has made too many. A client without a name is not limited. */
  admits(client: string): boolean
  /**
   * How long the texts of the next request may take, in milliseconds. A flood of hostile ones has its texts replaced early; it locks
   * nobody out.
   */
  work(): number
  /** Counts what a request of the client cost the app's thread, in milliseconds: each 5 are one more request. */
  charge(client: string, milliseconds: number): void
  /** Counts a request that the Collector is to take; false when all clients together have sent too much. */
  forwards(): boolean
}

/** A client gets `perMinute` requests in each minute, all together a hundred times as many. */
export function createLimits(perMinute: number): Limits {
  const counts = new Map<string, { since: number; count: number }>()
  const most = perMinute * 100
  let tokens = most
  let filledAt = performance.now()
  let worked = 0
  let restedAt = filledAt
  return {
    admits(client) {
      if (client === '') return true
      const now = performance.now()
      const known = counts.get(client)
      if (known && now - known.since < MINUTE) return ++known.count <= perMinute
      counts.delete(client)
      if (counts.size >= CLIENTS) counts.delete(counts.keys().next().value as string)
      counts.set(client, { since: now, count: 1 })
      return perMinute > 0
    },
    work() {
      const now = performance.now()
      worked = Math.max(0, worked - (now - restedAt) * SHARE)
      restedAt = now
      return Math.min(WORK, Math.max(LEAST_WORK, MOST_WORK - worked))
    },
    charge(client, milliseconds) {
      worked += milliseconds
      const known = counts.get(client)
      if (known) known.count += Math.floor(milliseconds / MS_OF_REQUEST)
    },
    // tokens come back all the time, so that a flood slows others down and doesn't lock them out for a minute
    forwards() {
      const now = performance.now()
      tokens = Math.min(most, tokens + ((now - filledAt) / MINUTE) * most)
      filledAt = now
      if (tokens < 1) return false
      tokens--
      return true
    },
  }
}

/**
 * Names the client by the address that the nearest proxies of the app wrote into `x-forwarded-for`; what stands before
 * those is written by the client itself.
 * @param trustedHops how many proxies in front of the app append an address
 * @returns '' where the header doesn't say; of an IPv6 address the network, which one client has all of
 */
export function clientBehind(trustedHops: number, { headers }: Request): string {
  const addresses = (headers.get('x-forwarded-for') ?? '').split(',').map(address => address.trim())
  const address = trustedHops > 0 ? (addresses.at(-trustedHops) ?? addresses[0] ?? '').slice(0, LONGEST) : ''
  return address.includes(':') && !address.includes('.') ? networkOf(address) : address
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = address
    .replace(/^\[|\](?::\d+)?$/g, '')
    .toLowerCase()
    .split('::', 2)
  const groups = (part: string) => (part ? part.split(':') : [])
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return all
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
