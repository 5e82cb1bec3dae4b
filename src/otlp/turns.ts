// Work on what strangers send, one piece in one turn of the event loop: however many requests are at work, what else the process does
// waits for one piece only. Timers don't do that: all that are due run in one turn.
let last: Promise<void> = Promise.resolve()

/** Resolves when it is the turn of whoever asks. */
export function nextTurn(): Promise<void> {
  last = last.then(() => new Promise(resolve => setImmediate(resolve)))
  return last
}
