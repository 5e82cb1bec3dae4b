// Collects what has ended and hands it on in batches, by the rules of OpenTelemetry's batching processors.
import { inRoot } from '../root-context'

export interface QueueOptions<T> {
  /** Items that may wait; beyond it the items of the lowest rank are dropped. */
  readonly limit: number
  /** Bytes that may wait, likewise. */
  readonly limitBytes: number
  readonly batchSize: number
  /** A batch is closed before it would be larger; one item that is larger goes alone. */
  readonly batchBytes: number
  /** Longest time an item waits for its batch, ms. */
  readonly delayMs: number
  /** Longest time that one flush waits, ms. */
  readonly flushTimeoutMs: number
  /**
   * Sends one batch; resolves when it is delivered or given up, and never rejects.
   * @param flushing aborts when somebody waits for this batch
   */
  readonly send: (batch: readonly T[], flushing: AbortSignal) => Promise<unknown>
  readonly onDropped: (reason: 'queue_full' | 'queue_bytes_full' | 'already_shutdown', count: number) => void
}

/**
 * Requests at the same time during a flush, since a full queue has to leave within the 2 s that the end of a process waits, and
 * when as many full batches wait, before the queue is full and drops.
 */
const mostSends = 4

/** How many items there are of each rank, of which there are few. */
class RankCounts {
  readonly #of: number[] = []
  total = 0

  add(rank: number, count: number): void {
    this.#of[rank] = this.of(rank) + count
    this.total += count
  }

  subtract(others: RankCounts): void {
    for (const [rank, count] of others.#of.entries()) this.add(rank, -(count ?? 0))
  }

  of(rank: number): number {
    return this.#of[rank] ?? 0
  }

  /** The lowest below this one of which there are items. */
  lowestBelow(rank: number): number | undefined {
    for (let lowest = 0; lowest < rank; lowest++) if (this.of(lowest) > 0) return lowest
    return undefined
  }
}

class Batch<T> {
  items: T[] = []
  /** Of each item. */
  sizes: number[] = []
  ranks: number[] = []
  counts = new RankCounts()
  bytes = 0
  readonly flushing = new AbortController()
  /** Called when the batch was sent or given up. */
  readonly waiting: (() => void)[] = []

  add(item: T, bytes: number, rank: number): void {
    this.items.push(item)
    this.sizes.push(bytes)
    this.ranks.push(rank)
    this.counts.add(rank, 1)
    this.bytes += bytes
  }

  /**
   * Takes out items of a rank, the oldest first.
   * @returns how many
   */
  takeOut(rank: number, most: number): number {
    const { items, sizes, ranks } = this
    if (this.counts.of(rank) === 0) return 0
    let taken = 0
    this.items = []
    this.sizes = []
    this.ranks = []
    this.counts = new RankCounts()
    this.bytes = 0
    for (const [i, item] of items.entries()) {
      if (ranks[i] === rank && taken < most) taken++
      else this.add(item, sizes[i] as number, ranks[i] as number)
    }
    return taken
  }

  /** Resolves when the batch was sent or given up. */
  flush(): Promise<void> {
    this.flushing.abort()
    return new Promise(resolve => this.waiting.push(resolve))
  }
}

/**
 * A batch goes when it is full, when its first item has waited for the delay, or when somebody flushes; never merely because
 * the request before it has ended. Mostly one request at a time, so that a slow Collector fills the queue, where the limits
 * count, and not the memory of many requests.
 * Never throws and never keeps the process alive.
 */
export class BatchQueue<T> {
  readonly #options: QueueOptions<T>
  /** Takes new items. */
  #open = new Batch<T>()
  /** Wait for their request, oldest first. */
  #closed: Batch<T>[] = []
  readonly #sending = new Set<Batch<T>>()
  /** Of what waits. */
  #counts = new RankCounts()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  /** The first item of the open batch has waited for the delay. */
  #isOld = false
  #flushes = 0
  #isShutdown = false

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  /** Items that wait; those of requests under way are not among them. */
  get size(): number {
    return this.#counts.total
  }

  get limit(): number {
    return this.#options.limit
  }

