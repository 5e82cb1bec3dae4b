// Durations in words and as clocks show them, and points in time, as Grafana writes them.

interface Options {
  readonly decimals?: number | undefined
  readonly timeZone?: string | undefined
}
type Write = (value: number, options: Options) => string

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

const lengths = [
  ['year', 31_536_000_000],
  ['month', 30 * DAY],
  ['week', 604_800_000],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', 1_000],
  ['millisecond', 1],
] as const

/** The largest unit that fits, and as many smaller ones as there are decimals. */
function inWords(ms: number, zero: 'second' | 'millisecond', decimals = 0): string {
  if (ms === 0) return `0 ${zero}s`
  let rest = Math.abs(ms)
  const first = lengths.findIndex(([, length]) => rest >= length)
  if (first < 0) return '0 milliseconds'
  const parts = lengths.slice(first, first + decimals + 1).map(([name, length]) => {
    const count = Math.floor(rest / length)
    rest %= length
    return `${count} ${name}${count === 1 ? '' : 's'}`
  })
  return parts.join(', ') + (ms < 0 ? ' ago' : '')
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')

/** `03:25:45`, and with days `1 d 01:01:01`. */
function hours(seconds: number, hasDays: boolean): string {
  const size = Math.abs(seconds)
  const days = hasDays ? Math.floor(size / 86_400) : 0
  const rest = size - days * 86_400
  const text = `${two(rest / 3_600)}:${two((rest % 3_600) / 60)}:${two(rest % 60)}`
  return `${days > 0 ? `${days} d ` : ''}${text}${seconds < 0 ? ' ago' : ''}`
}

/** `3h:25m:45s:678ms`; fewer decimals leave out the smaller parts. */
function stopwatch(ms: number, decimals = 3): string {
  const size = Math.abs(ms)
  const millis = `${String(Math.floor(size % 1_000)).padStart(3, '0')}ms`
  const seconds = `${two((size / 1_000) % 60)}s`
  const minutes = `${two((size / MINUTE) % 60)}m`
  if (size < 1_000) return millis
  const parts =
    size < MINUTE
      ? [seconds, millis]
      : size < HOUR
        ? [minutes, seconds, millis]
        : [`${Math.floor(size / HOUR)}h`, minutes, seconds, millis]
  return parts.slice(0, Math.max(1, decimals + 1)).join(':')
}

interface Parts {
  readonly date: { readonly year: string; readonly month: string; readonly day: string }
  readonly hour: number
  readonly rest: string
}

function partsOf(ms: number, timeZone: string | undefined): Parts | undefined {
  if (!(Math.abs(ms) <= 8.64e15)) return undefined
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone !== undefined && { timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const found = Object.fromEntries(format.formatToParts(Math.trunc(ms)).map(({ type, value }) => [type, value]))
  const { year = '', month = '', day = '' } = found
  return { date: { year, month, day }, hour: Number(found.hour), rest: `${found.minute}:${found.second}` }
}

/** Without the date when it is today's. */
const time =
  (dateFirst: (date: Parts['date']) => string, write: (parts: Parts) => string, dropsToday: boolean): Write =>
  (ms, { timeZone }) => {
    const parts = partsOf(ms, timeZone)
    if (!parts) return 'Invalid date'
    const date = dateFirst(parts.date)
    const isToday = dropsToday && date === dateFirst(partsOf(Date.now(), timeZone)!.date)
    return isToday ? write(parts) : `${date} ${write(parts)}`
  }

const iso = (dropsToday: boolean): Write =>
  time(
    ({ year, month, day }) => `${year}-${month}-${day}`,
    ({ hour, rest }) => `${two(hour)}:${rest}`,
    dropsToday,
  )
const twelve = (hour: number): number => hour % 12 || 12
const american = (dropsToday: boolean): Write =>
  time(
    ({ year, month, day }) => `${month}/${day}/${year}`,
    ({ hour, rest }) => `${twelve(hour)}:${rest} ${hour < 12 ? 'am' : 'pm'}`,
    dropsToday,
  )
const local = (dropsToday: boolean): Write =>
  time(
    ({ year, month, day }) => `${month}/${day}/${year},`,
    ({ hour, rest }) => `${two(twelve(hour))}:${rest} ${hour < 12 ? 'AM' : 'PM'}`,
    dropsToday,
  )

function fromNow(ms: number): string {
  const distance = ms - Date.now()
  if (!Number.isFinite(distance)) return 'Invalid date'
  const [name, length] = lengths.find(([, length]) => Math.abs(distance) >= length) ?? ['millisecond', 1]
  const count = Math.round(Math.abs(distance) / length)
  const text =
    name === 'millisecond' || name === 'second' ? 'a few seconds' : `${count} ${name}${count === 1 ? '' : 's'}`
  return distance < 0 ? `${text} ago` : `in ${text}`
}

/** By the ids of Grafana's. */
export const clocks: Readonly<Record<string, Write>> = {
  dtdurations: (value, { decimals }) => inWords(value * 1_000, 'second', decimals),
  dtdurationms: (value, { decimals }) => inWords(value, 'millisecond', decimals),
  dthms: value => hours(value, false),
  dtdhms: value => hours(value, true),
  clocks: (value, { decimals }) => stopwatch(value * 1_000, decimals),
  clockms: (value, { decimals }) => stopwatch(value, decimals),
  dateTimeAsIso: iso(false),
  dateTimeAsIsoNoDateIfToday: iso(true),
  dateTimeAsSystem: iso(false),
  dateTimeAsUS: american(false),
  dateTimeAsUSNoDateIfToday: american(true),
  dateTimeAsLocal: local(false),
  dateTimeAsLocalNoDateIfToday: local(true),
  dateTimeFromNow: fromNow,
}
