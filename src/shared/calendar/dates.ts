/** Days and months of the calendar, without a time zone. A date is written `YYYY-MM-DD`. */

const DAY_MS = 86_400_000

/** @param utc milliseconds since 1970 */
export const dateOf = (utc: number): string => new Date(utc).toISOString().slice(0, 10)

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
