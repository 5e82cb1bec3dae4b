/**
 * What features and the app record goes to the running monitor, and the first hundred records
 * of before its start wait for it.
 */
import { type Attributes, encodeEvent, type Signal, type SpanContext } from './otlp'

/** @param attributes of the record, and those of every record: session and page among them */
export type Encode = (attributes: Attributes) => string
/** @param always in a session that isn't sampled too */
export type Sink = (signal: Signal, always: boolean, attributes: Attributes, encode: Encode) => void

let sink: Sink | undefined
const early: Parameters<Sink>[] = []

export const record: Sink = (...args) => {
  if (sink) sink(...args)
  else if (early.length < 100) early.push(args)
}

export function recordInto(to: Sink): void {
  sink = to
  for (const args of early.splice(0)) to(...args)
}

/**
 * @param severity 9 is INFO; 17 is ERROR, which is recorded in a session that isn't sampled too
 * @param time milliseconds since 1970
 */
export function event(
  name: string,
  attributes: Attributes,
  severity = 9,
  context?: SpanContext,
  time = Date.now(),
  always = severity > 9,
): void {
  record('logs', always, attributes, all => encodeEvent(name, time, severity, all, context))
}

/** A time of `performance.now()` as milliseconds since 1970, by the clock of now. */
export const wallTime = (time: number): number => Date.now() - performance.now() + time
