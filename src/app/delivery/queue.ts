// Collects what has ended and hands it on in batches, by the rules of OpenTelemetry's batching processors. What nobody takes
// for want of a receiver waits here until somebody does, or until the queue is full. docs/decisions/0096
import { inRoot } from '../root-context'
import { Backoff } from './backoff'
import type { Batch } from './batch'
import { type Limits, Waiting } from './waiting'

/** A batch that was not taken and may be later. */
export interface Untaken {
  /** By a server, which asks for time; otherwise nobody was there. */
  readonly answered: boolean
  readonly retryAfterMs?: number
  /** In parts it may be taken at once. */
  readonly tooLarge?: boolean
  /** The request was sent whole and has no answer. It may be taken yet, and is not sent again while nobody answers others. */
  readonly open?: OpenRequest
}

interface OpenRequest {
  readonly end: Promise<Outcome>
  giveUp(): void
}

/** `over`: somebody answered, and it was delivered or is lost for good; `nothing`: there was nothing to send. */
export type Outcome = Untaken | 'over' | 'nothing'

export interface Attempt {
  /** Of this batch. */
  readonly isFirst: boolean
  /** Somebody waits for it now. */
  readonly isFlush: boolean
  /** It can be sent in parts. */
  readonly mayPart: boolean
}

export interface QueueOptions<T> extends Limits {
  /** Longest time an item waits for its batch, ms. */
  readonly delayMs: number
  /** Longest time that one flush waits, ms. */
  readonly flushTimeoutMs: number
  /** Requests at the same time. */
  readonly mostSends?: number
  /** Sends one batch; never rejects. */
  readonly send: (batch: readonly T[], attempt: Attempt) => Promise<Outcome>
  /** Whether anybody answers, by a request that carries nothing; never rejects. */
  readonly answers: () => Promise<boolean>
}

/** Where a part of a queue that fills up can wait besides. */
export interface Overflow<T> {
  /** Resolves to whether it is kept there; never rejects. */
  keep(batch: readonly T[]): Promise<boolean>
  /** Somebody takes batches again. */
  onTaken(): void
}

/**
 * Requests at the same time, by default: during a flush, since a full queue has to leave within the 2 s that the end of a process waits, and
 * when as many full batches wait, before the queue is full and drops.
 */
const mostSendsByDefault = 4
/** Requests have the same time as a flush of them, and what becomes of them is told before it ends. */
const marginMs = 100
const longestTimerMs = 2 ** 31 - 1
/** A request that has no answer so long after one that was made later has is given up and made again. */
const graceMs = 5_000

/**
 * A batch leaves when it is full, when its first item has waited for the delay, or when somebody flushes; never only because
 * the request before it has ended. Mostly one request at a time, so that a slow Collector fills the queue, where the limits
 * count, and not the memory of many requests. While nobody takes them one batch is tried after each pause, and all others wait.
 * Never throws and never keeps the process alive.
 */
export class BatchQueue<T> {
  readonly #options: QueueOptions<T>
  readonly #waiting: Waiting<T>
  /** Are on their way: to the receiver, also those without an answer, or to where more can wait. */
  readonly #leaving = new Set<Batch<T>>()
  /** That others wait for. */
  #requests = 0
  /** Requests whose time is over, and since when. */
  readonly #unanswered = new Map<OpenRequest, number>()
  #timer: NodeJS.Timeout | undefined
  /** The first item of the open batch has waited for the delay. */
  #isOld = false
  #flushes = 0
  #isShutdown = false
  readonly #backoff = new Backoff()
  /** Nobody took the last batch. */
  #isAway = false
  #pause: { readonly timer: NodeJS.Timeout; readonly isAsked: boolean } | undefined
  #isProbing = false
  #overflow: Overflow<T> | undefined
  #isKeeping = false
  #isOverflowFull = false

  constructor(options: QueueOptions<T>) {
    this.#options = options
    this.#waiting = new Waiting(options)
  }

  /** Items that wait; those of requests under way are not among them. */
  get size(): number {
    return this.#waiting.size
  }

  /** Items that nobody has taken. */
  get untaken(): number {
    return this.#isAway ? [...this.#leaving].reduce((sum, { items }) => sum + items.length, this.size) : 0
  }

  get limit(): number {
    return this.#options.limit
  }

  /** Takes what waits beyond a half of what may, while nobody else does. */
  set overflow(overflow: Overflow<T>) {
    this.#overflow = overflow
  }

