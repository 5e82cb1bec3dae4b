// Reads and checks query parameters.

import type { Context } from 'hono'
import { Refused } from '../body'
import type { QueryParams, TimeRangeNs } from '../request-parameters'

/** Parses the URL once; Hono would parse it again for each parameter. */
export function paramsOf({ req }: Context): QueryParams {
  const { searchParams } = new URL(req.url)
  return name => searchParams.get(name) ?? undefined
}

/** @throws Refused with 400 if it is not a whole number within these bounds */
export function integer(params: QueryParams, name: string, from: number, to: number): number | undefined {
  const text = params(name)
  if (!text) return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw new Refused(400, `invalid ${name}: "${text}" is not a whole number from ${from} to ${to}`)
}

/** An unsigned integer, as Tempo parses it. @throws Refused with 400 */
export function unsigned(params: QueryParams, name: string): number | undefined {
  const text = params(name)
  if (!text) return undefined
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text)
  throw new Refused(400, `invalid ${name}: "${text}" is not a whole number below 2^32`)
}

/** @throws Refused with 400 if the value is not one of these words */
export function oneOf<Word extends string>(
  params: QueryParams,
  name: string,
  words: readonly Word[],
  otherwise: Word,
): Word {
  const text = params(name) || otherwise
  const word = words.find(known => known === text)
  if (word) return word
  throw new Refused(400, `invalid ${name}: "${text}"; use one of ${words.join(', ')}`)
}

/**
 * The `start` and `end` of our own routes, in seconds since 1970, with or without a fraction; the last hour by default.
 * @throws Refused with 400
 */
export function windowOf(params: QueryParams, nowMs: number): TimeRangeNs {
  const seconds = (name: string): number | undefined => {
    const text = params(name)
    if (!text) return undefined
    if (/^\d{1,10}(\.\d{1,9})?$/.test(text)) return Number(text)
    throw new Refused(400, `invalid ${name}: "${text}" is not a time in seconds since 1970`)
  }
  // includes what arrives within the current second
  const end = seconds('end') ?? Math.floor(nowMs / 1_000) + 1
  const start = seconds('start') ?? end - 3_600
  if (end <= start) throw new Refused(400, `start must be before end; got ${start} and ${end}`)
  return { fromNs: nanos(start), toNs: nanos(end) }
}

const nanos = (seconds: number): bigint => BigInt(Math.round(seconds * 1_000)) * 1_000_000n

const mostSteps = 2_000

/**
 * The `step` of a time series, in seconds; 60 by default.
 * @throws Refused with 400 if it is not a whole number up to a day, or if the window has too many steps
 */
export function stepOf(params: QueryParams, { fromNs, toNs }: TimeRangeNs): number {
  const step = integer(params, 'step', 1, 86_400) ?? 60
  if ((toNs - fromNs) / BigInt(step * 1e9) <= mostSteps) return step
  throw new Refused(
    400,
    `invalid step: the time range has more than ${mostSteps} steps of ${step} s; use a longer step`,
  )
}

/** Precise to the microsecond, the limit of a double for current times. */
export const secondsOf = (ns: unknown): number => Number((ns as bigint) / 1_000n) / 1e6

/** The condition for spans that began in the period. Numbers are literals, so that DuckDB can skip older row groups. */
export const within = ({ fromNs, toNs }: TimeRangeNs): string => `s.start_ns >= ${fromNs} AND s.start_ns < ${toNs}`
