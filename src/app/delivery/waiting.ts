// Holds waiting items in batches within limits; if they overflow, items are dropped by rank.
import { Batch, RankCounts } from './batch'

export type Dropped = 'queue_full' | 'queue_bytes_full' | 'already_shutdown'

export interface Limits {
  /** Maximum number of items; beyond it, items of the lowest rank are dropped. */
  readonly limit: number
  /** Maximum bytes; beyond it, likewise. */
  readonly limitBytes: number
  readonly batchSize: number
  /** Maximum bytes of a batch; a single larger item is sent alone. */
  readonly batchBytes: number
  /** Whether each item includes the values of earlier ones, so that only the newest is sent. */
  readonly supersedes?: boolean
  readonly onDropped: (reason: Dropped, count: number, bytes: number) => void
}

type IsEnough = (count: number, bytes: number) => boolean

export class Waiting<T> {
  readonly #limits: Limits
  /** The batch that takes new items. */
  #open = new Batch<T>()
  /** Oldest first. */
  closed: Batch<T>[] = []
  /** The batch that was closed last. */
  newest: Batch<T> | undefined
  #counts = new RankCounts()
  #bytes = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#counts.total
  }

  get isOpenEmpty(): boolean {
    return this.#open.items.length === 0
  }

  /** Whether more than half of the limit is used. */
  get isFilling(): boolean {
    const { limit, limitBytes } = this.#limits
    return this.size > limit / 2 || this.#bytes > limitBytes / 2
  }

  /** @returns whether there was room, or items of a lower rank could be dropped */
  add(item: T, bytes: number, rank: number): boolean {
    const { batchSize, batchBytes, onDropped } = this.#limits
    for (let full = this.#fullFor(bytes); full; full = this.#fullFor(bytes)) {
      if (this.#makeRoom(rank, full)) continue
      onDropped(full, 1, bytes)
      return false
    }
    if (!this.isOpenEmpty && this.#open.bytes + bytes > batchBytes) this.close()
    this.#open.add(item, bytes, rank)
    this.#counts.add(rank, 1)
    this.#bytes += bytes
    if (this.#open.items.length >= batchSize || this.#open.bytes >= batchBytes) this.close()
    return true
  }

  /** Drops an item of this rank before it is processed, if it could not be added anyway. @returns whether it was dropped */
  drops(rank: number): boolean {
    const full = this.#fullFor(0)
    if (!full || this.#counts.lowestBelow(rank) !== undefined) return false
    this.#limits.onDropped(full, 1, 0)
    return true
  }

  /** Closes the open batch. */
  close(): void {
    const { batchSize, batchBytes, supersedes } = this.#limits
    if (this.isOpenEmpty) return
    const open = this.#open
    this.#open = new Batch()
    this.newest = open
    if (supersedes) {
      for (const older of this.closed.splice(0)) {
        this.#count(older, -1)
        open.inherit(older)
      }
    }
    const last = this.closed.at(-1)
    // merges small batches, which flushes leave
    const isRoom = last && last.items.length + open.items.length <= batchSize && last.bytes + open.bytes <= batchBytes
    if (isRoom && last.tries === 0) last.absorb(open)
    else this.closed.push(open)
  }

  takeOldest(): Batch<T> | undefined {
    const batch = this.closed.shift()
    if (batch) this.#count(batch, -1)
    return batch
  }

  /** Removes and returns everything in batches by rank, highest first. @param others batches to include */
  takeAll(others: readonly Batch<T>[]): Batch<T>[] {
    const ofRank: Batch<T>[] = []
    for (const { items, sizes, ranks } of [...others, ...this.closed, this.#open])
      for (let i = 0; i < items.length; i++) {
        const rank = ranks[i] as number
        ofRank[rank] ??= new Batch()
        ofRank[rank].add(items[i] as T, sizes[i] as number, rank)
      }
    this.#open = new Batch()
    this.closed = []
    this.#counts = new RankCounts()
    this.#bytes = 0
    const anything = Number.POSITIVE_INFINITY
    const sorted = new Waiting<T>({ ...this.#limits, limit: anything, limitBytes: anything })
    for (const batch of ofRank.reverse())
      for (let i = 0; batch && i < batch.items.length; i++)
        sorted.add(batch.items[i] as T, batch.sizes[i] as number, batch.ranks[i] as number)
    sorted.close()
    return sorted.closed
  }

  /** Puts batches back to the front; if they exceed the limits, items are dropped by rank. */
  putBack(...batches: Batch<T>[]): void {
    const { limit, limitBytes, supersedes } = this.#limits
    if (supersedes && batches[0] !== this.newest) return batches[0]?.letGo()
    this.closed.unshift(...batches)
    for (const batch of batches) this.#count(batch, 1)
    for (let over = this.size - limit; over > 0; over = this.size - limit)
      this.#drop(Number.POSITIVE_INFINITY, 'queue_full', count => count >= over)
    for (let over = this.#bytes - limitBytes; over > 0; over = this.#bytes - limitBytes)
      this.#drop(Number.POSITIVE_INFINITY, 'queue_bytes_full', (_, bytes) => bytes >= over)
  }

  #count({ counts, bytes }: Batch<T>, sign: 1 | -1): void {
    this.#counts.addAll(counts, sign)
    this.#bytes += sign * bytes
  }

  #fullFor(bytes: number): 'queue_full' | 'queue_bytes_full' | undefined {
    if (this.size >= this.#limits.limit) return 'queue_full'
    return this.#bytes + bytes > this.#limits.limitBytes ? 'queue_bytes_full' : undefined
  }

  /**
   * Drops some items of the lowest rank, if it is below the rank of the new item. It drops several at once, because it has to scan all
   * batches.
   * @returns whether items were dropped
   */
  #makeRoom(rank: number, reason: Dropped): boolean {
    const { limit, limitBytes } = this.#limits
    return this.#drop(rank, reason, (count, bytes) => count >= limit / 64 || bytes >= limitBytes / 64)
  }

  /** Drops the oldest items of the lowest rank below this one. @returns whether there were any */
  #drop(below: number, reason: Dropped, isEnough: IsEnough): boolean {
    const lowest = this.#counts.lowestBelow(below)
    if (lowest === undefined) return false
    const dropped = { count: 0, bytes: 0 }
    for (const batch of [...this.closed, this.#open]) {
      const { count, bytes } = batch.takeOut(lowest, (more, moreBytes) =>
        isEnough(dropped.count + more, dropped.bytes + moreBytes),
      )
      dropped.count += count
      dropped.bytes += bytes
      if (isEnough(dropped.count, dropped.bytes)) break
    }
    this.#counts.add(lowest, -dropped.count)
    this.#bytes -= dropped.bytes
    this.closed = this.closed.filter(batch => {
      if (batch.items.length === 0) batch.letGo()
      return batch.items.length > 0
    })
    this.#limits.onDropped(reason, dropped.count, dropped.bytes)
    return true
  }
}
