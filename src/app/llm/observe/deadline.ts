// Detects whether an abort was caused by a timeout. Clients abort slow requests without a reason, just as an app stops a request. The
// active resource distinguishes them: a timeout is a timer that was set for the call, before it was sent.
import { executionAsyncResource } from 'node:async_hooks'

// Saved at load time, so that an app's fake timers have no effect.
const { setTimeout: later, clearTimeout: never } = globalThis

/** The fields of Node's own timers that are read: when it was started, by the loop's clock, and whether it repeats. */
interface Timer {
  readonly _idleStart?: unknown
  readonly _repeat?: unknown
}

/** Tolerance in milliseconds, because the loop's clock does not advance within a turn. */
const CLOCK_LAG = 50

/**
 * Must be called in the turn of the abort. A timer that started after the call, or that repeats, is not a timeout of the call, but for
 * example a check for a disconnected client.
 * @param age of the call, milliseconds
 */
export function isDeadline(age: number): boolean {
  const { _idleStart: started, _repeat: repeats } = executionAsyncResource() as Timer
  if (typeof started !== 'number' || repeats) return false
  const now = later(() => {}, 1)
  never(now)
  return ((now as Timer)._idleStart as number) - started >= age - CLOCK_LAG
}
