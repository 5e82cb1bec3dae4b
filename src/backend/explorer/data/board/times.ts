// Which time a panel shows, and in which steps.
import type { Panel } from '../../../../monitoring/dashboards/board'
import type { BoardAnswer } from '../../../api/board-answers'
import type { TimeRange } from '../../range'
import type { Times } from './variables'

/** Points of a line, at most. */
const POINTS = 180
/** Cells of a heatmap from left to right, at most. */
const CELLS = 60

/** Seconds between two samples of an app by default. */
export const SAMPLES = 60

const STEPS = [5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800]

/** @param now seconds since 1970 @param board its time zone is an IANA name; undefined: the reader's */
export function timesOf(
  { type, since }: Panel,
  shown: TimeRange,
  now: number,
  { timeZone, thinned }: Pick<BoardAnswer, 'thinned'> & { readonly timeZone?: string | undefined },
): Times {
  const range = since ? { start: startOf(since, now, timeZone), end: now } : shown
  const most = type === 'heatmap' ? CELLS : POINTS
  const samples = thinned.findLast(({ before }) => range.start < before)?.step ?? SAMPLES
  const least = samples > SAMPLES ? samples : 0
  const step = STEPS.find(one => one >= least && (range.end - range.start) / one <= most) ?? STEPS.at(-1)!
  return { range, step, samples }
}

/** Seconds since 1970 at which the day, the week (from Monday) or the month began there. */
export function startOf(since: NonNullable<Panel['since']>, now: number, timeZone?: string): number {
  const today = localDate(now, timeZone)
  const daysBack = since === 'week' ? (today.getUTCDay() + 6) % 7 : since === 'month' ? today.getUTCDate() - 1 : 0
  const wanted = today.getTime() / 1_000 - daysBack * 86_400
  // where clocks were changed at midnight, the day begins with the first moment that there is
  let first = wanted - 15 * 3_600
  for (const step of [3_600, 900, 60, 1])
    while (localDate(first + step, timeZone).getTime() / 1_000 < wanted) first += step
  return first + 1
}

/** The date there, as midnight of that date in UTC. */
function localDate(seconds: number, timeZone: string | undefined): Date {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...(timeZone !== undefined && { timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const parts = Object.fromEntries(format.formatToParts(seconds * 1_000).map(({ type, value }) => [type, value]))
  return new Date(Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day)))
}
