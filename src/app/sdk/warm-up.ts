// Loads what the first records of an app need, before a request waits for it: after the app has begun to listen, or while the first
// invocation of a Lambda function waits for others. Any other process loads it with its first record.
import { reason, report } from '../../shared/diag/report'
import { serves } from './health'

const lookEveryMs = 200
/** Apps that are not up by then load it as others do. */
const longestMs = 60_000
/** Between two turns of it the event loop goes round, and requests that have come meanwhile are served. */
const pauseMs = 20
/** A turn of it ends with the piece that is under way after this time, ms. */
const turnMs = 2

/** Part of what records need: called until it no longer returns `true`. */
export type Preparation = () => unknown

/** Loads them once the app listens. */
export function warmUp(parts: readonly Preparation[]): void {
  const begun = performance.now()

  function look(): void {
    if (serves()) return prepare(parts)
    if (performance.now() - begun < longestMs) setTimeout(look, lookEveryMs).unref()
  }

  setTimeout(look, lookEveryMs).unref()
}

/** @param betweenMs from the end of a turn to the next, ms */
export function prepare(parts: readonly Preparation[], betweenMs = pauseMs): void {
  const left = [...parts]

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

  const again = () => void setTimeout(next, betweenMs).unref()

  again()
}
