// One check over time: when it runs, how long its result holds, and what several failures in a row mean.
import type { Check, Reading, Status } from './check'
import { wordOf } from './failure'

/** Failures in a row from which on a check that has passed before counts as failed. One alone is a warning. */
const failuresToFail = 2
/** Runs that may be under way at once: one that has timed out and never settles, and the next one. */
const mostRuns = 2
/** After that a run that never settled holds up no other, ms. */
const forgottenAfterMs = 60_000

export interface Result {
  readonly status: Status
  readonly output?: string
  readonly measurement: string
  readonly observedValue: number
  readonly observedUnit: string
  /** When the run ended, ms since 1970. */
  readonly time: number
}

export interface MonitorEvents {
  /** A run ended or timed out. */
  ran(check: Check, status: Status, durationMs: number): void
  /** The check broke a rule of its contract, in words. */
  misbehaved(check: Check, problem: string): void
}

// Taken now: an app's fake timers must not decide what counts as a timeout.
const { setTimeout: later, clearTimeout: never } = globalThis
const soon: ((callback: () => void) => unknown) | undefined = globalThis.setImmediate
const elapsed = performance.now.bind(performance)
const { now: clock } = Date

export class Monitor {
  readonly #events: MonitorEvents
  #result: Result | undefined
  /** As of the monotonic clock: from then on the result is too old. */
  #validUntil = Number.NEGATIVE_INFINITY
  #failures = 0
  #hasPassed = false
  #flight: Promise<void> | undefined
  #unsettled = 0
  #lastStart = Number.NEGATIVE_INFINITY

  constructor(
    readonly check: Check,
    events: MonitorEvents,
  ) {
    this.#events = events
  }

  /** `undefined` until the first run has ended. */
  get result(): Result | undefined {
    return this.#result
  }

  get validUntil(): number {
    return this.#validUntil
  }

  /** Whether the app may serve as far as this check is concerned. */
  get serves(): boolean {
    return !this.check.required || (this.#result !== undefined && this.#result.status !== 'fail')
  }

  /**
   * Runs the check unless its result still holds; who comes while it runs waits for the same run.
   * @param alone a run of another request cannot be waited for, as on Workers
   * @returns resolves within the time limit of the check; never rejects
   */
  refresh(alone = false): Promise<void> {
    if (elapsed() < this.#validUntil) return Promise.resolve()
    // another request finds out what it is now; a run that its own request cannot wait for any more holds up nobody
    if (alone) return this.#unsettled > 0 && this.#result && !this.#isForgotten() ? Promise.resolve() : this.#run()
    if (this.#flight) return this.#flight
    if (this.#unsettled >= mostRuns && !this.#isForgotten()) {
      this.#record({ status: 'fail', output: 'timeout' }, this.check.timeoutMs)
      return Promise.resolve()
    }
    this.#flight = this.#run().finally(() => {
      this.#flight = undefined
    })
    return this.#flight
  }

  #isForgotten(): boolean {
    return elapsed() - this.#lastStart >= forgottenAfterMs
  }

  async #run(): Promise<void> {
    const begun = elapsed()
    this.#lastStart = begun
    this.#unsettled++
    const abort = new AbortController()
    const work = this.#attempt(abort.signal)
    void work.then(() => {
      this.#unsettled = Math.max(0, this.#unsettled - 1)
    })
    const reading = await inTime(work, this.check.timeoutMs)
    // the check lets go of its socket, whoever came first
    abort.abort()
    this.#record(reading ?? { status: 'fail', output: 'timeout' }, elapsed() - begun)
  }

  /** Never rejects. */
  async #attempt(signal: AbortSignal): Promise<Reading> {
    try {
      return usable(await this.check.run(signal)) ?? this.#refuse()
    } catch (error) {
      return { status: 'fail', output: wordOf(error) }
    }
  }

  #refuse(): Reading {
    this.#events.misbehaved(this.check, 'returned something other than nothing, true, false or an object with a status')
    return { status: 'fail', output: 'invalid result' }
  }

  #record(reading: Reading, durationMs: number): void {
    const isFailure = reading.status === 'fail'
    this.#failures = isFailure ? this.#failures + 1 : 0
    if (!isFailure) this.#hasPassed = true
    const held = isFailure && this.#hasPassed && this.#failures < failuresToFail
    const status = held ? 'warn' : reading.status
    this.#result = {
      status,
      ...(status !== 'pass' && reading.output && { output: reading.output.slice(0, 200) }),
      measurement: reading.measurement ?? 'responseTime',
      observedValue: reading.observedValue ?? Math.round(durationMs * 1_000) / 1_000,
      observedUnit: reading.observedUnit ?? (reading.observedValue === undefined ? 'ms' : '1'),
      time: clock(),
    }
    this.#validUntil = elapsed() + this.check.periodMs
    this.#events.ran(this.check, status, durationMs)
  }
}

const statuses: readonly unknown[] = ['pass', 'warn', 'fail']

/** What somebody's check returned, where it is a reading. */
function usable(returned: unknown): Reading | undefined {
  if (returned === undefined || returned === true) return { status: 'pass' }
  if (returned === false) return { status: 'fail', output: 'error' }
  if (typeof returned !== 'object' || returned === null) return undefined
  const { status, output, measurement, observedValue, observedUnit } = returned as Record<string, unknown>
  if (!statuses.includes(status)) return undefined
  return {
    status: status as Status,
    ...(typeof output === 'string' && { output }),
    ...(typeof measurement === 'string' && /^[\w.-]+$/.test(measurement) && { measurement }),
    ...(typeof observedValue === 'number' && Number.isFinite(observedValue) && { observedValue }),
    ...(typeof observedUnit === 'string' && { observedUnit }),
  }
}

/** `undefined` when the time is over. The timer does not keep the process alive. */
function inTime<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise(resolve => {
    const over = () => resolve(undefined)
    // once round the loop: when the loop was busy, the answer may be there and unread
    const timer = later(() => (soon ? soon(over) : over()), ms) as ReturnType<typeof setTimeout> & { unref?(): void }
    timer.unref?.()
    void work.then(value => {
      never(timer)
      resolve(value)
    })
  })
}
