// Keeps the state and reacts to it. The state is in a Durable Object: KV may return a value from a minute ago, which would cause a second
// post, and KV allows free accounts only 1,000 writes a day, less than one a minute.
import { type Language, messageOf } from './discord'
import { metricsOf } from './metrics'
import type { Result } from './probe'
import { advance, firstState, type MonitorState, type Post } from './state'

/** The used part of a Durable Object's storage. */
export interface Storage {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
}

export interface MonitorOptions {
  readonly service: string
  readonly language: Language
  /** A secret. If absent, nothing is posted. */
  readonly discordWebhookUrl?: string
  /** Maximum age of the last heartbeat. Absent if no heartbeats are expected. */
  readonly heartbeatMaxAgeMs?: number
  /** The destination of metrics. The headers are secrets. */
  readonly metrics?: { readonly url: string; readonly headers: Readonly<Record<string, string>> }
  readonly fetch: typeof fetch
  /** ms since 1970 */
  readonly now: () => number
}

const STATE = 'state'
const HEARTBEAT = 'heartbeat'
const DEADLINE_MS = 10_000
/** Milliseconds after which an undelivered post is dropped as outdated. */
const OLDEST_POST_MS = 24 * 3_600_000

export class Monitor {
  /** Serializes runs, because two at once would both post the same change. */
  #runs: Promise<void> = Promise.resolve()

  constructor(
    private readonly storage: Storage,
    private readonly options: MonitorOptions,
  ) {}

  /** Records a heartbeat of the Watchdog, under a separate key because a run may write the state at the same moment. */
  heartbeat(): Promise<void> {
    return this.storage.put(HEARTBEAT, this.options.now())
  }

  /**
   * Evaluates the probe results of a minute, then sends posts and metrics.
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

  /** A post is marked before it is sent and removed once Discord has it. So no post is lost, and a duplicate says that it may be one. */
  async #deliver(state: MonitorState): Promise<void> {
    const { now } = this.options
    let outbox = state.outbox.filter(({ at }) => now() - at < OLDEST_POST_MS)
    while (outbox.length > 0) {
      const [post, ...others] = outbox as [Post, ...Post[]]
      await this.storage.put(STATE, { ...state, outbox: [{ ...post, mayBeTwice: true }, ...others] })
      const outcome = await this.#post(post)
      if (outcome === 'unknown') return
      // a refused post was not delivered
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
      // with `wait`, a success means that the message exists
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
