// What happens when the process ends: a flush when the app has nothing left to do, and a last step at `exit`.
import { executionAsyncId } from 'node:async_hooks'
import { aroundEmit } from './emit'

/**
 * How often the end is held back. What another SDK sends at each end is recorded here and sent, and that request may be recorded there and
 * sent at the next end: the process would never end. An app whose own
 * listeners start work twice loses nothing.
 */
const MOST_FLUSHES = 3

/**
 * Node emits `beforeExit` again whenever a listener of it starts asynchronous work, so a listener of ours would make the
 * app's own ones run twice. Instead the first emission is held back while we flush; Node emits it again after that.
 * @param settle ends what can't go on any more; never throws
 * @param recorded how much was recorded so far, 0 for nothing; when it has not grown since the last flush there is nothing new to send,
 *   and what a flush could not deliver in its time is not tried again
 * @param flush resolves within its own limit and never rejects
 */
export function flushBeforeExit(settle: () => void, recorded: () => number, flush: () => Promise<void>): void {
  let flushed = 0
  let left = MOST_FLUSHES
  aroundEmit({
    beforeExit(_, pass) {
      // an app may emit it by hand, and is inside of something then
      if (executionAsyncId() !== 0) return pass()
      settle()
      if (recorded() === flushed || left === 0) return pass()
      left--
      flushed = recorded()
      // something for the loop to do, or Node would exit without asking again when nothing had to be sent
      void flush().then(() => setImmediate(() => {}))
      return true
    },
  })
}

const atExit: (() => void)[] = []

/** Runs `work` after the app's own listeners of `exit`, which may still record something. It has to be synchronous, and must not throw. */
export function afterExitListeners(work: () => void): void {
  atExit.push(work)
  if (atExit.length > 1) return
  aroundEmit({
    exit(_, pass) {
      try {
        return pass()
      } finally {
        for (const last of atExit) last()
      }
    },
  })
}
