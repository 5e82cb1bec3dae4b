// Loads what the first records of an app need, after it has begun to listen and before a request waits for it. A process that
// never listens loads it with its first record.
import { reason, report } from '../../shared/diag/report'
import { serves } from './health'

const lookEveryMs = 200
/** Apps that are not up by then load it as others do. */
const longestMs = 60_000
/** Between two turns of it the event loop goes round, and requests that have come meanwhile are served. */
const pauseMs = 20
/** A turn of it ends with the piece that is under way after this time, ms. */
const turnMs = 2

/** @param parts of which each has turns of the event loop of its own, and is called until there is no more of it to do */
export function warmUp(parts: readonly (() => unknown)[]): void {
  const begun = performance.now()
  const left = [...parts]

  function look(): void {
    if (serves()) return next()
    if (performance.now() - begun < longestMs) setTimeout(look, lookEveryMs).unref()
  }

  function next(): void {
    const [part] = left
    if (!part) return
    const until = performance.now() + turnMs
    try {
      while (part() === true) if (performance.now() > until) return again()
    } catch (error) {
      // the first record meets it again, and is dropped or goes on without
      report('AFN161', `what records need could not be loaded (${reason(error)})`)
    }
    left.shift()
    again()
  }

  const again = () => void setTimeout(next, pauseMs).unref()

  setTimeout(look, lookEveryMs).unref()
}
