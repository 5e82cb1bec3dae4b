// Items of a queue that leave in one request, and what is known of each.

/** How many items there are of each rank, of which there are few. */
export class RankCounts {
  readonly #of: number[] = []
  total = 0

  add(rank: number, count: number): void {
    this.#of[rank] = this.of(rank) + count
    this.total += count
  }

  addAll(others: RankCounts, sign: 1 | -1): void {
    for (const [rank, count] of others.#of.entries()) this.add(rank, sign * (count ?? 0))
  }

  of(rank: number): number {
    return this.#of[rank] ?? 0
  }

  /** The lowest below this one of which there are items. */
  lowestBelow(rank: number): number | undefined {
    for (let lowest = 0; lowest < rank && lowest < this.#of.length; lowest++) if (this.of(lowest) > 0) return lowest
    return undefined
  }
}

export class Batch<T> {
  readonly items: T[] = []
  /** Of each item. */
  readonly sizes: number[] = []
  readonly ranks: number[] = []
  readonly counts = new RankCounts()
  bytes = 0
  /** Requests that were made of it. */
  tries = 0
  #waiting: (() => void)[] = []

  get isAwaited(): boolean {
    return this.#waiting.length > 0
  }

  add(item: T, bytes: number, rank: number): void {
    this.items.push(item)
    this.sizes.push(bytes)
    this.ranks.push(rank)
    this.counts.add(rank, 1)
    this.bytes += bytes
  }

  /** Adds a part of another one, all by default. */
  addOf({ items, sizes, ranks }: Batch<T>, from = 0, to = items.length): void {
    for (let i = from; i < to; i++) this.add(items[i] as T, sizes[i] as number, ranks[i] as number)
  }

  /** Two that are as large, for a server that takes no request of this size. Who waits, waits for the second. */
  halves(): [Batch<T>, Batch<T>] {
    const half = Math.ceil(this.items.length / 2)
    const [first, second] = [new Batch<T>(), new Batch<T>()]
    first.addOf(this, 0, half)
    second.addOf(this, half)
    first.tries = second.tries = this.tries
    second.inherit(this)
    return [first, second]
  }

  /** Takes another one in whole, with who waits for it. */
  absorb(other: Batch<T>): void {
    this.addOf(other)
    this.inherit(other)
  }

  /** Who waits for another one waits for this one. */
  inherit(other: Batch<T>): void {
    this.#waiting.push(...other.#waiting.splice(0))
  }

  /**
   * Takes out items of a rank, the oldest first.
   * @param isEnough of how many, and bytes, were taken
   */
  takeOut(rank: number, isEnough: (count: number, bytes: number) => boolean): { count: number; bytes: number } {
    const taken = { count: 0, bytes: 0 }
    if (this.counts.of(rank) === 0) return taken
    const { items, sizes, ranks } = this
    let kept = 0
    // in place: a full queue is gone through in one turn of the app's
    for (let i = 0; i < items.length; i++) {
      if (ranks[i] === rank && !isEnough(taken.count, taken.bytes)) {
        taken.count++
        taken.bytes += sizes[i] as number
        continue
      }
      items[kept] = items[i] as T
      sizes[kept] = sizes[i] as number
      ranks[kept] = ranks[i] as number
      kept++
    }
    items.length = sizes.length = ranks.length = kept
    this.counts.add(rank, -taken.count)
    this.bytes -= taken.bytes
    return taken
  }

  /** Resolves when the batch was taken or lost, or when nobody is there to take it. */
  wait(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
