// Traces as an app's exporters send them, in parts, and sent again until they are taken.
import { decide, spansOfOtlp, type TraceTier } from '../../src/shared/tiers'
import type { Random } from '../support/random'
import { idsOf, type Running, until } from './support'
import { exportRequest, type OtlpSpan, trace } from './traces'

export const traces = (random: Random, count: number): OtlpSpan[][] =>
  Array.from({ length: count }, () => trace(random))

/** What a tier has of these traces when nothing is lost. */
export function tierOf(sent: readonly OtlpSpan[][], tier: TraceTier): Map<string, string[]> {
  const lifted = { detailed: ['detailed', 'sampled', 'errors'], sampled: ['sampled', 'errors'], errors: ['errors'] }[
    tier
  ]
  return idsOf(sent.filter(spans => lifted.includes(decide(spansOfOtlp(exportRequest(spans))).tier)).flat())
}

/**
 * Sends each trace in two requests, over four connections. A request that gets no answer, or 503, is sent again.
 * @param to the Collector that takes it now
 * @param taken called after each request that was answered 200
 * @returns ids of the spans that were sent more than once
 */
export async function deliver(
  sent: readonly OtlpSpan[][],
  to: () => Running,
  taken: () => unknown = () => {},
): Promise<Set<string>> {
  const parts = sent.flatMap(spans => [spans.slice(1), spans.slice(0, 1)]).filter(spans => spans.length > 0)
  const again = new Set<string>()
  const work = parts[Symbol.iterator]()
  const connection = async () => {
    for (const spans of work) {
      await until('a request to be taken', async () => {
        const status = await to()
          .send('traces', exportRequest(spans))
          .catch(() => 503)
        if (status === 200) return true
        if (status !== 503) throw new Error(`the Collector answers ${status}`)
        for (const { spanId } of spans) again.add(spanId)
        return false
      })
      taken()
    }
  }
  await Promise.all([connection(), connection(), connection(), connection()])
  return again
}

/** Each id once, however often it was found. */
export const withoutTwins = (found: Map<string, string[]>): Map<string, string[]> =>
  new Map([...found].map(([traceId, ids]) => [traceId, [...new Set(ids)]]))

/** Ids that are there more than once. */
export const twins = (found: Map<string, string[]>): string[] =>
  [...found.values()].flatMap(ids => ids.filter((id, n) => ids[n - 1] === id))
