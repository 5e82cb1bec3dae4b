// Loads what the first records of an app need, after it has begun to listen and before a request waits for it. A process that
// never listens loads it with its first record.
import { reason, report } from '../diag/report'
import { serves } from './health'

const lookEveryMs = 200
/** Apps that are not up by then load it as others do. */
const longestMs = 60_000
/** Between two pieces the event loop goes round, and requests that have come meanwhile are served. */
const pauseMs = 20

/** @param pieces each is a turn of the event loop */
export function warmUp(pieces: readonly (() => void)[]): void {
  const begun = performance.now()
  const left = [...pieces]

  function look(): void {
    if (serves()) return next()
    if (performance.now() - begun < longestMs) setTimeout(look, lookEveryMs).unref()
  }

  function next(): void {
    const piece = left.shift()
    if (!piece) return
    try {
      piece()
    } catch (error) {
      // the first record meets it again, and is dropped or goes on without
      report('AFN161', `what records need could not be loaded (${reason(error)})`)
    }
    setTimeout(next, pauseMs).unref()
  }

  setTimeout(look, lookEveryMs).unref()
}
