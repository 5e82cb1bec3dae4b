// Collects what has ended and hands it on in batches. Called by `traces.ts` and `logs.ts`.

export interface QueueOptions<T> {
  /** Items that may wait; beyond it new ones are dropped. */
  readonly limit: number
  readonly batchSize: number
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
  #sending: readonly T[] = []
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> | undefined
  #hurry = new AbortController()

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  add(item: T): void {
    if (this.#waiting.length >= this.#options.limit) {
      this.#options.onDropped()
      return
    }
    this.#waiting.push(item)
    if (this.#waiting.length >= this.#options.batchSize) void this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), this.#options.delayMs).unref()
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

  /** Takes out everything that is not known to be delivered, for a process that ends without another tick. */
  takeAll(): T[] {
    const all = [...this.#sending, ...this.#waiting]
    this.#waiting = []
    this.#sending = []
    return all
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
      const batch = this.#waiting.splice(0, this.#options.batchSize)
      this.#sending = batch
      await this.#options.send(batch, this.#hurry.signal)
      this.#sending = []
    }
  }
}
