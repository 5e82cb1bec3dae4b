// The way of scores to LangFuse, which takes them through its own API alone: redacted, in batches, tried again. Called by
// `quality.ts`. Nothing is read or sent without both keys.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import {
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
} from '../../semconv'
import { loadChunk } from '../chunks'
import type { Settings } from '../config/settings'
import { BatchQueue } from '../delivery/queue'
import { reason, report } from '../diag/report'
import type { Score } from '../llm/quality/score'
import type { Redactor } from '../redact'
import type { LangfuseScores } from './langfuse'

export interface ScoreDelivery {
  add(score: Score): void
  flush(): Promise<void>
}

/** LangFuse's client takes requests up to 2.5 MB. */
const batchBytes = 2 ** 20
const limitBytes = 8 * 2 ** 20
/** Characters of a text. */
const longest = 10_000

/** @param environment what the resource calls it */
export function createScores(
  settings: Settings,
  redactor: Redactor,
  environment: string | undefined,
): ScoreDelivery | undefined {
  const { langfuseHost: host, langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = settings
  if (publicKey === undefined || secretKey === undefined) return undefined
  const options = { host, publicKey, secretKey, environment }
  let client: LangfuseScores | undefined

  async function send(batch: readonly Score[], flushing: AbortSignal): Promise<void> {
    try {
      client ??= loadChunk('langfuse').createLangfuseScores(options)
      const failed = await client.send(batch, flushing)
      if (failed !== undefined) undelivered(host, failed)
    } catch (error) {
      undelivered(host, reason(error))
    }
  }

  const queue = new BatchQueue<Score>({
    limit: 2_048,
    limitBytes,
    batchSize: 100,
    batchBytes,
    delayMs: 1_000,
    flushTimeoutMs: 30_000,
    onDropped: () => undelivered(host, 'too many wait already'),
    send: (batch, flushing) => context.with(suppressTracing(ROOT_CONTEXT), send, undefined, batch, flushing),
  })
  return {
    add(score) {
      const redacted = redactedScore(score, redactor)
      queue.add(redacted, Buffer.byteLength(JSON.stringify(redacted)))
    },
    flush: () => queue.flush(),
  }
}

/** Each part as what it is on the span: an explanation is message content, and leaves only where that does. */
function redactedScore({ name, value, comment, metadata, ...score }: Score, redactor: Redactor): Score {
  const text = (key: string, value: unknown) => (redactor.value(key, value) as string | undefined)?.slice(0, longest)
  const { label, evaluator } = metadata
  return {
    ...score,
    name: text(ATTR_GEN_AI_EVALUATION_NAME, name) ?? '',
    value: typeof value === 'string' ? (text(ATTR_GEN_AI_EVALUATION_SCORE_LABEL, value) ?? '') : value,
    comment: text(ATTR_GEN_AI_EVALUATION_EXPLANATION, comment),
    metadata: {
      ...metadata,
      ...(label !== undefined && { label: text(ATTR_GEN_AI_EVALUATION_SCORE_LABEL, label) ?? '' }),
      ...(evaluator !== undefined && { evaluator: text(ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME, evaluator) ?? '' }),
    },
  }
}

function undelivered(host: string, why: string): void {
  report(
    'AFN171',
    `scores could not be delivered to ${new URL(host).origin} (${why}); look at LANGFUSE_HOST and the keys`,
  )
}
