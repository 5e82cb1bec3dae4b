/**
 * Excluded times, such as deployments and maintenance. While a series `slo_exclude` of an SLO is above 0, neither its errors nor its events
 * are recorded. Rules create that series for the times in the file; other sources, such as a deployment job, may send it as well.
 */
import type { Exclusion, Slo } from './spec'

/** Series that exclude an SLO: they name its service, and either this SLO or none. */
export const EXCLUDE_METRIC = 'slo_exclude'
const seriesOf = ({ service, name }: Slo): string =>
  `${EXCLUDE_METRIC}{sloth_service="${service}",sloth_slo=~"|${name.replaceAll('.', '\\\\.')}"}`

/** PromQL that has one sample if any of the last `window` was excluded. */
export const excludedIn = (slo: Slo, window: string): string => `(max(max_over_time(${seriesOf(slo)}[${window}])) > 0)`

/** PromQL that is 1 during the times of the file, and empty otherwise. */
export function excludedTimes(exclusions: readonly Exclusion[]): string {
  return `vector(1) and on() (${exclusions.map(conditionOf).join(' or ')})`
}

function conditionOf(exclusion: Exclusion): string {
  if (exclusion.kind === 'once') {
    const [start, end] = [exclusion.start, exclusion.end].map(time => time.getTime() / 1_000)
    return `(vector(time()) >= ${start} < ${end})`
  }
  const { days, from, to } = exclusion
  if (from < to) return `(${ofDays(days)} and (${MINUTE_OF_DAY} >= ${from} < ${to}))`
  const next = days.map(day => (day + 1) % 7)
  return `((${ofDays(days)} and (${MINUTE_OF_DAY} >= ${from})) or (${ofDays(next)} and (${MINUTE_OF_DAY} < ${to})))`
}

const MINUTE_OF_DAY = 'hour() * 60 + minute()'
const ofDays = (days: readonly number[]): string => `(${days.map(day => `day_of_week() == ${day}`).join(' or ')})`
