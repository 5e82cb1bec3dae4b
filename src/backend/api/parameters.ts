// What stands behind the `?` of a URL, checked.

import type { Context } from 'hono'
import { Refused } from '../body'
import type { QueryParams, TimeRangeNs } from '../request-parameters'

/** Read once: Hono reads all of them again for each that is asked for. */
export function paramsOf({ req }: Context): QueryParams {
  const { searchParams } = new URL(req.url)
  return name => searchParams.get(name) ?? undefined
}

/** @throws Refused with 400 when it is there and no whole number in these bounds */
export function integer(params: QueryParams, name: string, from: number, to: number): number | undefined {
  const text = params(name)
  if (!text) return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw new Refused(400, `invalid ${name}: "${text}" is not a whole number from ${from} to ${to}`)
}

/** A whole number as Tempo reads one. @throws Refused with 400 */
export function unsigned(params: QueryParams, name: string): number | undefined {
  const text = params(name)
  if (!text) return undefined
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text)
  throw new Refused(400, `invalid ${name}: "${text}" is not a whole number below 2^32`)
}

/** @throws Refused with 400 when it is none of these words */
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
 * `start` and `end` of our own routes, seconds since 1970 with or without a fraction; by default the last hour.
 * @throws Refused with 400
 */
export function windowOf(params: QueryParams, nowMs: number): TimeRangeNs {
  const seconds = (name: string): number | undefined => {
    const text = params(name)
    if (!text) return undefined
    if (/^\d{1,10}(\.\d{1,9})?$/.test(text)) return Number(text)
    throw new Refused(400, `invalid ${name}: "${text}" is not a time in seconds since 1970`)
  }
  // what arrives in this second belongs to it
  const end = seconds('end') ?? Math.floor(nowMs / 1_000) + 1
  const start = seconds('start') ?? end - 3_600
  if (end <= start) throw new Refused(400, `start must be before end; got ${start} and ${end}`)
  return { fromNs: nanos(start), toNs: nanos(end) }
}

const nanos = (seconds: number): bigint => BigInt(Math.round(seconds * 1_000)) * 1_000_000n

const mostSteps = 2_000

/**
 * `step` of what is answered over time, in seconds; by default 60.
 * @throws Refused with 400 when it is no whole number up to a day, and when the window has too many steps
 */
export function stepOf(params: QueryParams, { fromNs, toNs }: TimeRangeNs): number {
  const step = integer(params, 'step', 1, 86_400) ?? 60
  if ((toNs - fromNs) / BigInt(step * 1e9) <= mostSteps) return step
  throw new Refused(
    400,
    `invalid step: the time range has more than ${mostSteps} steps of ${step} s; use a longer step`,
  )
}

/** To the microsecond, which a double of today has. */
export const secondsOf = (ns: unknown): number => Number((ns as bigint) / 1_000n) / 1e6

/** Of spans that began in it; numbers are written out, so that DuckDB leaves out what is older. */
export const within = ({ fromNs, toNs }: TimeRangeNs): string => `s.start_ns >= ${fromNs} AND s.start_ns < ${toNs}`
