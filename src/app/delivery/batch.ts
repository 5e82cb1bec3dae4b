// A batch of queued items that are sent in one request, with their sizes and ranks.

/** Counts items by rank; there are few ranks. */
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

  /** The lowest rank below this one that has items. */
  lowestBelow(rank: number): number | undefined {
    for (let lowest = 0; lowest < rank && lowest < this.#of.length; lowest++) if (this.of(lowest) > 0) return lowest
    return undefined
  }
}

export class Batch<T> {
  readonly items: T[] = []
  /** One entry per item. */
  readonly sizes: number[] = []
  readonly ranks: number[] = []
  readonly counts = new RankCounts()
  bytes = 0
  /** Number of requests sent with it. */
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

  /** Adds a range of another batch, by default all of it. */
  addOf({ items, sizes, ranks }: Batch<T>, from = 0, to = items.length): void {
    for (let i = from; i < to; i++) this.add(items[i] as T, sizes[i] as number, ranks[i] as number)
  }

  /** Splits the batch in two, for a server that rejects requests of this size. Waiting flushes continue with the second half. */
  halves(): [Batch<T>, Batch<T>] {
    const half = Math.ceil(this.items.length / 2)
    const [first, second] = [new Batch<T>(), new Batch<T>()]
    first.addOf(this, 0, half)
    second.addOf(this, half)
    first.tries = second.tries = this.tries
    second.inherit(this)
    return [first, second]
  }

  /** Adds all of another batch, together with its waiting flushes. */
  absorb(other: Batch<T>): void {
    this.addOf(other)
    this.inherit(other)
  }

  /** Takes over the waiting flushes of another batch. */
  inherit(other: Batch<T>): void {
    this.#waiting.push(...other.#waiting.splice(0))
  }

  /**
   * Removes items of a rank, oldest first.
   * @param isEnough decides by the number and bytes removed so far
   */
  takeOut(rank: number, isEnough: (count: number, bytes: number) => boolean): { count: number; bytes: number } {
    const taken = { count: 0, bytes: 0 }
    if (this.counts.of(rank) === 0) return taken
    const { items, sizes, ranks } = this
    let kept = 0
    // in place, because a full queue is processed in one turn of the app's event loop
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

  /** Resolves once the batch is accepted or lost, or the receiver is unreachable. */
  wait(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
