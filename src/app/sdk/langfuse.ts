// Chunk `langfuse`: LangFuse's own client, loaded at the first score.
import { Langfuse } from 'langfuse'
import { isFinal } from '../../shared/config/langfuse-answers'
import { type AcceptedAttempt, createTransport, type Failure, type Transport } from '../delivery/retrying-transport'
import type { Score } from '../llm/report/quality/score'

export interface LangfuseOptions {
  /** Base URL. */
  readonly host: string
  readonly publicKey: string
  readonly secretKey: string
  /** `deployment.environment.name`, as LangFuse reads it from the spans. */
  readonly environment: string | undefined
}

export interface Delivered {
  /** Why some were not taken, in words; undefined when all were. */
  readonly problem?: string
  /** Of those, the ones that may be taken later; the others never will. */
  readonly waiting: readonly Score[]
  /** The HTTP status, where LangFuse refused the whole request; otherwise nobody answered. */
  readonly status?: number
}

export interface LangfuseScores {
  /** Never rejects. */
  send(scores: readonly Score[], flushing: AbortSignal): Promise<Delivered>
}

export function createLangfuseScores(options: LangfuseOptions): LangfuseScores {
  const client = new Client(options)
  return {
    async send(scores, flushing) {
      client.flushing = flushing
      for (const score of scores) client.score({ ...score, comment: score.comment ?? null })
      await client.flushAsync()
      const [post] = client.posts.splice(0)
      if (!post) return { waiting: [] }
      const { result, events } = post
      if (result.ok) return refusedOf(result.body.toString(), scores, events)
      const status = Number(result.type) || undefined
      const isOver = status === undefined ? !result.retryable : isFinal(status)
      return { problem: result.reason, waiting: isOver ? [] : scores, ...(status !== undefined && { status }) }
    },
  }
}

/** What the client puts around a score. */
interface Event {
  readonly id: string
  readonly body: { readonly id?: string }
}

/**
 * Makes the requests; they are posted by our transport. The client's own way would hold a process that has ended by its
 * retry timers, and prints failures to the app's console.
 */
class Client extends Langfuse {
  flushing = new AbortController().signal
  /** One for each flush: a batch is smaller than what the client would part. */
  readonly posts: { readonly events: readonly Event[]; readonly result: AcceptedAttempt | Failure }[] = []
  #transport: Transport | undefined

  constructor({ host, publicKey, secretKey, environment }: LangfuseOptions) {
    super({
      publicKey,
      secretKey,
      baseUrl: host,
      environment: environmentOf(environment),
      // scores follow the decision on their trace, which has been made; batches are the caller's
      sampleRate: 1,
      flushAt: 1_000,
      flushInterval: 0,
      fetchRetryCount: 0,
    })
  }

  override async fetch(url: string, { headers, body = '' }: Parameters<Langfuse['fetch']>[1]) {
    const target = {
      url,
      headers,
      protocol: 'http/json',
      gzip: false,
      timeoutMs: 30_000,
      certificate: undefined,
      clientCertificate: undefined,
      clientKey: undefined,
    } as const
    this.#transport ??= createTransport(target, status => status === 429 || status >= 500)
    const { batch: events } = JSON.parse(String(body)) as { batch: Event[] }
    this.posts.push({ events, result: await this.#transport.post(Buffer.from(body), this.flushing) })
    return { status: 200, text: async () => '', json: async () => ({}), arrayBuffer: async () => new ArrayBuffer(0) }
  }
}

/** LangFuse answers 207 with what it thinks of each event of the batch. */
function refusedOf(answer: string, scores: readonly Score[], events: readonly Event[]): Delivered {
  const errors = errorsOf(answer)
  const [first] = errors
  if (!first) return { waiting: [] }
  const passing = new Set(errors.filter(({ status = 400 }) => !isFinal(status)).map(({ id }) => id))
  const again = new Set(events.filter(({ id }) => passing.has(id)).map(({ body }) => body.id))
  return {
    problem: `${errors.length} refused, the first with ${first.status} ${first.message ?? ''}`.trim(),
    waiting: scores.filter(({ id }) => again.has(id)),
  }
}

function errorsOf(answer: string): { id?: string; status?: number; message?: string }[] {
  try {
    const { errors } = JSON.parse(answer) as { errors?: unknown }
    return Array.isArray(errors) ? errors : []
  } catch {
    return []
  }
}

/** What LangFuse makes of the environment on spans (its OTel ingestion), so that a score has the environment of its trace. */
function environmentOf(name: string | undefined): string {
  const environment = name?.toLowerCase().replace(/^langfuse-/, '')
  return environment !== undefined && /^(?!langfuse)[a-z0-9_-]{1,40}$/.test(environment) ? environment : 'default'
}
