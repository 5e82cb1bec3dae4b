/** Reads the parameters of `/api/metrics/query_range` and `/api/metrics/query` besides the query, as Tempo does. */

import { retention } from '../../../shared/tiers'
import { parseDuration } from '../../durations'
import type { QueryParams } from '../../request-parameters'

/** Answered with status 400. The message gives the error, its reason and the remedy. */
export class BadRange extends Error {
  override readonly name = 'BadRange'
}

export interface QueryRange {
  /** Nanoseconds since 1970. */
  readonly start: bigint
  readonly end: bigint
  /** A condition on `spans s` that selects whole traces, for callers that may not see all. */
  readonly restriction?: string | undefined
}

export interface RangeQuestion extends QueryRange {
  /** Nanoseconds. */
  readonly step: bigint
  /** Maximum over all series; 0 for none. */
  readonly exemplars: number
  /** The answer ends here. Nanoseconds since 1970. */
  readonly now: bigint
  /** Whether to include the unfinished step with the spans received so far. */
  readonly isRunning?: boolean
}

const second = 1_000_000_000n
const mostSteps = 10_000n
const mostExemplars = 100
/** The retention of the longest tier: there are no older spans. */
const mostDays = BigInt(retention.traces.errors)

/**
 * @param nowMs milliseconds since 1970
 * @throws BadRange
 */
export function readRangeQuestion(params: QueryParams, nowMs: number): RangeQuestion {
  const times = timesOf(params, nowMs)
  const now = BigInt(Math.floor(nowMs)) * 1_000_000n
  const stepText = params('step')
  const step = stepText ? stepOf(stepText) : defaultStep(times)
  const range = checked(times, now)
  if (step === 0n) throw new BadRange('invalid step: 0; use a duration such as 15s')
  if ((range.end - range.start) / step > mostSteps) {
    const least = (range.end - range.start) / mostSteps
    throw new BadRange(
      `invalid step: ${stepText} is too small for the time range; use at least ${Number(least) / 1e9}s`,
    )
  }
  const exemplars = /^\d{1,9}$/.test(params('exemplars') ?? '') ? Number(params('exemplars')) : 0
  return { ...range, step, now, exemplars: exemplars === 0 ? mostExemplars : Math.min(exemplars, mostExemplars) }
}

/**
 * Moves an end in the future back by whole seconds.
 * @throws BadRange
 */
export function readInstantQuestion(params: QueryParams, nowMs: number): QueryRange {
  const { start, end } = timesOf(params, nowMs)
  const now = BigInt(Math.floor(nowMs)) * 1_000_000n
  const late = end > now ? (end - now + second - 1n) / second : 0n
  return checked({ start, end: end - late * second }, now)
}

function checked({ start, end }: QueryRange, now: bigint): QueryRange {
  if (start >= end) throw new BadRange('invalid range: end must be greater than start')
  const range = { start, end: end > now ? now : end }
  if (range.start >= range.end) throw new BadRange('invalid range: start is in the future')
  if (range.end - range.start > mostDays * 86_400n * second)
    throw new BadRange(`invalid range: start and end are more than ${mostDays} days apart`)
  return range
}

/** The default start is an hour, or `since`, before the end. */
function timesOf(params: QueryParams, nowMs: number): QueryRange {
  const now = BigInt(Math.floor(nowMs)) * 1_000_000n
  const since = params('since')
  const end = timeOf('end', params('end')) ?? now
  const ago = since ? durationOf('since', since) : 3_600n * second
  return { start: timeOf('start', params('start')) ?? (end > now ? now : end) - ago, end }
}

/** Accepts seconds with or without a fraction, nanoseconds, and RFC 3339. */
function timeOf(name: string, text: string | undefined): bigint | undefined {
  if (!text) return undefined
  if (/^-?\d{1,10}$/.test(text)) return BigInt(text) * second
  if (/^-?\d{1,19}$/.test(text)) return BigInt(text)
  if (/^-?\d{1,10}\.\d*$/.test(text)) return BigInt(Math.round(Number(text) * 1_000)) * 1_000_000n
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new BadRange(`invalid ${name}: "${text}" is not a time; use seconds or nanoseconds since 1970, or RFC 3339`)
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? []
  return BigInt(Math.floor(ms / 1_000)) * second + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

/** Accepts seconds or a duration. */
function stepOf(text: string): bigint {
  const step = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i.test(text)
    ? BigInt(Math.trunc(Number(text) * 1e9))
    : durationOf('step', text)
  if (step < 0n) throw new BadRange(`invalid step: "${text}" must be positive`)
  return step
}

function durationOf(name: string, text: string): bigint {
  const isNegative = text.startsWith('-')
  const duration = parseDuration(isNegative ? text.slice(1) : text)
  if (duration === undefined)
    throw new BadRange(`invalid ${name}: "${text}" is not a duration; use for example 15s, 1m30s or 500ms`)
  return isNegative ? -duration : duration
}

const granularities = [3_600n, 300n, 60n, 15n, 5n, 1n].map(seconds => seconds * second)

/** About 240 steps, rounded to a multiple of a round duration, or of 50 ms for ranges below a minute. */
function defaultStep({ start, end }: QueryRange): bigint {
  const wanted = (end - start) / 240n
  if (end - start < 60n * second) {
    const unit = 50_000_000n
    return wanted > unit ? (wanted / unit) * unit : unit
  }
  const unit = granularities.find(granularity => wanted > granularity)
  return unit ? (wanted / unit) * unit : second
}
