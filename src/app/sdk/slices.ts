// Work that the application does not wait for, done between two turns of its own work. A piece that is put off costs a push
// where it comes up. What waits is worked off in slices: many pieces one after the other find the processor's caches warm,
// and between two slices the event loop goes round.
import type { WaitingList, WaitingRoom } from '../llm/spans/waiting-room'
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

export class Slices<T> {
  readonly #work: (piece: T) => unknown
  readonly #place: WaitingList<T>
  /** Pieces done so far. */
  #done = 0
  #timer: NodeJS.Timeout | undefined
  #isScheduled = false
  #waiting: { readonly until: number; readonly resolve: () => void }[] = []

  /**
   * @param work does one piece, or a part of it and returns `true` where there is more; must not throw
   * @param room where pieces wait; where it is full, the oldest is done at once
   */
  constructor(room: WaitingRoom, work: (piece: T) => unknown) {
    this.#work = work
    this.#place = room.list<T>('turn', {
      goOn: piece => {
        while (work(piece) === true);
        this.#done++
      },
    })
  }

  /** Pieces that wait. */
  get size(): number {
    return this.#place.size
  }

  /** @param bytes that the piece keeps in memory, roughly */
  add(piece: T, bytes: number): void {
    this.#place.add(piece, bytes)
    if (this.#place.size >= enough) this.#schedule()
    else if (this.#place.size > 0) this.#timer ??= inRoot(setTimeout, this.#schedule, delayMs).unref()
  }

  /** Resolves when all that waits at this moment is done. */
  async finish(): Promise<void> {
    if (this.#place.size === 0) return
    const until = this.#done + this.#place.size
    this.#schedule()
    await new Promise<void>(resolve => this.#waiting.push({ until, resolve }))
  }

  /** Does all that waits within this tick, for a process that ends. */
  finishNow(): void {
    while (this.#place.size > 0) this.#place.release()
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
    for (let piece = this.#place.oldest; piece; piece = this.#place.oldest) {
      this.#place.take(piece)
      // the rest of it comes before the others
      if (this.#work(piece.item) === true) this.#place.putBack(piece)
      else this.#done++
      if (now() >= until) break
    }
    if (this.#place.size > 0) this.#schedule()
    if (this.#waiting.length === 0) return
    for (const { until, resolve } of this.#waiting) if (until <= this.#done) resolve()
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#done)
  }
}
