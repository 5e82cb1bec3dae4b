// Calls in progress, and the end of those whose answer is no longer read. Most clients cancel a stream that they drop, which ends the call.
// Some only release the reader (for example Google's), which causes no event. A call that is ended here stays ended: a later reader still
// gets every byte, but the span covers only what was read before.
import { inRoot } from '../../root-context'

// Saved at load time, so that an app's fake timers do not decide when calls end.
const later: (run: () => void, ms: number) => Partial<NodeJS.Timeout> = setTimeout
const soon = setImmediate

/** A call ends if its answer was not read for this many milliseconds, and no reader waits for bytes. */
export const LONGEST_UNREAD = 30_000
/**
 * Same after the reader was released, in milliseconds. Code that inspects the first bytes and passes the stream on takes it again at once.
 */
export const LONGEST_RELEASED = 1_000
const LOOK_EVERY = 500

interface Open {
  /** Milliseconds since the answer was last read; undefined while it cannot be read. */
  readonly unread: number | undefined
  /** Whether a reader has begun the answer and then released it. */
  readonly released: boolean
  /** Called when the answer will not be read further. Never throws. */
  leave(): void
}

/** All calls in progress, and answers while they are read. */
export const openCalls = new Set<Open>()
/** The timer that checks open calls, if it runs. */
export const watch: { timer: Partial<NodeJS.Timeout> | undefined } = { timer: undefined }

/** Called when nothing in the process will read on. Not called on a flush, after which a slow reader may continue. */
export function endOpenCalls(): void {
  for (const call of openCalls) call.leave()
}

/** Ends calls whose reader was released, as Google's client does. Calls with an active reader continue, however slow it is. */
export async function endReleasedCalls(): Promise<void> {
  const released = [...openCalls].filter(call => call.released)
  if (released.length === 0) return
  await new Promise(resolve => soon(resolve)) // who only handed it on has it again
  for (const call of released) if (call.released) call.leave()
}

/** Starts the timer that checks open calls until there are none. Needed at the start of a call if the timer does not run. */
export function watchOpenCalls(): void {
  const timer = inRoot(
    later,
    () => {
      for (const call of openCalls) {
        const { unread } = call
        if (unread !== undefined && unread >= (call.released ? LONGEST_RELEASED : LONGEST_UNREAD)) call.leave()
      }
      watch.timer = undefined
      if (openCalls.size > 0) watchOpenCalls()
    },
    LOOK_EVERY,
  )
  watch.timer = timer
  timer.unref?.() // of a runtime whose timers are numbers none holds the process
}
