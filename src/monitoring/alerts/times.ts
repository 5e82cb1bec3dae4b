/** Durations and windows of time, as people write them and as Alertmanager and Prometheus take them. */
import { parseDuration } from '../../shared/durations'
import { type SingleWindow, type Weekday, type WeeklyWindow, weekdays } from './config'

/** Seconds of `1h30m`, the largest unit first, as Prometheus wants it; undefined for what is none, or nothing. */
export function secondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text)) return undefined
  return parseDuration(text) || undefined
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** `1h30m` of 5400; `0s` of 0. Days only where nothing is left over: 25 h reads better than 1d1h. */
export function durationOf(seconds: number): string {
  if (seconds <= 0) return '0s'
  let rest = seconds
  let text = ''
  for (const [unit, size] of units) {
    if (unit === 'd' && rest % size !== 0) continue
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

/** A part of Alertmanager's `time_intervals`. */
export interface TimeInterval {
  readonly times?: readonly { readonly start_time: string; readonly end_time: string }[]
  readonly weekdays?: readonly string[]
  readonly days_of_month?: readonly string[]
  readonly months?: readonly string[]
  readonly years?: readonly string[]
  readonly location: string
}

export const intervalsOf = (window: WeeklyWindow | SingleWindow): TimeInterval[] =>
  'days' in window ? weekly(window) : single(window)

function weekly({ days, from, to, timeZone }: WeeklyWindow): TimeInterval[] {
  const on = (some: readonly Weekday[], start: string, end: string): TimeInterval => ({
    times: [{ start_time: start, end_time: end }],
    weekdays: some,
    location: timeZone,
  })
  if (to > from) return [on(days, from, to)]
  const next = days.map(day => weekdays[(weekdays.indexOf(day) + 1) % weekdays.length]!)
  return [on(days, from, '24:00'), ...(to > '00:00' ? [on(next, '00:00', to)] : [])]
}

/** One for each day: Alertmanager knows times of days, and days of months, but no moment. */
function single({ from, to, timeZone }: SingleWindow): TimeInterval[] {
  const [firstDay, firstTime] = from.split(' ') as [string, string]
  const [lastDay, lastTime] = to.split(' ') as [string, string]
  const intervals: TimeInterval[] = []
  for (let day = firstDay; day <= lastDay; day = dayAfter(day)) {
    const start = day === firstDay ? firstTime : '00:00'
    const end = day === lastDay ? lastTime : '24:00'
    const [year, month, dayOfMonth] = day.split('-').map(part => String(Number(part))) as [string, string, string]
    if (end > start)
      intervals.push({
        times: [{ start_time: start, end_time: end }],
        days_of_month: [dayOfMonth],
        months: [month],
        years: [year],
        location: timeZone,
      })
  }
  return intervals
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** Minutes from one `YYYY-MM-DD HH:MM` to another by the calendar; undefined where a day does not exist. */
export function minutesBetween(from: string, to: string): number | undefined {
  const [start, end] = [from, to].map(text => {
    const [day = '', time = ''] = text.split(' ')
    const midnight = Date.parse(`${day}T00:00:00Z`)
    if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined
    const [hours, minutes] = time.split(':').map(Number) as [number, number]
    return midnight / 60_000 + hours * 60 + minutes
  })
  return start === undefined || end === undefined ? undefined : end - start
}
