// Whether an abort is a deadline that passed. Clients abort a request that takes too long as an application stops one, without
// a reason. Who acts tells them apart: a deadline is a timer that was set for the call, before it was sent.
import { executionAsyncResource } from 'node:async_hooks'

// Taken now: an application's fake timers have no time of their own.
const { setTimeout: later, clearTimeout: never } = globalThis

/** Node's own, as far as it is read: when a timer was started, by the loop's clock, and whether it repeats. */
interface Timer {
  readonly _idleStart?: unknown
  readonly _repeat?: unknown
}

/** The loop's clock stands still within a turn. Milliseconds. */
const CLOCK_LAG = 50

/**
 * Asked in the same turn as the abort. A timer that began after the call, or that repeats, asks whether somebody is still there.
 * @param age of the call, milliseconds
 */
export function isDeadline(age: number): boolean {
  const { _idleStart: started, _repeat: repeats } = executionAsyncResource() as Timer
  if (typeof started !== 'number' || repeats) return false
  const now = later(() => {}, 1)
  never(now)
  return ((now as Timer)._idleStart as number) - started >= age - CLOCK_LAG
}