  /** @param rank what is given up first where not all can wait: the lowest */
  add(item: T, bytes: number, rank = 0): void {
    const { delayMs, onDropped } = this.#options
    if (this.#isShutdown) return onDropped('already_shutdown', 1, bytes)
    const waiting = this.#waiting
    const { newest } = waiting
    if (!waiting.add(item, bytes, rank)) return
    if (waiting.newest !== newest) this.#closed()
    if (!waiting.isOpenEmpty) this.#timer ??= inRoot(setTimeout, this.#grownOld, delayMs).unref()
    this.#sendMore()
  }

  /** Drops an item of the rank before the work that it would take, if it could not be added. @returns whether it did */
  drops(rank: number): boolean {
    return this.#waiting.drops(rank)
  }

  /**
   * Sends everything that waits at this moment; resolves when that is delivered or lost, when nobody is there to take it, or
   * after the time limit. A server that asks for time gets it; one that could not be reached is tried once more.
   */
  async flush(): Promise<void> {
    this.#close()
    const waited = [...this.#leaving, ...this.#waiting.closed].map(batch => batch.wait())
    if (waited.length === 0) return
    this.#flushes++
    if (this.#pause && !this.#pause.isAsked) void this.#tryAgain()
    this.#sendMore()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>(resolve => {
      timer = setTimeout(resolve, Math.min(this.#options.flushTimeoutMs + marginMs, longestTimerMs)).unref()
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

  /**
   * Takes out everything that is not known to be delivered, in batches, for a process that ends without another tick. The
   * highest rank comes first, since not all may find room elsewhere.
   */
  takeAll(): (readonly T[])[] {
    const batches = this.#waiting.takeAll([...this.#leaving])
    this.#leaving.clear()
    return batches.map(({ items }) => items)
  }

  #close(): void {
    this.#waiting.close()
    this.#closed()
  }

  #closed(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isOld = false
    void this.#keepMore()
  }

  readonly #grownOld = (): void => {
    this.#isOld = true
    this.#sendMore()
  }

  #sendMore(): void {
    if (this.#pause || this.#isProbing) return
    const { mostSends = mostSendsByDefault } = this.#options
    for (;;) {
      const isUrgent = this.#flushes > 0 || this.#waiting.closed.length >= mostSends
      if (this.#requests >= (isUrgent && !this.#isAway ? mostSends : 1)) return
      // an old batch that finds a request under way stays open and fills up until that has ended
      if (this.#waiting.closed.length === 0 && this.#isOld) this.#close()
      const batch = this.#waiting.takeOldest()
      if (!batch) return
      void inRoot(() => this.#send(batch))
    }
  }

  async #send(batch: Batch<T>): Promise<void> {
    const attempt: Attempt = {
      isFirst: batch.tries++ === 0,
      mayPart: batch.items.length > 1,
      get isFlush() {
        return batch.isAwaited
      },
    }
    this.#leaving.add(batch)
    this.#requests++
    const sentAt = performance.now()
    const outcome = await this.#options.send(batch.items, attempt)
    this.#requests--
    const open = typeof outcome === 'object' && outcome.open
    if (open) {
      this.#unanswered.set(open, performance.now())
      this.#rest(outcome)
      const end = await open.end
      this.#unanswered.delete(open)
      this.#settle(batch, end, sentAt)
      // that it was given up says nothing new
      if (typeof end === 'object' && end.answered) this.#rest(end)
    } else {
      this.#settle(batch, outcome, sentAt)
      if (typeof outcome === 'object' && !outcome.tooLarge) this.#rest(outcome)
    }
    this.#sendMore()
  }

  #settle(batch: Batch<T>, outcome: Outcome, sentAt: number): void {
    if (outcome === 'over') this.#answered(sentAt)
    // it was taken out meanwhile, for a process that ends
    if (!this.#leaving.delete(batch)) return
    if (typeof outcome === 'string') batch.letGo()
    else this.#waiting.putBack(...(outcome.tooLarge ? batch.halves() : [batch]))
  }

  /** Nobody took a batch: all wait for a while. */
  #rest(untaken: Pick<Untaken, 'answered' | 'retryAfterMs'>): void {
    this.#isAway = true
    this.#isOverflowFull = false
    // who flushes waits for a server that asked for time, but not for one that may come up again
    if (!untaken.answered) for (const batch of [...this.#leaving, ...this.#waiting.closed]) batch.letGo()
    if (this.#pause) return
    const timer = inRoot(setTimeout, () => void this.#tryAgain(), this.#backoff.next(untaken.retryAfterMs)).unref()
    this.#pause = { timer, isAsked: untaken.answered }
    void this.#keepMore()
  }

  async #tryAgain(): Promise<void> {
    clearTimeout(this.#pause?.timer)
    this.#pause = undefined
    // another batch would be one more of which nobody knows whether it arrives
    if (this.#unanswered.size > 0) {
      this.#isProbing = true
      const sentAt = performance.now()
      const isAnswered = await this.#options.answers()
      this.#isProbing = false
      if (isAnswered) this.#answered(sentAt)
      else if (this.#isAway) return this.#rest({ answered: false })
    }
    this.#sendMore()
  }

  /** Somebody is there, and has answered a request that was made then. */
  #answered(sentAt: number): void {
    // that one which was made before was answered says nothing of those that have none since
    for (const since of this.#unanswered.values()) if (since >= sentAt) return
    clearTimeout(this.#pause?.timer)
    this.#pause = undefined
    this.#backoff.reset()
    for (const { giveUp } of this.#unanswered.keys()) inRoot(setTimeout, giveUp, graceMs).unref()
    if (!this.#isAway) return
    this.#isAway = false
    this.#overflow?.onTaken()
  }

  /** Moves the oldest where more can wait. */
  async #keepMore(): Promise<void> {
    if (!this.#overflow || this.#isKeeping) return
    this.#isKeeping = true
    let isKept = false
    while (this.#isAway && !this.#isOverflowFull && this.#waiting.isFilling) {
      const batch = this.#waiting.takeOldest()
      if (!batch) break
      this.#leaving.add(batch)
      this.#isOverflowFull = !(await this.#overflow.keep(batch.items))
      isKept ||= !this.#isOverflowFull
      this.#settle(batch, this.#isOverflowFull ? { answered: false } : 'nothing', 0)
    }
    this.#isKeeping = false
    // somebody came while the last one was written
    if (isKept && !this.#isAway) this.#overflow.onTaken()
  }
}
