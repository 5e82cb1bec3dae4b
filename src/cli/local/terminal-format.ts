// How the terminal writes times, money and traces.

import type { FoundTrace, TraceFacts } from '../../backend/api/answers'
import { money } from '../../operations/cost/money'
import { localTime } from '../../shared/queries/local-time'
import { styled } from '../terminal'

/** Cut and not rounded, since a list has whole milliseconds: both say the same of one trace. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`
  if (ms < 10) return `${Math.trunc(ms * 10) / 10} ms`
  if (ms < 1_000) return `${Math.trunc(ms)} ms`
  return ms < 60_000 ? `${(Math.trunc(ms / 10) / 100).toFixed(2)} s` : `${(Math.trunc(ms / 6_000) / 10).toFixed(1)} min`
}

/** What calls cost together. A sum that leaves calls out is the least that they cost. Empty where there is nothing to pay for. */
type Costs = Pick<TraceFacts, 'costUsd' | 'unpriced' | 'calls'> & Partial<Pick<TraceFacts, 'unpricedBy'>>

export function costOf({ costUsd, unpriced, unpricedBy, calls }: Costs): string {
  if (costUsd === null && unpriced > 0 && unpricedBy?.no_usage === unpriced) return 'tokens unknown'
  if (costUsd === null) return unpriced > 0 ? 'unpriced' : ''
  return unpriced > 0 ? `>= ${money(costUsd, 'USD')} (${unpriced} of ${calls} unpriced)` : money(costUsd, 'USD')
}

export const columns = ['START', 'TIER', 'SERVICE', 'ROOT', 'DURATION', 'CALLS', 'COST', 'MODELS', 'TRACE'] as const

/** Colours of a cell, by its column. */
export function paint(text: string, heading: string): string {
  if (heading === 'TIER' && text === 'errors') return styled('red', text)
  if (heading === 'COST' && /unpriced|unknown/.test(text)) return styled('yellow', text)
  if (heading === 'DETAILS')
    return text.replace(/^ERROR.*|\bunpriced\b|\btokens unknown\b.*?on\b/, part =>
      styled(part.startsWith('ERROR') ? 'red' : 'yellow', part),
    )
  return text
}

/** A cell for each of the columns. */
export function cells(trace: FoundTrace): string[] {
  const { afn, rootServiceName = '', rootTraceName = '', durationMs = 0, traceID, startTimeUnixNano } = trace
  const isRooted = rootServiceName !== '<root span not yet received>'
  return [
    localTime(Number(BigInt(startTimeUnixNano) / 1_000_000n)),
    afn?.tier ?? '',
    isRooted ? rootServiceName : '',
    isRooted ? rootTraceName : '(root not received)',
    duration(durationMs),
    String(afn?.calls ?? ''),
    // a server of an earlier version does not say what has no price
    afn ? costOf({ ...afn, unpriced: afn.unpriced ?? 0 }) : '',
    afn?.models.join(', ') ?? '',
    traceID.padStart(32, '0'),
  ]
}
