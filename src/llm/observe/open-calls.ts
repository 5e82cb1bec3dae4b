// Calls that have not ended yet, and the end of those whose answer nobody reads on. Most clients cancel a stream that they
// leave, and the call ends there. Some only let it go (Google's gives its reader back): no event tells of that. A call that
// ends here is over for good. Whoever reads on later gets every byte, and the span tells what was read before.
import { inRoot } from '../../root-context'
import type { LlmCall } from './call'

// Taken now: an application's fake timers must not decide when calls end.
const later = setTimeout

/** A call ends when nobody has read its answer for this long, and no reader waits for bytes. Milliseconds. */
export const LONGEST_UNREAD = 30_000
const LOOK_EVERY = 5_000

/** Each call from its start to its end. */
export const openCalls = new Set<LlmCall>()
/** Whether somebody looks after them. */
export const watch: { timer: NodeJS.Timeout | undefined } = { timer: undefined }

/** Nothing in the process will read on. A flush is no such time: whose reader is slow reads on after it. */
export function endOpenCalls(): void {
  for (const call of openCalls) call.leave()
}

/** Looks after the calls that are open, until there are none. Needed once at the start of a call where nobody does yet. */
export function watchOpenCalls(): void {
  watch.timer = inRoot(
    later,
    () => {
      for (const call of openCalls) {
        const { unread } = call
        if (unread !== undefined && unread >= LONGEST_UNREAD) call.leave()
      }
      watch.timer = undefined
      if (openCalls.size > 0) watchOpenCalls()
    },
    LOOK_EVERY,
  ).unref()
}
