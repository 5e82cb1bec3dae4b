/** By when a request has to be answered: Art. 12(3) GDPR, months as Regulation (EEC, Euratom) No 1182/71 counts them. */

const DAY_MS = 86_400_000
/** Days before the due date on which somebody is reminded. From the due date on it is each day. */
const REMINDERS = [14, 7, 3, 1]

/**
 * The end of the day that has the same date `months` later; where that month has no such date, of its last day (Art. 3(2)(c)).
 * @param receivedMs milliseconds since 1970; so is what is returned. Days are those of UTC.
 */
export function dueDate(receivedMs: number, months = 1): number {
  const received = new Date(receivedMs)
  const [year, month] = [received.getUTCFullYear(), received.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(received.getUTCDate(), lastDay) + 1) - 1
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
