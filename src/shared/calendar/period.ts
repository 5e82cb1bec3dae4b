/** The times over which a budget is counted: calendar days, weeks from Monday on and months, by the clocks of the account. */
import { addDays, addMonths, weekdayOf } from './dates'
import { dateAt, startOfDay } from './time-zone'

export const periodKinds = ['day', 'week', 'month'] as const
export type PeriodKind = (typeof periodKinds)[number]

/** Milliseconds since 1970; the start belongs to it, the end does not. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Period extends Span {
  readonly kind: PeriodKind
  /** Its name: `2026-11-27`, `2026-W48` (ISO 8601), `2026-11`. */
  readonly id: string
}

export function periodAt(kind: PeriodKind, at: number, timeZone: string): Period {
  const today = dateAt(at, timeZone)
  const first = firstDayOf(kind, today)
  const period = periodFrom(kind, first, timeZone)
  // an hour that the clocks show twice may carry the date of the day before
  return at >= period.end ? periodFrom(kind, nextOf(kind, first), timeZone) : period
}

function periodFrom(kind: PeriodKind, first: string, timeZone: string): Period {
  const [start, end] = [startOfDay(first, timeZone), startOfDay(nextOf(kind, first), timeZone)]
  return { kind, id: idOf(kind, first), start, end }
}

function firstDayOf(kind: PeriodKind, date: string): string {
  if (kind === 'month') return `${date.slice(0, 8)}01`
  return kind === 'week' ? addDays(date, -weekdayOf(date)) : date
}

function nextOf(kind: PeriodKind, first: string): string {
  return kind === 'month' ? addMonths(first, 1) : addDays(first, kind === 'week' ? 7 : 1)
}

function idOf(kind: PeriodKind, first: string): string {
  if (kind === 'month') return first.slice(0, 7)
  return kind === 'week' ? isoWeek(first) : first
}

/** A week belongs to the year that its Thursday is in. */
function isoWeek(monday: string): string {
  const thursday = addDays(monday, 3)
  const year = thursday.slice(0, 4)
  const days = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000
  return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`
}

/** A calendar day. */
export interface Day extends Span {
  readonly date: string
}

/** The days that the span touches, the first and the last cut to it. A day that the zone skipped is none. */
export function daysOf({ start, end }: Span, timeZone: string): Day[] {
  const days: Day[] = []
  let date = dateAt(start, timeZone)
  for (let from = start; from < end; date = addDays(date, 1)) {
    const to = Math.min(startOfDay(addDays(date, 1), timeZone), end)
    if (to > from) days.push({ date, start: from, end: to })
    from = Math.max(from, to)
  }
  return days
}

/** Of an hour each, the last cut to the end; the clocks may show one of them twice, and none is longer or shorter. */
export function hoursOf({ start, end }: Span): Span[] {
  const hours: Span[] = []
  for (let from = start; from < end; from += 3_600_000)
    hours.push({ start: from, end: Math.min(from + 3_600_000, end) })
  return hours
}
