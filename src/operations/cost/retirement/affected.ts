/** The calls that each retirement affects, and the cost of the same calls with the recommended replacement. */
import type { Call, Pricing } from '../advice/call'
import type { RetirementOf } from './lookup'
import { daysUntil, type Retirement } from './retirement'

export interface Affected extends Retirement {
  /** Days until the retirement; 0 or less once it has happened. */
  readonly days: number
  readonly calls: number
  /** Share of all calls, 0 to 1. */
  readonly share: number
  readonly services: readonly string[]
  readonly features: readonly string[]
  /** USD per 1,000 of these calls; undefined if a call has no price. */
  readonly costPerThousand: number | undefined
  /** The same for the replacement, with equal tokens and no caching. */
  readonly replacementPerThousand: number | undefined
}

/** Sorted by date. @param now milliseconds since 1970 */
export function affectedBy(
  calls: readonly Call[],
  retirementOf: RetirementOf,
  price: Pricing,
  now: number,
): Affected[] {
  const groups = new Map<string, { retirement: Retirement; calls: Call[] }>()
  for (const call of calls) {
    const retirement = retirementOf(call.provider, call.model)
    if (!retirement) continue
    const key = JSON.stringify([call.provider, call.model])
    const group = groups.get(key)
    if (group) group.calls.push(call)
    else groups.set(key, { retirement: { ...retirement, model: call.model }, calls: [call] })
  }
  return Array.from(groups.values(), ({ retirement, calls: own }) => {
    const { replacement } = retirement
    return {
      ...retirement,
      days: daysUntil(retirement, now),
      calls: own.length,
      share: own.length / calls.length,
      services: distinct(own.map(({ service }) => service)),
      features: distinct(own.flatMap(({ feature }) => feature ?? [])),
      costPerThousand: perThousand(own, call => price(call)),
      replacementPerThousand:
        replacement === undefined
          ? undefined
          : perThousand(own, call => price(call, { model: replacement, at: now, cacheRead: 0, cacheWrite: 0 })),
    }
  }).toSorted((a, b) => a.days - b.days || b.calls - a.calls)
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].toSorted()

function perThousand(calls: readonly Call[], price: (call: Call) => number | undefined): number | undefined {
  let sum = 0
  for (const call of calls) {
    const usd = price(call)
    if (usd === undefined) return undefined
    sum += usd
  }
  return (sum * 1_000) / calls.length
}
