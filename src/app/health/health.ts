// All checks of a process, and what follows from them: whether the app may serve, and how it is.
import type { Check, Status } from './check'
import { Monitor, type MonitorEvents, type Result } from './monitor'

export interface CheckedService {
  readonly check: Check
  readonly result: Result | undefined
}

export interface Snapshot {
  /** `fail` exactly where the app is not to serve. */
  readonly status: Status
  readonly phase: Phase
  readonly entries: readonly CheckedService[]
  /** As of the monotonic clock: from then on it may be another one, ms. */
  readonly validUntil: number
}

/** `starting` until every required check has passed once. */
export type Phase = 'starting' | 'up' | 'draining'

export interface HealthOptions extends MonitorEvents {
  /** Runs checks outside of the request that needs them, so that nothing in them is traced. */
  apart<T>(work: () => T): T
  /** A run of another request cannot be waited for, as on Workers. */
  readonly isolated: boolean
}

/** Checks that begin in one turn of the event loop. */
const atOnce = 200
/** Kubernetes gives up a probe after 1 s by default: by then `ready()` answers with what was known before. */
const readyMs = 800

const elapsed = performance.now.bind(performance)
const { setTimeout: later, clearTimeout: never, setImmediate: soon } = globalThis

export class Health {
  readonly #options: HealthOptions
  /** By name, and by component. */
  readonly #monitors = new Map<string, Map<string, Monitor>>()
  #isDraining = false
  #hasServed = false
  /** The last answers, as long as no check has ended or been added since. */
  #all: Snapshot | undefined
  #required: Snapshot | undefined
  #looking: Promise<Snapshot> | undefined

  constructor(options: HealthOptions) {
    const forget = () => this.#forget()
    this.#options = {
      ...options,
      ran(...run) {
        forget()
        options.ran(...run)
      },
    }
  }

  /**
   * A check takes the place of another one of its name and component. One that was discovered never takes the place of the app's own.
   * @returns takes it away again
   */
  add(check: Check): () => void {
    const { name, component = '' } = check
    const same = this.#monitors.get(name) ?? new Map<string, Monitor>()
    if (check.isDiscovered && [...same.values()].some(({ check: other }) => !other.isDiscovered)) return () => {}
    // one of the app's own stands for all components of the name
    if (!check.isDiscovered) same.clear()
    const monitor = new Monitor(check, this.#options)
    this.#monitors.set(name, same.set(component, monitor))
    this.#forget()
    return () => {
      if (same.get(component) !== monitor) return
      same.delete(component)
      this.#forget()
    }
  }

  /** From now on the app is not to serve. Nothing else changes. @returns takes it back */
  drain(): () => void {
    this.#isDraining = true
    this.#forget()
    return () => {
      this.#isDraining = false
      this.#forget()
    }
  }

  /**
   * How the app is, by all checks. Those whose results are too old run, all at the same time.
   * @returns the same object as long as nothing changes, at once as long as all results hold; else a promise that resolves within the
   *   longest time limit of a check and never rejects
   */
  look(): Snapshot | Promise<Snapshot> {
    const known = this.#all
    if (known && elapsed() < known.validUntil) return known
    // a process that is about to end asks nobody
    if (this.#isDraining) return this.#summarise(this.#every())
    if (this.#options.isolated) return this.#lookAtAll()
    this.#looking ??= this.#options
      .apart(() => this.#lookAtAll())
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  /** Whether the app may serve, by the required checks alone: what it can do without keeps no probe waiting. As `look()` otherwise. */
  ready(): Snapshot | Promise<Snapshot> {
    const known = this.#required
    return known && elapsed() < known.validUntil ? known : this.#lookAtRequired()
  }

  async #lookAtRequired(): Promise<Snapshot> {
    const required = this.#every().filter(({ check }) => check.required)
    const isStale = required.some(({ validUntil }) => elapsed() >= validUntil)
    if (!this.#isDraining && isStale)
      await atMost(
        readyMs,
        this.#options.apart(() => this.#refresh(required)),
      )
    this.#required = this.#summarise(required)
    return this.#required
  }

  #every(): Monitor[] {
    return [...this.#monitors.values()].flatMap(same => [...same.values()])
  }

  async #lookAtAll(): Promise<Snapshot> {
    await this.#refresh(this.#every())
    // one may have been added meanwhile
    this.#all = this.#summarise(this.#every())
    return this.#all
  }

  async #refresh(monitors: readonly Monitor[]): Promise<void> {
    const runs: Promise<void>[] = []
    for (const [index, monitor] of monitors.entries()) {
      if (index > 0 && index % atOnce === 0) await nextTurn()
      runs.push(monitor.refresh(this.#options.isolated))
    }
    await Promise.all(runs)
  }

  #summarise(monitors: readonly Monitor[]): Snapshot {
    const serves = monitors.every(monitor => monitor.serves)
    if (serves) this.#hasServed = true
    const phase = this.#isDraining ? 'draining' : this.#hasServed ? 'up' : 'starting'
    const entries = monitors.map(({ check, result }) => ({ check, result }))
    const isWell = entries.every(({ result }) => result?.status === 'pass')
    return {
      status: phase === 'draining' || !serves ? 'fail' : isWell ? 'pass' : 'warn',
      phase,
      entries,
      validUntil: monitors.reduce((soonest, { validUntil }) => Math.min(soonest, validUntil), Number.POSITIVE_INFINITY),
    }
  }

  #forget(): void {
    this.#all = undefined
    this.#required = undefined
  }
}

/** Resolves with the work, or when the time is over. Work that goes on never rejects. */
function atMost(ms: number, work: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = later(resolve, ms)
    timer.unref?.()
    void work.then(() => {
      never(timer)
      resolve()
    })
  })
}

const nextTurn = () => new Promise<void>(resolve => (soon ? void soon(resolve) : void later(resolve, 0)))
