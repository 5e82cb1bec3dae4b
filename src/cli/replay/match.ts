// Which recorded call a request is, and how it differs from it.
import { protocolAt } from '../../app/llm/providers/paths'
import type { RecordedRequest, Recording } from '../../app/llm/record/recording'
import { sortedJson } from '../../shared/sorted-json'
import { type Change, jsonDiff } from './json-diff'

export interface Match {
  /** Its place in the recording, from 1 on. */
  readonly call: number
  readonly recording: Recording
  readonly changes: readonly Change[]
  /** An answer that was served before. */
  readonly isRepeated?: true
}

/** A request of now. */
export interface AskedRequest extends RecordedRequest {
  /** It is the handshake of a WebSocket. */
  readonly upgrades?: true
}

/** Recorded calls that are answered once each. */
export class Recorded {
  readonly #left: { readonly call: number; readonly recording: Recording }[]
  readonly #schemes: ReadonlyMap<string, string>
  readonly #polled = new Map<string, { readonly call: number; readonly recording: Recording }>()

  constructor(recordings: readonly Recording[]) {
    this.#left = recordings.map((recording, n) => ({ call: n + 1, recording }))
    this.#schemes = new Map(
      recordings.map(({ request }) => [new URL(request.url).host, new URL(request.url).protocol] as const),
    )
  }

  /** Of a host. A request that arrives does not say it. */
  schemeOf(host: string): string {
    return this.#schemes.get(host) ?? 'https:'
  }

  /** `host:port` of all that was recorded. */
  get hosts(): string[] {
    return [...this.#schemes].map(([host, scheme]) => {
      const { hostname, port } = new URL(`${scheme}//${host}`)
      return `${hostname.replace(/^\[(.*)\]$/, '$1')}:${port || (scheme === 'http:' ? 80 : 443)}`
    })
  }

  /** Those that nobody has asked for. */
  get left(): readonly { readonly call: number; readonly recording: Recording }[] {
    return this.#left
  }

  /**
   * The call that is asked most alike, of those of the same address, else of the same protocol; of equals the first. A request that was
   * changed a little still is that call, and calls that run side by side may come in any order.
   */
  take(asked: AskedRequest): Match | undefined {
    const at = this.#best(asked)
    if (at === undefined) return this.#again(asked)
    const { call, recording } = this.#left.splice(at, 1)[0]!
    if (asked.method === 'GET' && !recording.messages) this.#polled.set(addressOf(asked), { call, recording })
    return { call, recording, changes: this.changes(recording, asked) }
  }

  /** The one that `take` would give now. */
  likely(asked: AskedRequest): Recording | undefined {
    const at = this.#best(asked)
    return at === undefined ? undefined : this.#left[at]!.recording
  }

  changes({ request }: Recording, asked: RecordedRequest): Change[] {
    return changesOf(request, asked)
  }

  /** Who polls may ask more often: the last answer is what it still is. */
  #again(asked: RecordedRequest): Match | undefined {
    const last = asked.method === 'GET' ? this.#polled.get(addressOf(asked)) : undefined
    return last && { ...last, changes: this.changes(last.recording, asked), isRepeated: true }
  }

  #best(asked: AskedRequest): number | undefined {
    let best: { readonly at: number; readonly rank: readonly number[] } | undefined
    this.#left.forEach(({ recording: { request, messages } }, at) => {
      if ((messages !== undefined) !== (asked.upgrades === true)) return
      const isSameAddress = addressOf(request) === addressOf(asked)
      if (!isSameAddress && protocolOf(request) !== protocolOf(asked)) return
      const rank = [Number(isSameAddress), likeness(request.body, asked.body)]
      if (!best || isAbove(rank, best.rank)) best = { at, rank }
    })
    return best?.at
  }
}

function changesOf(before: RecordedRequest, after: RecordedRequest): Change[] {
  const head = jsonDiff(
    { method: before.method, url: before.url, headers: before.headers },
    { method: after.method, url: after.url, headers: after.headers },
    '',
  ).map(change => ({ ...change, path: change.path.replace(/^\./, '') }))
  // what can't be read before it is sent was not recorded
  if ('unknown' in before.body) return head
  return [...head, ...jsonDiff(contentOf(before), contentOf(after))]
}

const contentOf = ({ body }: RecordedRequest): unknown =>
  'json' in body ? body.json : 'text' in body ? body.text : 'form' in body ? body.form : body

const addressOf = ({ method, url }: RecordedRequest): string => {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname}`
}

const protocolOf = ({ method, url }: RecordedRequest): string =>
  `${method} ${protocolAt(new URL(url).pathname) ?? addressOf({ method, url } as RecordedRequest)}`

/** The share of leaves that both have, from 0 to 1. */
function likeness(one: unknown, other: unknown): number {
  if (sortedJson(one) === sortedJson(other)) return 1
  const [a, b] = [leavesOf(one), leavesOf(other)]
  let common = 0
  for (const leaf of a) if (b.has(leaf)) common++
  return (common / Math.max(1, a.size + b.size - common)) * 0.999
}

function leavesOf(value: unknown, path = '', leaves = new Set<string>()): Set<string> {
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) leavesOf(inner, `${path}.${key}`, leaves)
  else leaves.add(`${path} ${value}`)
  return leaves
}

function isAbove(one: readonly number[], other: readonly number[]): boolean {
  for (const [n, value] of one.entries()) if (value !== other[n]) return value > other[n]!
  return false
}
