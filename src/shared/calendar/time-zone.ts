/**
 * Days of a time zone as moments. Node's own `Intl` knows the IANA database; docs/decisions/0032 compares it with others.
 * A date is written `YYYY-MM-DD`, a moment is in milliseconds since 1970.
 */
import { nearest } from '../config/nearest'
import { dateOf } from './dates'
import { timeZoneNamed } from './time-zone-names'

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
  if (timeZoneNamed(name) !== undefined) return undefined
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
