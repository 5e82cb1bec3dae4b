// Runs small amounts of work at once. A result file may arrive faster than it can be parsed, with many chunks in one turn of the event
// loop; work that exceeds the limit of a turn is queued and done between turns.
import { inRoot } from '../../../root-context'

// Saved at load time, so that an app's fake timers cannot delay telemetry.
const soon = setImmediate
const elapsed = performance.now.bind(performance)

/** Milliseconds per turn. */
const BUDGET = 4
/** Maximum bytes that wait. Beyond that, the oldest work is done at once, so that memory stays bounded and nothing is lost. */
const MOST_BYTES = 32 * 2 ** 20

interface Work {
  readonly run: () => void
  readonly bytes: number
}

let waiting: Work[] = []
/** Index of the oldest waiting work. */
let next = 0
let waitingBytes = 0
let spent = 0
let isScheduled = false

/** Whether new work would be queued. Its bytes then have to be copied, because they belong to the app. */
export function isBusy(): boolean {
  return waiting.length > 0 || spent >= BUDGET
}

/** @param run must not throw; it handles its own failures */
export function paced(run: () => void, bytes: number): void {
  if (isBusy()) {
    waiting.push({ run, bytes })
    waitingBytes += bytes
    while (waitingBytes > MOST_BYTES) doNext()
  } else {
    const from = elapsed()
    run()
    spent += elapsed() - from
  }
  schedule()
}

/** Completes all waiting work, for a process that exits. */
export function finishNow(): void {
  while (waiting.length > 0) doNext()
}

function schedule(): void {
  if (isScheduled) return
  isScheduled = true
  inRoot(soon, slice)
}

function slice(): void {
  isScheduled = false
  const until = elapsed() + BUDGET - spent
  spent = 0
  while (waiting.length > 0 && elapsed() < until) doNext()
  if (waiting.length > 0) schedule()
}

function doNext(): void {
  const { run, bytes } = waiting[next++] as Work
  waitingBytes -= bytes
  if (next === waiting.length) {
    waiting = []
    next = 0
  } else if (next === 1_024) {
    waiting = waiting.slice(next)
    next = 0
  }
  run()
}
