/**
 * Repairs the tiers: a trace of detailed that belongs to sampled or errors and is missing or incomplete there (the
 * Collector was killed before it had decided; an error came after the decision) is pushed again, its missing spans only.
 * What is read decides, so a second run finds nothing left to do.
 *
 * A span that is pushed although it is there counts twice for good. So a span is pushed only when no read has shown it, the first
 * and several some seconds later: Tempo's trace-by-id sometimes shows nothing of a trace that leaves its live memory, and the
 * Collector may be about to deliver what is missing. And nothing more is pushed before the first push is seen where it belongs.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TracesData } from '../../shared/otlp/trace'
import { BackendError } from '../../shared/queries/http'
import { secondsOf, type TimeRange } from '../../shared/queries/window'
import type { Policies, TraceTier } from '../../shared/tiers'
import { candidates, type SpanCounts } from './candidates'
import type { Deliveries } from './deliveries'
import { only, spanKeys } from './document'
import type { Repair, Report } from './report'
import type { Store } from './store'
import { type UpperTier, upperTiersOf } from './upper-tiers'

export interface Work {
  readonly stores: Readonly<Record<TraceTier, Store>>
  readonly window: TimeRange
  readonly policies: Policies
  /** Finds out and changes nothing. */
  readonly dryRun: boolean
  /** Most traces that are looked at in one run; the rest is left for the next. */
  readonly limit: number
  /** Unix time in milliseconds at which the run ends, whatever is left; a request that is under way is waited for. */
  readonly deadline: number
  /** Between the first read of a trace and the later ones, in milliseconds. */
  readonly pauseMs: number
  /** What may be on its way from the Collector. */
  readonly deliveries: Deliveries
  /** Called before each push. @throws Error to end the run */
  readonly beforePush: () => void
}

/** Longer than the Collector waits for the root of a trace (AFN_DECISION_WAIT, 120 s), or tries again when Tempo is back (30 s). */
const ARRIVAL_MS = 180_000
/** Tempo shows what it took within seconds; a busy one takes longer. */
const CONFIRM_MS = 60_000
const PAUSE_MS = 250
/** Of a trace that shows less than a search has found of it, as one that holds a span twice always does, or than belongs to it. */
const MOST_READS = 3
/** Traces, and spans of them, that wait to be read again: they are held in memory. */
const MOST_SUSPECTS = 1_000
const MOST_SUSPECT_SPANS = 200_000
/** When so many repairs one after another are refused, the reason lies in Tempo and not in the traces. */
const MOST_REFUSED = 3

/** A trace of which a tier did not show some spans when it was read first. */
interface Suspect {
  readonly traceId: string
  readonly missing: readonly { readonly tier: UpperTier; readonly keys: ReadonlySet<string> }[]
}

interface Pushed {
  readonly traceId: string
  readonly tier: UpperTier
  /** Spans of the trace that the tier has to show. */
  readonly expected: number
}

/**
 * Ends when Tempo shows what was pushed: a run that came before would push it a second time.
 * @throws BackendError when a tier is not there or refuses; what was repaired until then stays repaired
 */
export async function reconcile(work: Work): Promise<Report> {
  const run = new Run(work)
  await run.look(work.window)
  await run.settle()
  return run.report()
}

class Run {
  #looked = 0
  #left = 0
  #waiting = 0
  #stoppedAt: number | undefined
  #refusedInARow = 0
  readonly #repairs: Repair[] = []
  readonly #refused: (Repair & { reason: string })[] = []
  #suspects: Suspect[] = []
  #suspectSpans = 0
  readonly #pushed: Pushed[] = []

  constructor(private readonly work: Work) {}

  async report(): Promise<Report> {
    return {
      looked: this.#looked,
      repairs: this.#repairs,
      left: this.#left,
      waiting: this.#waiting,
      refused: this.#refused,
      stoppedAt: this.#stoppedAt,
      unconfirmed: await this.#unconfirmed(),
    }
  }

  /** Looks at the oldest traces first, at as many at a time as one answer has. */
  async look(window: TimeRange): Promise<void> {
    const { stores, policies, limit } = this.work
    if (this.#stoppedAt !== undefined) return
    if (this.#isLate || this.#looked >= limit) {
      this.#stoppedAt = window.start
      return
    }
    const { traces, isCut } = await candidates(stores, window, policies)
    if (isCut && secondsOf(window) > 1) {
      const middle = Math.floor((window.start + window.end) / 2)
      await this.look({ start: window.start, end: middle })
      return this.look({ start: middle, end: window.end })
    }
    let left = traces.size
    for (const [id, counts] of traces) {
      if (this.#isLate || this.#looked >= limit) {
        this.#left += left
        return
      }
      left -= 1
      this.#looked += 1
      await this.#readFirst(id, counts)
      if (this.#suspects.length >= MOST_SUSPECTS || this.#suspectSpans >= MOST_SUSPECT_SPANS) await this.settle()
    }
  }

  /** Reads again what seems to be missing, and repairs what no read shows. */
  async settle(): Promise<void> {
    const suspects = this.#suspects
    this.#suspects = []
    this.#suspectSpans = 0
    if (suspects.length === 0) return
    if (!(await this.#arrived())) {
      this.#waiting += suspects.length
      return
    }
    const missing = await this.#missingIn(suspects)
    for (const [at, suspect] of missing.entries()) {
      if (this.#isLate) {
        this.#left += missing.length - at
        return
      }
      await this.#repair(suspect)
    }
  }

  /**
   * One read of some thousands shows nothing of a trace that is there, and a push would double what has arrived meanwhile. So no
   * span is pushed that one of several reads shows; the last of them is that of the repair.
   */
  async #missingIn(suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
    let open = suspects
    for (let reads = 1; reads < MOST_READS && open.length > 0; reads++) {
      const left: Suspect[] = []
      for (const [at, suspect] of open.entries()) {
        if (this.#isLate) return [...left, ...open.slice(at)]
        const missing = await this.#stillMissing(suspect)
        if (missing.length > 0) left.push({ ...suspect, missing })
      }
      open = left
      if (open.length > 0) await sleep(PAUSE_MS)
    }
    return open
  }

  /** What one more read does not show either. */
  async #stillMissing({ traceId, missing }: Suspect): Promise<Suspect['missing']> {
    const left = []
    for (const { tier, keys } of missing) {
      const there = await this.work.stores[tier].trace(traceId)
      // too large to be read: nothing is known to be missing
      const shown = there === undefined ? keys : spanKeys(there)
      const open = [...keys].filter(key => !shown.has(key))
      if (open.length > 0) left.push({ tier, keys: new Set(open) })
    }
    return left
  }

  get #isLate(): boolean {
    return Date.now() >= this.work.deadline
  }

  /** Waits until what was on its way has arrived. */
  async #arrived(): Promise<boolean> {
    const { deliveries, pauseMs, deadline } = this.work
    const haveArrived = await deliveries.arrive(Math.min(Date.now() + ARRIVAL_MS, deadline))
    // no count of the Collector has what is in its batches between a decision and a queue, and between a queue and Tempo
    await sleep(pauseMs)
    return haveArrived
  }

