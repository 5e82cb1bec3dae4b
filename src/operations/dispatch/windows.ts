import { type SingleWindow, type WeeklyWindow, weekdays } from '../../monitoring/alerts/config'

/** Whether a time lies in a window of alerts-config.yaml, in the window's time zone. @param at ms since 1970 */
export function isWithin(window: WeeklyWindow | SingleWindow, at: number): boolean {
  const { date, time, weekday } = clock(window.timeZone, at)
  const { from, to } = window
  if (!('days' in window)) return `${date} ${time}` >= from && `${date} ${time}` < to
  const before = weekdays[(weekday + 6) % 7]!
  const today = weekdays[weekday]!
  if (to > from) return window.days.includes(today) && time >= from && time < to
  // spans midnight, or a whole day
  return (window.days.includes(today) && time >= from) || (window.days.includes(before) && time < to)
}

function clock(timeZone: string, at: number): { date: string; time: string; weekday: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'long',
  }).formatToParts(at)
  const part = (type: string) => parts.find(one => one.type === type)?.value ?? ''
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
    weekday: weekdays.findIndex(day => day === part('weekday').toLowerCase()),
  }
}
