/** The deadline for answering a request: Art. 12(3) GDPR, with months as in Regulation (EEC, Euratom) No 1182/71. */
import { addDays, addMonths, dateOf } from '../../shared/calendar/dates'

const DAY_MS = 86_400_000
/** Days before the due date with a reminder; from the due date on, there is one each day. */
const REMINDERS = [14, 7, 3, 1]

/**
 * The end of the same day of the month, `months` later; if that month has no such day, the end of its last day (Art. 3(2)(c)).
 * @param receivedMs milliseconds since 1970; the result, too. Days are in UTC.
 */
export function dueDate(receivedMs: number, months = 1): number {
  const received = dateOf(receivedMs)
  const first = addMonths(received, months)
  const sameDate = addDays(first, Number(received.slice(8)) - 1)
  const lastDate = addDays(addMonths(first, 1), -1)
  return Date.parse(sameDate < lastDate ? sameDate : lastDate) + DAY_MS - 1
}

/**
 * The current reminder, as the number of days left; negative after the deadline. A caller that stores the last number sends each reminder
 * once.
 * @returns undefined if no reminder is due yet
 */
export function reminderAt(dueMs: number, nowMs: number): number | undefined {
  // avoids -0
  const left = Math.ceil((dueMs - nowMs) / DAY_MS) + 0
  return left <= 0 ? left : [...REMINDERS].reverse().find(days => left <= days)
}
