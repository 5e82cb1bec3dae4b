// Work on what strangers send, one piece in one turn of the event loop: however many requests are at work, what else the process does
// waits for one piece only. Timers don't do that: all that are due run in one turn.
let last: Promise<void> = Promise.resolve()

/** Resolves when it is the turn of whoever asks. */
export function nextTurn(): Promise<void> {
  last = last.then(() => new Promise(resolve => setImmediate(resolve)))
  return last
}

/** Milliseconds after which other work gets its turn. */
const STRETCH = 8

/** Does what pauses often, and lets other work have its turn in the pause that comes when it is due. */
export async function inTurns<Result>(work: Generator<void, Result>): Promise<Result> {
  let turn = performance.now()
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    if (performance.now() - turn < STRETCH) continue
    await nextTurn()
    turn = performance.now()
  }
}
