// Sorts by trace what was received. Called by verdict.ts.
import type { TracesData } from '../../src/shared/otlp/trace'
import { spansOfOtlp, type TierSpan } from '../../src/shared/tiers'
import type { Received } from './receive'

export function spansByTrace(documents: readonly TracesData[]): Map<string, TierSpan[]> {
  const found = new Map<string, TierSpan[]>()
  for (const span of documents.flatMap(spansOfOtlp)) {
    const others = found.get(span.traceId)
    if (others) others.push(span)
    else found.set(span.traceId, [span])
  }
  return found
}

/** How often each mask stands in the spans and log records of a trace. */
export function masksOf({ traces, logs }: Received, traceId: string | undefined): Map<string, number> {
  const counts = new Map<string, number>()
  const records = [...traces, ...logs].flatMap(recordsOf).filter(record => record.traceId === traceId)
  // As a mask or as a pseudonym: [EMAIL], [EMAIL:0123456789abcdef].
  for (const [, tag = ''] of JSON.stringify(records).matchAll(/\[([A-Z]+)(?::[0-9a-f]{16})?\]/g)) {
    counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  return counts
}

/** Whatever in an OTLP document has a trace id: spans, log records, links. */
function recordsOf(value: unknown): { traceId: string }[] {
  if (Array.isArray(value)) return value.flatMap(recordsOf)
  if (typeof value !== 'object' || value === null) return []
  if ('traceId' in value) return [value as { traceId: string }]
  return Object.values(value).flatMap(recordsOf)
}
