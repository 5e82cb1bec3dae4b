// A queue that sends ended items in batches, by the rules of OpenTelemetry's batching processors. If the receiver is unreachable, items
// wait here until it returns or the queue is full. docs/decisions/0096
import { inRoot } from '../root-context'
import { Backoff } from './backoff'
import type { Batch } from './batch'
import { type Limits, Waiting } from './waiting'

/** A batch that was not accepted, but may be later. */
export interface Untaken {
  /** Whether a server answered and asked for time; otherwise none was reachable. */
  readonly answered: boolean
  readonly retryAfterMs?: number
  /** The server may accept smaller requests at once. */
  readonly tooLarge?: boolean
  /**
   * The request was sent completely but has no answer. It may still be accepted, so it is not sent again until the receiver answers other
   * requests.
   */
  readonly open?: OpenRequest
}

interface OpenRequest {
  readonly end: Promise<Outcome>
  giveUp(): void
}

/** `over`: the receiver answered, and the batch is delivered or finally lost; `nothing`: there was nothing to send. */
export type Outcome = Untaken | 'over' | 'nothing'

export interface Attempt {
  /** The first attempt for this batch. */
  readonly isFirst: boolean
  /** A flush waits for it. */
  readonly isFlush: boolean
  /** Whether the batch may be split. */
  readonly mayPart: boolean
}

export interface QueueOptions<T> extends Limits {
  /** Maximum time in ms that an item waits for its batch. */
  readonly delayMs: number
  /** Maximum time in ms that a flush waits. */
  readonly flushTimeoutMs: number
  /** Maximum concurrent requests. */
  readonly mostSends?: number
  /** Sends one batch; never rejects. */
  readonly send: (batch: readonly T[], attempt: Attempt) => Promise<Outcome>
  /** Whether the receiver answers an empty request; never rejects. */
  readonly answers: () => Promise<boolean>
}

/** Stores part of a queue that fills up. */
export interface Overflow<T> {
  /** Resolves to whether the batch is stored; never rejects. */
  keep(batch: readonly T[]): Promise<boolean>
  /** Called once the receiver accepts batches again. */
  onTaken(): void
}

/**
 * Default for concurrent requests, which are used during a flush, because an exiting process waits only 2 s, and when that many full
 * batches wait.
 */
const mostSendsByDefault = 4
/** A flush waits this much longer than its requests, so that their results are reported before it ends. */
const marginMs = 100
const longestTimerMs = 2 ** 31 - 1
/** If a later request gets an answer, an older one without an answer is abandoned after this time and sent again. */
const graceMs = 5_000

/**
 * A batch is sent when it is full, when its first item has waited for the delay, or on a flush, but never only because the previous request
 * has ended. Usually one request runs at a time, so that a slow Collector fills the queue, which has limits, and not the memory of many
 * requests. While the receiver is unreachable, one batch is tried after each pause and all others wait. Never throws and never keeps the
 * process alive.
 */
export class BatchQueue<T> {
  readonly #options: QueueOptions<T>
  readonly #waiting: Waiting<T>
  /** Batches being sent, including those without an answer, or being moved to the overflow. */
  readonly #leaving = new Set<Batch<T>>()
  /** Requests for whose end others wait. */
  #requests = 0
  /** Requests past their timeout, and since when. */
  readonly #unanswered = new Map<OpenRequest, number>()
  #timer: NodeJS.Timeout | undefined
  /** Whether the first item of the open batch has waited for the delay. */
  #isOld = false
  #flushes = 0
  #isShutdown = false
  readonly #backoff = new Backoff()
  /** Whether the last batch was not accepted. */
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

  /** Number of waiting items, not including those in requests. */
  get size(): number {
    return this.#waiting.size
  }

  /** Number of items that no receiver has accepted. */
  get untaken(): number {
    return this.#isAway ? [...this.#leaving].reduce((sum, { items }) => sum + items.length, this.size) : 0
  }

  get limit(): number {
    return this.#options.limit
  }

  /** Stores what exceeds half the limit, while the receiver is unreachable. */
  set overflow(overflow: Overflow<T>) {
    this.#overflow = overflow
  }

  /** @param rank items of the lowest rank are dropped first if not all fit */
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

  /** Drops an item of this rank before it is processed, if it could not be added anyway. @returns whether it was dropped */
  drops(rank: number): boolean {
    return this.#waiting.drops(rank)
  }

  /**
   * Sends all waiting items. Resolves once they are delivered or lost, the receiver is unreachable, or the time is up. A server that asks
   * for time gets it; an unreachable one is tried once more.
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

  /** A final flush; later items are dropped and counted. */
  async shutdown(): Promise<void> {
    this.#isShutdown = true
    await this.flush()
  }

  /** Removes and returns all undelivered items in batches, for a process that exits; highest rank first, as the spool may be full. */
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
      // if a request is in progress, an old batch stays open and grows until it ends
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
      // an abandoned request is no new information about the receiver
      if (typeof end === 'object' && end.answered) this.#rest(end)
    } else {
      this.#settle(batch, outcome, sentAt)
      if (typeof outcome === 'object' && !outcome.tooLarge) this.#rest(outcome)
    }
    this.#sendMore()
  }

  #settle(batch: Batch<T>, outcome: Outcome, sentAt: number): void {
    if (outcome === 'over') this.#answered(sentAt)
    // it was removed meanwhile, because the process exits
    if (!this.#leaving.delete(batch)) return
    if (typeof outcome === 'string') batch.letGo()
    else this.#waiting.putBack(...(outcome.tooLarge ? batch.halves() : [batch]))
  }

  /** Pauses after a batch that was not accepted. */
  #rest(untaken: Pick<Untaken, 'answered' | 'retryAfterMs'>): void {
    this.#isAway = true
    this.#isOverflowFull = false
    // a flush waits for a server that asked for time, but not for an unreachable one
    if (!untaken.answered) for (const batch of [...this.#leaving, ...this.#waiting.closed]) batch.letGo()
    if (this.#pause) return
    const timer = inRoot(setTimeout, () => void this.#tryAgain(), this.#backoff.next(untaken.retryAfterMs)).unref()
    this.#pause = { timer, isAsked: untaken.answered }
    void this.#keepMore()
  }

  async #tryAgain(): Promise<void> {
    clearTimeout(this.#pause?.timer)
    this.#pause = undefined
    // another batch might be delivered without an answer, too
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

  /** Called when the receiver has answered a request sent at this time. */
  #answered(sentAt: number): void {
    // an answer to an older request says nothing about newer unanswered ones
    for (const since of this.#unanswered.values()) if (since >= sentAt) return
    clearTimeout(this.#pause?.timer)
    this.#pause = undefined
    this.#backoff.reset()
    for (const { giveUp } of this.#unanswered.keys()) inRoot(setTimeout, giveUp, graceMs).unref()
    if (!this.#isAway) return
    this.#isAway = false
    this.#overflow?.onTaken()
  }

  /** Moves the oldest batches to the overflow. */
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
    // the receiver became reachable during the last write
    if (isKept && !this.#isAway) this.#overflow.onTaken()
  }
}
