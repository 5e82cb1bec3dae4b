/** A month in UTC. */
import { addMonths, dateOf } from '../../shared/calendar/dates'

const DAY = 86_400

export interface Month {
  /** Such as `2026-10`. */
  readonly name: string
  /** Unix time in seconds. */
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** @throws Error for an invalid month */
export function monthOf(name: string): Month {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(name)) throw new Error(`--month takes a month such as 2026-10, not "${name}"`)
  return { name, start: Date.parse(name) / 1_000, end: Date.parse(addMonths(name, 1)) / 1_000 }
}

/** The month before the one that contains `now`. */
export const lastMonth = (now: number): Month => monthOf(addMonths(dateOf(now * 1_000), -1).slice(0, 7))

/** The days of the month up to a time, with their end and their length in seconds. */
export function daysUntil({ start, end }: Month, until: number): { date: string; end: number; seconds: number }[] {
  const last = Math.min(end, until)
  return Array.from({ length: Math.max(0, Math.ceil((last - start) / DAY)) }, (_, day) => {
    const begin = start + day * DAY
    const ends = Math.min(begin + DAY, last)
    return { date: dateOf(begin * 1_000), end: ends, seconds: ends - begin }
  })
}
