/** Runs the steps of a request at its stores. Each step is saved when done, and what a store found is saved before it is erased. */
import type { Canonical } from './canonical'
import { needsConfirmation } from './confirmation'
import { messageWithout } from './failure'
import { sampleOf } from './record-preview'
import type { SagaOptions } from './saga-options'
import type { RequestState, Step, StoreState } from './state'
import type { SubjectStore, Target } from './stores/store'

/** Exceeds the response time of any store. */
export const PATIENCE_MS = 300_000
/** Delays before a store that is unavailable, or still has records, is queried again: first and maximum. */
export const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000

/** This process was suspended for so long that another one took over the request. */
export class LeaseLost extends Error {}

/** One run over the steps of a request, each of which is saved. */
export class Run {
  target: Target
  /** Samples of what was found now, by store, redacted for display. */
  readonly samples: Record<string, readonly string[]> = {}
  readonly #options: SagaOptions
  readonly #request: RequestState
  readonly #isHeld: () => boolean

  constructor(options: SagaOptions, request: RequestState, isHeld: () => boolean) {
    this.#options = options
    this.#request = request
    this.#isHeld = isHeld
    this.target = options.secret.unseal(request.id, request.sealed!) as Target
  }

  /** Runs those of the steps that are due, in order. After a failure, the next run repeats the step. */
  async step(store: SubjectStore, steps: readonly Step[]): Promise<void> {
    const { state, now } = this.#options
    const of = this.#request.stores[store.name] as StoreState
    this.#reopen(of)
    while (steps.includes(of.step) && of.notBefore <= now()) {
      if (of.step !== 'find' && needsConfirmation(of)) return
      if (!this.#isHeld()) throw new LeaseLost()
      const problem = await this.#do(store, of).catch((error: Error) => error.message)
      if (problem === undefined) {
        of.attempts = 0
        delete of.problem
        this.#forget(store)
      } else {
        of.attempts++
        of.problem = messageWithout(this.target.identity, problem)
        of.notBefore = now() + retryMs(of.attempts)
      }
      state.save(this.#request)
    }
  }

  /** Reopens a store that has not erased traces found since. */
  #reopen(of: StoreState): void {
    if (of.erasedWith === undefined || of.erasedWith === this.target.traceIds.length) return
    if (of.step === 'find' || of.step === 'erase') return
    of.step = 'erase'
    of.notBefore = 0
  }

  /** @returns the problem if the store answers but is not done; throws if it fails */
  async #do(store: SubjectStore, of: StoreState): Promise<string | undefined> {
    const { now, audit } = this.#options
    const signal = AbortSignal.timeout(store.patienceMs ?? PATIENCE_MS)
    const keep = (part: string, traceIds: readonly string[]) => {
      this.#seal({ ...this.target, searched: { ...this.target.searched, [`${store.name} ${part}`]: traceIds } })
      this.#options.state.save(this.#request)
    }
    if (of.step === 'verify') {
      const remaining = await store.verify(this.#of(store), signal, keep)
      // the next verification searches again
      this.#forget(store)
      Object.assign(of, { remaining, verifiedAt: now(), step: remaining === 0 ? 'done' : 'erase-again' })
      return remaining === 0 ? undefined : `${remaining} records remain`
    }
    const {
      records,
      traceIds,
      allTraces,
      allRecords,
      samples = [],
      shared,
    } = await store.find(this.#of(store), signal, keep)
    this.#addTraces(traceIds)
    // after an erasure, these are the traces that it left
    of.shared = shared
    const counts = {
      found: records,
      traces: traceIds.length,
      ...(allTraces !== undefined && { allTraces }),
      ...(allRecords !== undefined && { allRecords }),
    }
    // traces from other stores may have led to many more
    const isLarge = of.step === 'erase' && needsConfirmation({ ...of, ...counts })
    if (of.step === 'find' || isLarge) {
      Object.assign(of, { ...counts, step: 'erase' })
      if (samples.length > 0) this.samples[store.name] = samples.map(sampleOf(this.target.identity))
      return undefined
    }
    const { target } = this
    // saves first: once the store has erased these traces, nothing else would know them
    if (target.traceIds.length !== of.erasedWith) this.#options.state.save(this.#request)
    await store.erase(target, signal)
    if (of.step === 'erase') await audit('gdpr.erase.erased', { request: this.#request.id, store: store.name })
    of.erasedWith = target.traceIds.length
    of.step = of.step === 'erase' ? 'erase-again' : 'verify'
    of.notBefore = now() + store.flushWindowMs
    return undefined
  }

  #addTraces(traceIds: readonly string[]): void {
    const all = [...new Set([...this.target.traceIds, ...traceIds])]
    if (all.length === this.target.traceIds.length) return
    this.#seal({ ...this.target, traceIds: all })
  }

  /** Includes the parts of a search that the store has finished. */
  #of(store: SubjectStore): Target {
    const { searched = {}, ...target } = this.target
    const prefix = `${store.name} `
    const own = Object.entries(searched).filter(([part]) => part.startsWith(prefix))
    if (own.length === 0) return target
    return { ...target, searched: Object.fromEntries(own.map(([part, ids]) => [part.slice(prefix.length), ids])) }
  }

  #forget(store: SubjectStore): void {
    const { searched = {}, ...target } = this.target
    const others = Object.entries(searched).filter(([part]) => !part.startsWith(`${store.name} `))
    if (others.length === Object.keys(searched).length) return
    this.#seal(others.length > 0 ? { ...target, searched: Object.fromEntries(others) } : target)
  }

  #seal(target: Target): void {
    this.target = target
    this.#request.sealed = this.#options.secret.seal(this.#request.id, target as unknown as Canonical)
  }
}

const retryMs = (attempts: number): number => Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
