// The time that a question is about. Both APIs take whole seconds.
import { parseDuration, secondsPer } from '../durations'

export interface TimeRange {
  /** Unix time in whole seconds; the start belongs to it, the end does not. */
  readonly start: number
  readonly end: number
}

/**
 * @param since such as 90s, 30m, 1h, 3d, 2w
 * @param longestDays what is kept longest, is kept for so long
 * @throws Error when it is not a duration, or longer than that
 */
export function windowSince(since: string, now: Date, longestDays: number): TimeRange {
  const seconds = secondsOfDuration('--since', since)
  if (seconds > longestDays * secondsPer.d)
    throw new Error(`--since ${since}: the longest retention is ${longestDays} days`)
  const end = Math.floor(now.getTime() / 1_000) + 1
  return { start: end - seconds, end }
}

/** @throws Error that names the option */
export function secondsOfDuration(option: string, text: string): number {
  const seconds = /^\d{1,6}[smhdw]$/.test(text) ? parseDuration(text) : undefined
  if (!seconds) throw new Error(`${option} takes 90s, 30m, 1h, 3d or 2w, not "${text}"`)
  return seconds
}

/** The whole seconds that a stretch of time touches. @param span ms since 1970 */
export const secondsAround = (span: { readonly start: number; readonly end: number }): TimeRange => ({
  start: Math.floor(span.start / 1_000),
  end: Math.ceil(span.end / 1_000),
})

export const secondsOf = ({ start, end }: TimeRange): number => end - start

/** Newest first, none longer than `most` seconds. */
export function splitWindow({ start, end }: TimeRange, most: number): TimeRange[] {
  const parts: TimeRange[] = []
  for (let to = end; to > start; to -= most) parts.push({ start: Math.max(start, to - most), end: to })
  return parts
}

/** Newest first; of at least two seconds. */
export function halvesOf({ start, end }: TimeRange): TimeRange[] {
  const middle = Math.floor((start + end) / 2)
  return [
    { start: middle, end },
    { start, end: middle },
  ]
}

/** Seconds between two samples: a round number that gives 30 to 60 of them, or more in a long window. */
export function stepOf(window: TimeRange): number {
  const wanted = secondsOf(window) / 60
  return [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600].find(step => step >= wanted) ?? 86_400
}

/** Of Prometheus' `rate()`: five minutes at least, since metrics are exported once a minute. */
export const rateSeconds = (window: TimeRange): number => Math.max(300, stepOf(window))
