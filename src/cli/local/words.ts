// How the terminal writes times, money and traces.
import type { FoundTrace } from '../../local/api/answers'

export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`
  if (ms < 1_000) return `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`
  return ms < 60_000 ? `${(ms / 1_000).toFixed(2)} s` : `${(ms / 60_000).toFixed(1)} min`
}

/** Six digits behind the point: an answer of a small model costs some millionths. Empty where no price is known. */
export const usd = (cost: number | null | undefined): string =>
  cost === null || cost === undefined ? '' : `${Number(cost.toFixed(6))} USD`

/** UTC, to the second. */
export const time = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')

export const columns = ['START', 'TIER', 'SERVICE', 'ROOT', 'DURATION', 'CALLS', 'COST', 'MODELS', 'TRACE'] as const

/** A cell for each of the columns. */
export function cells(trace: FoundTrace): string[] {
  const { afn, rootServiceName = '', rootTraceName = '', durationMs = 0, traceID, startTimeUnixNano } = trace
  const isRooted = rootServiceName !== '<root span not yet received>'
  return [
    time(Number(BigInt(startTimeUnixNano) / 1_000_000n)),
    afn?.tier ?? '',
    isRooted ? rootServiceName : '',
    isRooted ? rootTraceName : '(root not received)',
    duration(durationMs),
    String(afn?.calls ?? ''),
    usd(afn?.costUsd),
    afn?.models.join(', ') ?? '',
    traceID.padStart(32, '0'),
  ]
}
