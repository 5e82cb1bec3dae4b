// The way of scores to LangFuse, which takes them through its own API alone: redacted, in batches, tried again.
// Nothing is read or sent without both keys.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import {
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
} from '../../../semconv'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { loadChunk } from '../chunks'
import type { Score } from '../llm/report/quality/score'
import { afterExitListeners } from './exit'
import type { LangfuseScores } from './langfuse'
import { type Outcome, ScoreQueue } from './score-queue'

export interface ScoreDelivery {
  add(score: Score): void
  flush(): Promise<void>
}

/** Characters of a text. */
const longest = 10_000
/** An outage may be over soon; a key is changed by somebody. */
const [outagePauseMs, refusalPauseMs] = [5_000, 30_000]

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
  let isWatched = false
  /** It was said that the last scores were not taken. */
  let isSaid = false

  /** What waits for LangFuse ends with the process. */
  function watchExit(): void {
    if (isWatched) return
    isWatched = true
    afterExitListeners(() => {
      if (queue.size > 0 && !isSaid) undelivered(host, 'the process ended before LangFuse had taken them')
    })
  }

  async function send(scores: readonly Score[], flushing: AbortSignal): Promise<Outcome> {
    try {
      client ??= loadChunk('langfuse').createLangfuseScores(options)
      const { problem, waiting, status } = await client.send(scores, flushing)
      isSaid = problem !== undefined
      if (problem !== undefined) undelivered(host, `${problem}; ${adviceOn(status, waiting.length > 0)}`)
      return { waiting, pauseMs: status !== undefined && status < 500 ? refusalPauseMs : outagePauseMs }
    } catch (error) {
      undelivered(host, reason(error))
      return { waiting: [], pauseMs: 0 }
    }
  }

  const queue = new ScoreQueue({
    onDropped: () => undelivered(host, 'too many wait already; what comes now is dropped'),
    send: (scores, flushing) => context.with(suppressTracing(ROOT_CONTEXT), send, undefined, scores, flushing),
  })
  return {
    add(score) {
      watchExit()
      queue.add(redactedScore(score, redactor))
    },
    flush: () => queue.flush(),
  }
}

/** What is wrong with what, by the status of the whole request. */
function adviceOn(status: number | undefined, wait: boolean): string {
  if (!wait) return 'they are dropped'
  if (status === undefined) return 'they wait; start LangFuse there, or correct LANGFUSE_HOST'
  if (status === 401 || status === 403)
    return 'they wait; LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY have to be those of a project there'
  if (status === 429) return 'they wait for its rate limit'
  if (status >= 500) return 'they wait; its log says what is away: S3, Redis or a database'
  return 'they wait; correct LANGFUSE_HOST'
}

/** Each part as what it is on the span: an explanation is message content, and leaves only where that does. */
export function redactedScore({ name, value, comment, metadata, ...score }: Score, redactor: Redactor): Score {
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
  report('AFN171', `scores could not be delivered to ${new URL(host).origin} (${why})`)
}
