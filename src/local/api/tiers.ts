// Tier of a trace, why, and until when it is kept. Called by the routes that tell it.
import { decide, spansOfOtlp, type TierSpan } from '../../tiers'
import type { Kept, Overview } from './answers'
import { type Period, within } from './parameters'
import type { Parts } from './parts'
import { traceDocument } from './tempo/document'

const daySeconds = 86_400

/** @returns undefined when there is no such trace */
export async function keptOf(parts: Parts, traceId: string): Promise<Kept | undefined> {
  const document = await traceDocument(parts.store, traceId)
  if (!document) return undefined
  const spans: TierSpan[] = spansOfOtlp(document)
  const { tier, reason } = decide(spans, parts.policies)
  const end = Math.max(...spans.map(span => Number(span.end / 1_000_000n) / 1_000))
  const keptUntil = end + parts.retention.traces[tier] * daySeconds
  return { traceId, tier, reason, keptUntil, policies: reason === 'no policy' ? [] : [reason] }
}

export async function tierCounts(parts: Parts, period: Period): Promise<Overview['tiers']> {
  const rows = await parts.store.query(
    `SELECT DISTINCT lpad(lower(hex(s.trace_id)), 32, '0') AS id FROM spans s WHERE ${within(period)} LIMIT 200`,
  )
  const tiers = { detailed: 0, sampled: 0, errors: 0 }
  for (const { id } of rows) {
    const kept = await keptOf(parts, id as string)
    if (kept) tiers[kept.tier]++
  }
  return tiers
}
