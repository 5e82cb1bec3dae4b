// `./api`: what an app may call, without any side effect: nothing is started, and before a start the calls do nothing.
// `.` offers the same after starting.
import type { Status } from './diag/status'
import { slot } from './preload/runtime'

export type { Diagnostic } from './diag/report'
export type { Status } from './diag/status'

/**
 * Sends everything that was recorded up to now. For serverless functions, at the end of each invocation.
 * @param timeoutMs longest time to wait, 2000 by default
 * @returns resolves when all is sent or the time is over; never rejects
 */
export async function flush(timeoutMs = 2_000): Promise<void> {
  await slot().runtime?.flush(timeoutMs)
}

/** What was really started in this process, or `undefined` when nothing was loaded. */
export function status(): Status | undefined {
  return slot().runtime?.status()
}
