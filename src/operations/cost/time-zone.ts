/**
 * Days of a time zone as moments. Node's own `Intl` knows the IANA database; docs/decisions/0032 compares it with others.
 * A date is written `YYYY-MM-DD`, a moment is in milliseconds since 1970.
 */
import { nearest } from '../../shared/config/nearest'

const DAY_MS = 86_400_000

/** One for each zone: to make one takes longer than to ask it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, made)
  return made
}

/** Why it is no name of the IANA database, and what is near; undefined where it is one. */
export function wrongTimeZone(name: string): string | undefined {
  // Node takes offsets such as +09:00 as well, in which no clock is ever changed
  if (/^(?:UTC|[A-Za-z]+(?:[_-][A-Za-z]+)*(?:\/[A-Za-z0-9_+-]+)+)$/.test(name)) {
    try {
      formatOf(name)
      return undefined
    } catch {
      // what is near is said below
    }
  }
  const guess = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')])
  return `unknown time zone "${name}"; use an IANA name such as Asia/Tokyo; did you mean "${guess}"?`
}

/** What clocks show in the zone, as if it were UTC. */
function clockOf(at: number, timeZone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value)
  const { year, month, day, hour, minute, second } = part as Record<string, number>
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}

/** Milliseconds that clocks of the zone are before UTC's. */
const offsetAt = (at: number, timeZone: string): number => clockOf(at, timeZone) - Math.floor(at / 1_000) * 1_000

export const dateAt = (at: number, timeZone: string): string => dateOf(clockOf(at, timeZone))

const dateOf = (utc: number): string => new Date(utc).toISOString().slice(0, 10)

/** Whether it is written `YYYY-MM-DD`, and the calendar has it. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && dateOf(time) === text
}

/** @param days may be below 0 */
export const addDays = (date: string, days: number): string => dateOf(Date.parse(date) + days * DAY_MS)

/** 0 is Monday. */
export const weekdayOf = (date: string): number => (new Date(date).getUTCDay() + 6) % 7

/** Of a month that follows by so many. @returns its first day */
export function addMonths(date: string, months: number): string {
  const [year, month] = date.split('-').map(Number) as [number, number]
  return dateOf(Date.UTC(year, month - 1 + months, 1))
}

/**
 * The first moment of a day. Where the clocks skip midnight that is the moment in which they do; where they show midnight twice, the
 * first of both, as in java.time and in Temporal. Of a day that a zone skipped altogether it is the first moment of the next.
 */
export function startOfDay(date: string, timeZone: string): number {
  const midnight = Date.parse(date)
  const [before, after] = [midnight - DAY_MS, midnight + DAY_MS]
  const offsets = [offsetAt(before, timeZone), offsetAt(after, timeZone)]
  const valid = offsets.map(offset => midnight - offset).filter(at => clockOf(at, timeZone) === midnight)
  if (valid.length > 0) return Math.min(...valid)
  // the clocks jump over it: the moment lies where they first show something later
  let [early, late] = [before, after]
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (clockOf(middle, timeZone) < midnight) early = middle
    else late = middle
  }
  return late
}
