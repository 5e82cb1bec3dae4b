// Asks a judge that takes its time: two questions at once, each with a deadline, and none for a while after three in a row have failed.
import { inRoot } from '../root-context'
import { EvaluationError, type Finding } from './evaluator'
import type { Rounds } from './rounds'

// Taken now: an application's fake timers must not decide.
const { clearTimeout, setTimeout } = globalThis
const now = performance.now.bind(performance)

const AT_ONCE = 2
const [MOST_FAILURES, PAUSE_MS] = [3, 60_000]

export interface Question {
  readonly ask: (signal: AbortSignal) => Finding | undefined | Promise<Finding | undefined>
  readonly timeoutMs: number
  /** Called once, unless `left` is. Must not throw. */
  readonly over: (finding: Finding | undefined, error?: unknown) => void
  /** The process ends before its turn. Must not throw. */
  readonly left: () => void
}

export class Asking {
  readonly #rounds: Rounds
  readonly #patienceMs: number
  #waiting: Question[] = []
  #open = 0
  #failures = 0
  #pausedUntil = 0
  /** From then on nobody who waits is asked. */
  #endsAt = Number.POSITIVE_INFINITY

  /** @param patienceMs how long those who wait are still asked when the process ends */
  constructor(rounds: Rounds, patienceMs: number) {
    this.#rounds = rounds
    this.#patienceMs = patienceMs
  }

  add(question: Question): void {
    if (this.#refuse(question)) return
    if (this.#open < AT_ONCE && !this.#rounds.isAwaited) return void this.#ask(question)
    this.#waiting.push(question)
    if (this.#isOver()) this.#leave()
    else this.#rounds.wait(this.#begin)
  }

  /** The process ends. */
  end(): void {
    this.#endsAt = now() + this.#patienceMs
    if (this.#isOver()) this.#leave()
  }

  /** It goes on after all. */
  goOn(): void {
    this.#endsAt = Number.POSITIVE_INFINITY
  }

  readonly #begin = (): void => {
    if (this.#isOver()) return this.#leave()
    while (this.#open < AT_ONCE) {
      const question = this.#waiting.shift()
      if (!question) return
      if (!this.#refuse(question)) void this.#ask(question)
    }
    if (this.#waiting.length > 0) this.#rounds.wait(this.#begin)
  }

  #isOver(): boolean {
    return now() >= this.#endsAt
  }

  #leave(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { left } of waiting) left()
    this.#rounds.leave(this.#begin)
  }

  /** @returns whether the judge rests */
  #refuse({ over }: Question): boolean {
    if (now() >= this.#pausedUntil) return false
    const seconds = PAUSE_MS / 1_000
    over(undefined, new EvaluationError(`the judge failed ${MOST_FAILURES} times in a row; it is not asked for ${seconds} seconds`)) // biome-ignore format: one sentence
    return true
  }

  async #ask({ ask, timeoutMs, over }: Question): Promise<void> {
    this.#open++
    this.#rounds.opened()
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_, reject) => {
      const late = () => {
        reject(new EvaluationError(`the judge took longer than ${timeoutMs / 1_000} s`))
        abort.abort()
      }
      timer = inRoot(setTimeout, late, timeoutMs)
    })
    try {
      const finding = await Promise.race([ask(abort.signal), deadline])
      this.#failures = 0
      over(finding)
    } catch (error) {
      if (++this.#failures >= MOST_FAILURES) this.#pausedUntil = now() + PAUSE_MS
      over(undefined, error ?? new Error('the judge failed'))
    }
    clearTimeout(timer)
    this.#open--
    this.#rounds.closed()
  }
}
