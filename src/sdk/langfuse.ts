// Chunk `langfuse`: LangFuse's own client, loaded at the first score. Called by `scores.ts`.
import { Langfuse } from 'langfuse'
import { createTransport, type Transport } from '../delivery/transport'
import type { Score } from '../llm/quality/score'

export interface LangfuseOptions {
  /** Base URL. */
  readonly host: string
  readonly publicKey: string
  readonly secretKey: string
  /** `deployment.environment.name`, as LangFuse reads it from the spans. */
  readonly environment: string | undefined
}

export interface LangfuseScores {
  /** Resolves to `undefined` when all were taken, else to the reason in words. Never rejects. */
  send(scores: readonly Score[], flushing: AbortSignal): Promise<string | undefined>
}

export function createLangfuseScores(options: LangfuseOptions): LangfuseScores {
  const client = new Client(options)
  return {
    async send(scores, flushing) {
      client.flushing = flushing
      client.failed = undefined
      for (const score of scores) client.score({ ...score, comment: score.comment ?? null })
      await client.flushAsync()
      return client.failed
    },
  }
}

/**
 * Makes the requests; they are posted by our transport. The client's own way would hold a process that has ended by its
 * retry timers, and prints failures to the app's console.
 */
class Client extends Langfuse {
  flushing = new AbortController().signal
  failed: string | undefined
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
    this.#transport ??= createTransport({
      url,
      headers,
      protocol: 'http/json',
      gzip: false,
      timeoutMs: 30_000,
      certificate: undefined,
      clientCertificate: undefined,
      clientKey: undefined,
    })
    const result = await this.#transport.post(Buffer.from(body), this.flushing)
    this.failed = result.ok ? refused(result.body.toString()) : result.reason
    return { status: 200, text: async () => '', json: async () => ({}), arrayBuffer: async () => new ArrayBuffer(0) }
  }
}

/** LangFuse answers 207 with what it thinks of each event of the batch. */
function refused(answer: string): string | undefined {
  try {
    const { errors = [] } = JSON.parse(answer) as { errors?: { status?: number; message?: string }[] }
    const [first] = errors
    return first && `${errors.length} refused, the first with ${first.status} ${first.message ?? ''}`.trim()
  } catch {
    return undefined
  }
}

/** What LangFuse makes of the environment on spans (its OTel ingestion), so that a score stands beside its trace. */
function environmentOf(name: string | undefined): string {
  const environment = name?.toLowerCase().replace(/^langfuse-/, '')
  return environment !== undefined && /^(?!langfuse)[a-z0-9_-]{1,40}$/.test(environment) ? environment : 'default'
}