  /** @param counts of its spans, as searches have found them: a read that shows fewer is not the last */
  async #readFirst(traceId: string, counts: SpanCounts): Promise<void> {
    const { stores, policies } = this.work
    const whole = await this.#detailed(traceId, keys => keys.size >= counts.detailed)
    if (whole === undefined) {
      this.#left += 1
      return
    }
    const missing = []
    for (const tier of upperTiersOf(whole, policies)) {
      const keys = spanKeys(whole)
      for (let reads = 0; reads < MOST_READS; reads++) {
        if (reads > 0) await sleep(PAUSE_MS)
        const there = await stores[tier].trace(traceId)
        // too large to be read: nothing is known to be missing
        const shown = there === undefined ? new Set(keys) : spanKeys(there)
        for (const key of shown) keys.delete(key)
        if (keys.size === 0 || shown.size >= counts[tier]) break
      }
      if (keys.size > 0) missing.push({ tier, keys })
      this.#suspectSpans += keys.size
    }
    if (missing.length > 0) this.#suspects.push({ traceId, missing })
  }

  async #detailed(traceId: string, isWhole: (keys: ReadonlySet<string>) => boolean): Promise<TracesData | undefined> {
    for (let reads = 1; ; reads++) {
      const document = await this.work.stores.detailed.trace(traceId)
      if (document === undefined || reads === MOST_READS || isWhole(spanKeys(document))) return document
      await sleep(PAUSE_MS)
    }
  }

  async #repair({ traceId, missing }: Suspect): Promise<void> {
    const { stores, policies, dryRun } = this.work
    const whole = await this.#detailed(traceId, there =>
      missing.every(({ keys }) => [...keys].every(key => there.has(key))),
    )
    const tiers = whole ? upperTiersOf(whole, policies) : []
    for (const { tier, keys } of missing) {
      if (whole === undefined || !tiers.includes(tier)) continue
      const there = spanKeys((await stores[tier].trace(traceId)) ?? {})
      const document = only(whole, new Set([...keys].filter(key => !there.has(key))))
      const spans = spanKeys(document).size
      if (spans === 0) continue
      const repair = { traceId, tier, spans, wasAbsent: there.size === 0 }
      if (!dryRun && !(await this.#push(repair, () => stores[tier].push(document)))) continue
      this.#repairs.push(repair)
      if (dryRun) continue
      this.#pushed.push({ traceId, tier, expected: there.size + spans })
      if (this.#pushed.length === 1) await this.#seeTheFirst()
    }
  }

  /** @returns false when Tempo refuses this one */
  async #push(repair: Repair, push: () => Promise<void>): Promise<boolean> {
    this.work.beforePush()
    try {
      await push()
      this.#refusedInARow = 0
      return true
    } catch (error) {
      if (!isRefusal(error) || ++this.#refusedInARow >= MOST_REFUSED) throw error
      this.#refused.push({ ...repair, reason: error.message })
      return false
    }
  }

  /** A receiver that is another Tempo's takes everything, and what it took is never seen in this one. */
  async #seeTheFirst(): Promise<void> {
    if ((await this.#unconfirmed()) === 0) return
    const [{ traceId, tier } = {}] = this.#pushed
    throw new BackendError(
      `spans of trace ${traceId} were pushed to ${tier}, and Tempo does not show them within ${CONFIRM_MS / 1_000} s; is the receiver that of another Tempo? No more was pushed`,
    )
  }

  /** How many repairs are not to be seen when the time is over. */
  async #unconfirmed(): Promise<number> {
    const { stores } = this.work
    const patience = Date.now() + CONFIRM_MS
    const open = [...this.#pushed]
    while (open.length > 0) {
      const { traceId, tier, expected } = open.at(-1)!
      const there = await stores[tier].trace(traceId)
      if (there === undefined || spanKeys(there).size >= expected) open.pop()
      else if (Date.now() > patience) break
      else await sleep(PAUSE_MS)
    }
    return open.length
  }
}

/** Tempo says no to these spans, rather than that it can't take any now. */
function isRefusal(error: unknown): error is BackendError {
  const status = error instanceof BackendError ? (error.status ?? 0) : 0
  return status >= 400 && status < 500 && status !== 429
}
