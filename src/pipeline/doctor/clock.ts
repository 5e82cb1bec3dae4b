// Whether another machine's clock agrees with this one's.

import { type Check, checksOf } from './check'
import type { Answered } from './probe-request'

/** Spans that are this much older or newer than they seem fall out of the newest minutes of a search, and confuse waterfalls. */
const mostSeconds = 3

/** @returns nothing when the answer had no date */
export function clockCheck(part: Check['part'], { aheadSeconds }: Answered): Check[] {
  if (aheadSeconds === undefined) return []
  const { holds, fails } = checksOf(part)
  if (Math.abs(aheadSeconds) <= mostSeconds) return [holds('clock', 'in sync with this machine')]
  const seconds = Math.round(Math.abs(aheadSeconds))
  return [
    fails(
      'clock',
      `${seconds} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} this machine: searches for new spans use the wrong time; synchronize both clocks with NTP`,
    ),
  ]
}
