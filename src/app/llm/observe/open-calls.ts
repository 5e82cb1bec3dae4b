// Calls that have not ended yet, and the end of those whose answer nobody reads on. Most clients cancel a stream that they
// leave, and the call ends there. Some only let it go (Google's gives its reader back): no event tells of that. A call that
// ends here is over for good. Whoever reads on later gets every byte, and the span tells what was read before.
import { inRoot } from '../../root-context'

// Taken now: an application's fake timers must not decide when calls end.
const later: (run: () => void, ms: number) => Partial<NodeJS.Timeout> = setTimeout
const soon = setImmediate

/** A call ends when nobody has read its answer for this long, and no reader waits for bytes. Milliseconds. */
export const LONGEST_UNREAD = 30_000
/** The same where the reader was given back: one that looks at the first bytes and hands the stream on takes it again at once. */
export const LONGEST_RELEASED = 1_000
const LOOK_EVERY = 500

interface Open {
  /** Milliseconds since somebody last read of the answer; undefined while nobody could. */
  readonly unread: number | undefined
  /** Whoever began to read the answer has given it back. */
  readonly released: boolean
  /** Nobody will read on. Never throws. */
  leave(): void
}

/** Each call from its start to its end, and each answer while it is read. */
export const openCalls = new Set<Open>()
/** Whether somebody looks after them. */
export const watch: { timer: Partial<NodeJS.Timeout> | undefined } = { timer: undefined }

/** Nothing in the process will read on. A flush is no such time: whose reader is slow reads on after it. */
export function endOpenCalls(): void {
  for (const call of openCalls) call.leave()
}

/**
 * Ends the calls whose reader was given back, as Google's client leaves a stream. Those that somebody still holds, however
 * slowly he reads, are left alone.
 */
export async function endReleasedCalls(): Promise<void> {
  const released = [...openCalls].filter(call => call.released)
  if (released.length === 0) return
  await new Promise(resolve => soon(resolve)) // who only handed it on has it again
  for (const call of released) if (call.released) call.leave()
}

/** Looks after the calls that are open, until there are none. Needed once at the start of a call where nobody does yet. */
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
