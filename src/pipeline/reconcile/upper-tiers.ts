// In which tiers above detailed a trace belongs.
import type { TracesData } from '../../shared/otlp/trace'
import { decide, type Policies, spansOfOtlp, type TraceTier } from '../../shared/tiers'

export type UpperTier = Exclude<TraceTier, 'detailed'>

/** None, too, when the trace was removed meanwhile: its three days are over. */
export function upperTiersOf(document: TracesData, policies: Policies): readonly UpperTier[] {
  const spans = spansOfOtlp(document)
  if (spans.length === 0) return []
  const { tier } = decide(spans, policies)
  return tier === 'errors' ? ['sampled', 'errors'] : tier === 'sampled' ? ['sampled'] : []
}