  /** @param rank what is given up first where not all can wait: the lowest */
  add(item: T, bytes: number, rank = 0): void {
    const { batchSize, batchBytes, delayMs, onDropped } = this.#options
    if (this.#isShutdown) return onDropped('already_shutdown', 1)
    for (let full = this.#fullFor(bytes); full; full = this.#fullFor(bytes)) {
      if (!this.#makeRoom(rank, full)) return onDropped(full, 1)
    }
    if (this.#open.items.length > 0 && this.#open.bytes + bytes > batchBytes) this.#close()
    this.#open.add(item, bytes, rank)
    this.#counts.add(rank, 1)
    this.#bytes += bytes
    if (this.#open.items.length >= batchSize || this.#open.bytes >= batchBytes) this.#close()
    else this.#timer ??= inRoot(setTimeout, this.#grownOld, delayMs).unref()
    this.#sendMore()
  }

  /** Drops an item of the rank before the work that it would take, if it could not be added. @returns whether it did */
  drops(rank: number): boolean {
    const full = this.#fullFor(0)
    if (!full || this.#counts.lowestBelow(rank) !== undefined) return false
    this.#options.onDropped(full, 1)
    return true
  }

  /** Sends everything that waits at this moment; resolves when that is delivered or given up, or after the time limit. */
  async flush(): Promise<void> {
    this.#close()
    const waited = [...this.#sending, ...this.#closed].map(batch => batch.flush())
    if (waited.length === 0) return
    this.#flushes++
    this.#sendMore()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#options.flushTimeoutMs).unref()
    })
    await Promise.race([Promise.all(waited), limit])
    clearTimeout(timer)
    this.#flushes--
  }

  /** The last flush; what comes after it is dropped and counted. */
  async shutdown(): Promise<void> {
    this.#isShutdown = true
    await this.flush()
  }

  /** Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. */
  takeAll(): (readonly T[])[] {
    this.#close()
    const batches = [...this.#sending, ...this.#closed]
    this.#sending.clear()
    this.#closed = []
    this.#counts = new RankCounts()
    this.#bytes = 0
    return batches.map(({ items }) => items)
  }

  #fullFor(bytes: number): 'queue_full' | 'queue_bytes_full' | undefined {
    if (this.#counts.total >= this.#options.limit) return 'queue_full'
    return this.#bytes + bytes > this.#options.limitBytes ? 'queue_bytes_full' : undefined
  }

  /**
   * Drops some of what has the lowest rank, if that is below the one of what comes. Some, since it looks at all batches.
   * @returns whether it did
   */
  #makeRoom(rank: number, reason: 'queue_full' | 'queue_bytes_full'): boolean {
    const lowest = this.#counts.lowestBelow(rank)
    if (lowest === undefined) return false
    const most = Math.ceil(this.#options.limit / 8)
    let dropped = 0
    for (const batch of [...this.#closed, this.#open]) {
      const bytes = batch.bytes
      dropped += batch.takeOut(lowest, most - dropped)
      this.#bytes -= bytes - batch.bytes
      if (dropped === most) break
    }
    this.#counts.add(lowest, -dropped)
    // one for which somebody waits stays: it is sent, empty as it is
    this.#closed = this.#closed.filter(batch => batch.items.length > 0 || batch.waiting.length > 0)
    this.#options.onDropped(reason, dropped)
    return true
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isOld = false
    if (this.#open.items.length === 0) return
    this.#closed.push(this.#open)
    this.#open = new Batch()
  }

  readonly #grownOld = (): void => {
    this.#isOld = true
    this.#sendMore()
  }

  #sendMore(): void {
    while (this.#sending.size < (this.#flushes > 0 || this.#closed.length >= mostSends ? mostSends : 1)) {
      // an old batch that finds a request under way stays open and fills up until that has ended
      if (this.#closed.length === 0 && this.#isOld) this.#close()
      const batch = this.#closed.shift()
      if (!batch) return
      void inRoot(() => this.#send(batch))
    }
  }

  async #send(batch: Batch<T>): Promise<void> {
    this.#sending.add(batch)
    this.#counts.subtract(batch.counts)
    this.#bytes -= batch.bytes
    try {
      await this.#options.send(batch.items, batch.flushing.signal)
    } finally {
      this.#sending.delete(batch)
      for (const resolve of batch.waiting) resolve()
      this.#sendMore()
    }
  }
}
