// Events of one objective over time: how many there were, and how many of them were bad.

export interface Events {
  readonly bad: number
  readonly total: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The longer ago, the larger a slice: each window that is rated has 30 slices or more. All in milliseconds. */
const resolutions = [
  { slice: 10 * SECOND, for: HOUR },
  { slice: MINUTE, for: DAY },
  { slice: 5 * MINUTE, for: 3 * DAY },
  { slice: HOUR, for: 30 * DAY },
]

/**
 * What is kept takes 80 KB, however many events there are. An event belongs to the slice in which its time begins, and a window has the
 * slices that begin in it. All times are in milliseconds since 1970.
 */
export class EventCounts {
  /** Made with the first event: most objectives of a laptop have none. */
  #rings: readonly Ring[] = []
  #since: number | undefined

  /** Of the first event; undefined: there was none. */
  get since(): number | undefined {
    return this.#since
  }

  add(at: number, { bad, total }: Events): void {
    if (this.#rings.length === 0) this.#rings = resolutions.map(each => new Ring(each.slice, each.for / each.slice))
    for (const ring of this.#rings) ring.add(at, bad, total)
    if (this.#since === undefined || at < this.#since) this.#since = at
  }

  /** @param window at most 30 days, in milliseconds */
  within(window: number, now: number): Events {
    const at = resolutions.findIndex(each => window <= each.for)
    return this.#rings[at]?.sum(now - window, now) ?? { bad: 0, total: 0 }
  }
}

class Ring {
  readonly #slice: number
  readonly #bad: Float64Array
  readonly #total: Float64Array
  /** Which slice since 1970 stands in a place. */
  readonly #numbers: Float64Array

  constructor(slice: number, slices: number) {
    // a window that begins within a slice touches one more
    const size = slices + 1
    this.#slice = slice
    this.#bad = new Float64Array(size)
    this.#total = new Float64Array(size)
    this.#numbers = new Float64Array(size)
  }

  add(at: number, bad: number, total: number): void {
    const number = Math.floor(at / this.#slice)
    const place = number % this.#numbers.length
    const before = this.#numbers[place]!
    // what is older than the ring is long has no place
    if (before > number) return
    if (before < number) {
      this.#numbers[place] = number
      this.#bad[place] = 0
      this.#total[place] = 0
    }
    this.#bad[place]! += bad
    this.#total[place]! += total
  }

  sum(from: number, to: number): Events {
    let bad = 0
    let total = 0
    for (let number = Math.ceil(from / this.#slice); number <= Math.floor(to / this.#slice); number++) {
      const place = number % this.#numbers.length
      if (this.#numbers[place] !== number) continue
      bad += this.#bad[place]!
      total += this.#total[place]!
    }
    return { bad, total }
  }
}
