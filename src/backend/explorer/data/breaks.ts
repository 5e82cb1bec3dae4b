// Which spans of a trace called another trace, or were called from one.
import type { TraceBreak } from '../../api/break-answers'

/** By the ids of both ends, of which the trace has one. */
export function breaksBySpan(breaks: readonly TraceBreak[]): ReadonlyMap<string, readonly TraceBreak[]> {
  const found = new Map<string, TraceBreak[]>()
  for (const one of breaks)
    for (const { spanId } of [one.caller, one.callee]) found.set(spanId, [...(found.get(spanId) ?? []), one])
  return found
}
