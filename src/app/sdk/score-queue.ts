// Scores wait here for LangFuse, however long it is away; what bounds them is their number and size.

import type { Score } from '../llm/report/quality/score'
import { inRoot } from '../root-context'

export interface Outcome {
  /** Those that were not taken and may be taken later. */
  readonly waiting: readonly Score[]
  /** How long they wait, ms. */
  readonly pauseMs: number
}

export interface ScoreQueueOptions {
  /**
   * Sends one batch and never rejects.
   * @param flushing aborts when somebody waits for it
   */
  readonly send: (scores: readonly Score[], flushing: AbortSignal) => Promise<Outcome>
  readonly onDropped: () => void
}

interface QueuedScore {
  readonly score: Score
  readonly bytes: number
}

const limit = 2_048
const limitBytes = 8 * 2 ** 20
const batchSize = 100
/** LangFuse's client takes requests up to 2.5 MB. */
const batchBytes = 2 ** 20
/** Longest time that a score waits for others, ms. */
const delayMs = 1_000
/** Longest time that one flush waits, ms. */
const flushTimeoutMs = 30_000

/**
 * One request at a time, oldest scores first. Of scores with the same id the later one counts: a score that is sent again
 * after its correction would be the newer one for LangFuse. Never throws and never keeps the process alive.
 */
export class ScoreQueue {
  readonly #options: ScoreQueueOptions
  /** By id. */
  #waiting = new Map<string, QueuedScore>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined
  /** LangFuse has not taken the last batch whole: what comes meanwhile waits with it. */
  #isPaused = false
  #flushing = new AbortController()
  #flushes = 0
  #underWay = 0

  constructor(options: ScoreQueueOptions) {
    this.#options = options
  }

  /** Scores that are not known to be taken or refused. */
  get size(): number {
    return this.#waiting.size + this.#underWay
  }

  add(score: Score): void {
    const bytes = Buffer.byteLength(JSON.stringify(score))
    const before = this.#waiting.get(score.id)
    if (this.#waiting.size - (before ? 1 : 0) >= limit || this.#bytes - (before?.bytes ?? 0) + bytes > limitBytes)
      return this.#options.onDropped()
    this.#remove(score.id)
    this.#put({ score, bytes })
    if (this.#isPaused || this.#sending) return
    if (this.#waiting.size >= batchSize || this.#bytes >= batchBytes) this.#start()
    else this.#timer ??= inRoot(setTimeout, () => this.#start(), delayMs).unref()
  }

  /** Sends what waits; resolves when that was taken or refused once more, or after the time limit. */
  async flush(): Promise<void> {
    this.#flushes++
    this.#flushing.abort()
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, flushTimeoutMs).unref()
    })
    const work = async () => {
      await this.#sending
      await this.#start()
    }
    await Promise.race([work(), patience])
    clearTimeout(timer)
    if (--this.#flushes === 0) this.#flushing = new AbortController()
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isPaused = false
    this.#sending ??= inRoot(() => this.#sendAll()).finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#take()
      const scores = batch.map(({ score }) => score)
      this.#underWay = scores.length
      const { waiting, pauseMs } = await this.#options.send(scores, this.#flushing.signal)
      this.#underWay = 0
      if (waiting.length === 0) continue
      const again = new Set(waiting)
      this.#putBack(batch.filter(({ score }) => again.has(score)))
      this.#isPaused = true
      this.#timer = setTimeout(() => this.#start(), pauseMs).unref()
      return
    }
  }

  /** At least one. */
  #take(): QueuedScore[] {
    const batch: QueuedScore[] = []
    let bytes = 0
    for (const entry of this.#waiting.values()) {
      bytes += entry.bytes
      if (batch.length > 0 && (batch.length >= batchSize || bytes > batchBytes)) break
      batch.push(entry)
    }
    for (const { score } of batch) this.#remove(score.id)
    return batch
  }

  #putBack(batch: readonly QueuedScore[]): void {
    const later = this.#waiting
    this.#waiting = new Map()
    this.#bytes = 0
    for (const entry of [...batch.filter(({ score }) => !later.has(score.id)), ...later.values()]) this.#put(entry)
  }

  #put(entry: QueuedScore): void {
    this.#waiting.set(entry.score.id, entry)
    this.#bytes += entry.bytes
  }

  #remove(id: string): void {
    this.#bytes -= this.#waiting.get(id)?.bytes ?? 0
    this.#waiting.delete(id)
  }
}
