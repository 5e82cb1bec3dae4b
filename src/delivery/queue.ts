// Collects what has ended and hands it on in batches.

export interface QueueOptions<T> {
  /** Items that may wait; beyond it new ones are dropped. */
  readonly limit: number
  /** Bytes that may wait, likewise. */
  readonly limitBytes: number
  readonly batchSize: number
  /** A batch is closed before it would be larger; one item that is larger goes alone. */
  readonly batchBytes: number
  /** Longest time an item waits for its batch, ms. */
  readonly delayMs: number
  /** Sends one batch; resolves when it is delivered or given up. `hurry` is aborted when somebody waits: no more retries then. */
  readonly send: (batch: readonly T[], hurry: AbortSignal) => Promise<void>
  readonly onDropped: () => void
}

/** Never throws and never keeps the process alive; a batch goes when it is full, when it is old, or when somebody flushes. */
export class BatchQueue<T> {
  readonly #options: QueueOptions<T>
  #waiting: T[] = []
  /** Of each item that waits, and of all. */
  #sizes: number[] = []
  #bytes = 0
  #sending: readonly T[] = []
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> | undefined
  #hurry = new AbortController()

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  add(item: T, bytes: number): void {
    const { limit, limitBytes, batchSize, batchBytes, delayMs } = this.#options
    if (this.#waiting.length >= limit || this.#bytes + bytes > limitBytes) {
      this.#options.onDropped()
      return
    }
    this.#waiting.push(item)
    this.#sizes.push(bytes)
    this.#bytes += bytes
    if (this.#waiting.length >= batchSize || this.#bytes >= batchBytes) void this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), delayMs).unref()
  }

  /** Sends everything that waits now; resolves when that is done. */
  async flush(): Promise<void> {
    const hurry = this.#hurry
    hurry.abort()
    await this.#start()
    if (this.#hurry === hurry) this.#hurry = new AbortController()
  }

  get empty(): boolean {
    return this.#waiting.length === 0 && this.#sending.length === 0
  }

  /** Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. */
  takeAll(): (readonly T[])[] {
    const batches = this.#sending.length > 0 ? [this.#sending] : []
    while (this.#waiting.length > 0) batches.push(this.#takeBatch())
    this.#sending = []
    return batches
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // one batch at a time: a slow Collector fills the queue, where the limit counts, and not the memory of many requests
    this.#run ??= this.#sendAll().finally(() => {
      this.#run = undefined
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#start(), this.#options.delayMs).unref()
    })
    return this.#run
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#sending = this.#takeBatch()
      await this.#options.send(this.#sending, this.#hurry.signal)
      this.#sending = []
    }
  }

  #takeBatch(): T[] {
    const { batchSize, batchBytes } = this.#options
    let count = 0
    let bytes = 0
    while (count < Math.min(batchSize, this.#sizes.length)) {
      const next = this.#sizes[count] as number
      if (count > 0 && bytes + next > batchBytes) break
      bytes += next
      count++
    }
    this.#sizes.splice(0, count)
    this.#bytes -= bytes
    return this.#waiting.splice(0, count)
  }
}
