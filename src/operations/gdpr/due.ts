/** By when a request has to be answered: Art. 12(3) GDPR, months as Regulation (EEC, Euratom) No 1182/71 counts them. */
import { addDays, addMonths, dateOf } from '../../shared/calendar/dates'

const DAY_MS = 86_400_000
/** Days before the due date on which somebody is reminded. From the due date on it is each day. */
const REMINDERS = [14, 7, 3, 1]

/**
 * The end of the day that has the same date `months` later; where that month has no such date, of its last day (Art. 3(2)(c)).
 * @param receivedMs milliseconds since 1970; so is what is returned. Days are those of UTC.
 */
export function dueDate(receivedMs: number, months = 1): number {
  const received = dateOf(receivedMs)
  const first = addMonths(received, months)
  const sameDate = addDays(first, Number(received.slice(8)) - 1)
  const lastDate = addDays(addMonths(first, 1), -1)
  return Date.parse(sameDate < lastDate ? sameDate : lastDate) + DAY_MS - 1
}

/**
 * The reminder that is due now: the number of days that are left, negative where the date is over. Each is one reminder, so who
 * keeps the last number that was sent sends each once.
 * @returns undefined while there is more time
 */
export function reminderAt(dueMs: number, nowMs: number): number | undefined {
  // a minus zero is a zero
  const left = Math.ceil((dueMs - nowMs) / DAY_MS) + 0
  return left <= 0 ? left : [...REMINDERS].reverse().find(days => left <= days)
}
