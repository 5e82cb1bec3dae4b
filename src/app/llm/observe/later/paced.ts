// Work that is done at once while it is little. A file of results comes faster than it can be read, many pieces in one turn of the
// event loop: what is too much for one waits, and is done between the turns.
import { inRoot } from '../../../root-context'

// Taken now: an application's fake timers must not decide when telemetry goes on.
const soon = setImmediate
const elapsed = performance.now.bind(performance)

/** Of one turn, ms. */
const BUDGET = 4
/** Bytes that may wait; beyond them the oldest work is done at once, so that memory stays bounded and nothing is lost. */
const MOST_BYTES = 32 * 2 ** 20

interface Work {
  readonly run: () => void
  readonly bytes: number
}

let waiting: Work[] = []
/** Place of the oldest that waits. */
let next = 0
let waitingBytes = 0
let spent = 0
let isScheduled = false

/** Whether work that is given now waits, so that its bytes have to be copied: they are the application's. */
export function isBusy(): boolean {
  return waiting.length > 0 || spent >= BUDGET
}

/** @param run a failure of it is its own: it must not throw */
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

/** Does all that waits, for a process that ends. */
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
