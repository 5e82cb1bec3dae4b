// Token usage in Bedrock's format.

import type { Usage } from '../../usage'
import { count, type Doc, doc, docs } from '../../wire/json'
import type { HeaderOf } from '../protocol'

/** Part of the last chunk of every streamed invocation. */
export const METRICS = 'amazon-bedrock-invocationMetrics'

/** For converse and for Nova's own messages, which use other names for cached tokens. The input count excludes cached tokens. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const cacheRead = count(counts.cacheReadInputTokens) ?? count(counts.cacheReadInputTokenCount)
  const cacheWrite = count(counts.cacheWriteInputTokens) ?? count(counts.cacheWriteInputTokenCount)
  const kept = (ttl: string) => count(docs(counts.cacheDetails).find(detail => detail.ttl === ttl)?.inputTokens)
  return together({
    input: count(counts.inputTokens),
    output: count(counts.outputTokens),
    cacheRead,
    cacheWrite,
    cacheWrite5m: kept('5m'),
    cacheWrite1h: kept('1h'),
  })
}

/** Optimized latency is charged like a separate tier. */
export function tierOf(tier: string | undefined, latency: string | undefined): string | undefined {
  return latency === 'optimized' ? 'latency:optimized' : tier
}

/** Bedrock's own counts, for models that don't report any: in the headers, or at the end of a stream. */
export function countedOf(answer: Doc, header: HeaderOf): Usage | undefined {
  const metrics = doc(answer[METRICS])
  const of = (kind: string) => {
    const counts = header(`x-amzn-bedrock-${kind}-token-count`)
    return counts && /^\d{1,15}$/.test(counts) ? Number(counts) : undefined
  }
  return together({
    input: of('input') ?? count(metrics?.inputTokenCount),
    output: of('output') ?? count(metrics?.outputTokenCount),
    cacheRead: of('cache-read-input') ?? count(metrics?.cacheReadInputTokenCount),
    cacheWrite: of('cache-write-input') ?? count(metrics?.cacheWriteInputTokenCount),
  })
}

function together(usage: Usage): Usage | undefined {
  const { input, output, cacheRead, cacheWrite } = usage
  if (input === undefined && output === undefined) return undefined
  return { ...usage, input: input === undefined ? undefined : input + (cacheRead ?? 0) + (cacheWrite ?? 0) }
}
