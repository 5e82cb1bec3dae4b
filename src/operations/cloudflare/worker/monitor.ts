// Keeps the state, and acts upon it. Its storage is that of a Durable Object: KV may answer with what it had a minute ago, which would be a
// second post; and KV takes 1,000 writes a day of a free account, where a day has 1,440 minutes.
import { type Language, messageOf } from './discord'
import { metricsOf } from './metrics'
import type { Result } from './probe'
import { advance, firstState, type MonitorState, type Post } from './state'

/** What of the storage of a Durable Object is used. */
export interface Storage {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
}

export interface MonitorOptions {
  readonly service: string
  readonly language: Language
  /** A secret. Without it there are no posts. */
  readonly discordWebhookUrl?: string
  /** How old the last heartbeat may be. Absent where nobody sends any. */
  readonly heartbeatMaxAgeMs?: number
  /** Where metrics go. The headers are secrets. */
  readonly metrics?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
  readonly fetch: typeof fetch
  /** ms since 1970 */
  readonly now: () => number
}

const STATE = 'state'
const HEARTBEAT = 'heartbeat'
const DEADLINE_MS = 10_000
/** What Discord did not take for so long is no news. */
const OLDEST_POST_MS = 24 * 3_600_000

export class Monitor {
  /** Two runs at once would both post what is new. */
  #runs: Promise<void> = Promise.resolve()

  constructor(
    private readonly storage: Storage,
    private readonly options: MonitorOptions,
  ) {}

  /** Notes that the Watchdog was here. It has a key of its own: a run may write at the same moment. */
  heartbeat(): Promise<void> {
    return this.storage.put(HEARTBEAT, this.options.now())
  }

  /**
   * What follows from the probes of a minute: posts, and metrics.
   * @param scheduledAt ms since 1970
   */
  minute(scheduledAt: number, results: readonly Result[]): Promise<void> {
    this.#runs = this.#runs.catch(() => {}).then(() => this.#minute(scheduledAt, results))
    return this.#runs
  }

  async #minute(scheduledAt: number, results: readonly Result[]): Promise<void> {
    const { now, service, heartbeatMaxAgeMs: maxAgeMs } = this.options
    const lastAt = await this.storage.get<number>(HEARTBEAT)
    const watched = maxAgeMs === undefined ? {} : { heartbeat: { maxAgeMs, ...(lastAt !== undefined && { lastAt }) } }
    const before = (await this.storage.get<MonitorState>(STATE)) ?? firstState(scheduledAt)
    const after = advance(before, { scheduledAt, results, ...watched })
    await this.storage.put(STATE, after)
    const age = maxAgeMs === undefined || lastAt === undefined ? {} : { heartbeatAge: (now() - lastAt) / 1_000 }
    await Promise.all([this.#deliver(after), this.#measure(metricsOf({ service, at: now(), results, ...age }))])
  }

  /** A post is marked before it is sent, and forgotten when Discord has it: none is lost, and one that comes twice says so. */
  async #deliver(state: MonitorState): Promise<void> {
    const { now } = this.options
    let outbox = state.outbox.filter(({ at }) => now() - at < OLDEST_POST_MS)
    while (outbox.length > 0) {
      const [post, ...others] = outbox as [Post, ...Post[]]
      await this.storage.put(STATE, { ...state, outbox: [{ ...post, mayBeTwice: true }, ...others] })
      const outcome = await this.#post(post)
      if (outcome === 'unknown') return
      // what was refused is not there
      outbox = outcome === 'done' ? others : outbox
      await this.storage.put(STATE, { ...state, outbox })
      if (outcome === 'refused') return
    }
  }

  async #post(post: Post): Promise<'done' | 'refused' | 'unknown'> {
    const { discordWebhookUrl, fetch, service, language } = this.options
    if (discordWebhookUrl === undefined) return 'done'
    try {
      const url = new URL(discordWebhookUrl)
      // only then is the answer that of a message which is there
      url.searchParams.set('wait', 'true')
      const response = await sendJson(fetch, url.href, {}, messageOf(post, service, language))
      if (response.ok) return 'done'
      console.error(`[@afn/otel] Discord answers ${response.status}; the post waits for the next minute`)
      return response.status < 500 ? 'refused' : 'unknown'
    } catch (error) {
      console.error(
        `[@afn/otel] Discord cannot be reached (${(error as Error).name}); the post waits for the next minute`,
      )
      return 'unknown'
    }
  }

  async #measure(request: object): Promise<void> {
    const { metrics, fetch } = this.options
    if (metrics === undefined) return
    try {
      const { ok, status } = await sendJson(fetch, metrics.url, metrics.headers, request)
      if (!ok) console.error(`[@afn/otel] the metrics of this minute are lost: the Collector answers ${status}`)
    } catch (error) {
      console.error(`[@afn/otel] the metrics of this minute are lost (${(error as Error).name})`)
    }
  }
}

async function sendJson(send: typeof fetch, url: string, headers: Readonly<Record<string, string>>, body: object) {
  const response = await send(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  await response.body?.cancel()
  return response
}
