// Work that the application does not wait for, done between two turns of its own work. A piece that is put off costs a push
// where it comes up. What waits is worked off in slices: many pieces one after the other find the processor's caches warm,
// and between two slices the event loop goes round.
import { inRoot } from '../root-context'

// Taken now: an application's fake timers must not decide when telemetry goes on.
const { clearTimeout, setImmediate, setTimeout } = globalThis
const now = performance.now.bind(performance)

/** So many pieces begin a slice at the next turn of the event loop. */
const enough = 64
/** Fewer of them wait so long, ms. */
const delayMs = 25
/** A slice ends with the piece, or the part of one, that is under way after this time, ms. */
const sliceMs = 2
/** What may wait; beyond it each new piece has the oldest one done at once, so that memory stays bounded and nothing is lost. */
const most = 1_024
const mostBytes = 8 * 2 ** 20

export class Slices<T> {
  readonly #work: (piece: T) => unknown
  #pieces: (T | undefined)[] = []
  #sizes: number[] = []
  /** Place of the oldest that waits. */
  #next = 0
  #bytes = 0
  /** Pieces done so far. */
  #done = 0
  #timer: NodeJS.Timeout | undefined
  #isScheduled = false
  #waiting: { readonly until: number; readonly resolve: () => void }[] = []

  /** @param work does one piece, or a part of it and returns `true` where there is more; must not throw */
  constructor(work: (piece: T) => unknown) {
    this.#work = work
  }

  /** Pieces that wait. */
  get size(): number {
    return this.#pieces.length - this.#next
  }

  /** @param bytes that the piece keeps in memory, roughly */
  add(piece: T, bytes: number): void {
    this.#pieces.push(piece)
    this.#sizes.push(bytes)
    this.#bytes += bytes
    while (this.size > most || this.#bytes > mostBytes) this.#doNext()
    if (this.size >= enough) this.#schedule()
    else if (this.size > 0) this.#timer ??= inRoot(setTimeout, this.#schedule, delayMs).unref()
  }

  /** Resolves when all that waits at this moment is done. */
  async finish(): Promise<void> {
    if (this.size === 0) return
    const until = this.#done + this.size
    this.#schedule()
    await new Promise<void>(resolve => this.#waiting.push({ until, resolve }))
  }

  /** Does all that waits within this tick, for a process that ends. */
  finishNow(): void {
    while (this.size > 0) this.#doNext()
  }

  /** Not in a timer itself: an immediate of that turn would be a second slice of it. */
  readonly #schedule = (): void => {
    if (this.#isScheduled) return
    this.#isScheduled = true
    inRoot(setImmediate, this.#slice)
  }

  readonly #slice = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isScheduled = false
    const until = now() + sliceMs
    while (this.size > 0) {
      this.#doNext()
      if (now() >= until) break
    }
    if (this.size > 0) this.#schedule()
    if (this.#waiting.length === 0) return
    for (const { until, resolve } of this.#waiting) if (until <= this.#done) resolve()
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#done)
  }

  #doNext(): void {
    const piece = this.#pieces[this.#next] as T
    const bytes = this.#sizes[this.#next] as number
    this.#pieces[this.#next++] = undefined // what is done must not stay in memory for as long as others wait
    this.#bytes -= bytes
    this.#done++
    if (this.#next === this.#pieces.length) {
      this.#pieces = []
      this.#sizes = []
      this.#next = 0
    } else if (this.#next === most) {
      this.#pieces = this.#pieces.slice(most)
      this.#sizes = this.#sizes.slice(most)
      this.#next = 0
    }
    if (this.#work(piece) !== true) return
    // the rest of it comes before the others
    this.#pieces.splice(this.#next, 0, piece)
    this.#sizes.splice(this.#next, 0, bytes)
    this.#bytes += bytes
    this.#done--
  }
}
