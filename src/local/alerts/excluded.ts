// The times of a file in which nothing counts, as the PromQL of src/slo/exclude.ts has them.
import type { Exclusion } from '../../slo/spec'

/** @param at milliseconds since 1970 */
export function isExcluded(exclusions: readonly Exclusion[], at: number): boolean {
  if (exclusions.length === 0) return false
  const time = new Date(at)
  const minute = time.getUTCHours() * 60 + time.getUTCMinutes()
  const today = time.getUTCDay()
  const yesterday = (today + 6) % 7
  return exclusions.some(exclusion => {
    if (exclusion.kind === 'once') return at >= exclusion.start.getTime() && at < exclusion.end.getTime()
    const { days, from, to } = exclusion
    if (from < to) return days.includes(today) && minute >= from && minute < to
    return (days.includes(today) && minute >= from) || (days.includes(yesterday) && minute < to)
  })
}
