// One call before budgets: whether it may be sent, what is reserved for it, and what it has cost.
import { randomUUID } from 'node:crypto'
import type { Span } from '@opentelemetry/api'
import { type Period, periodAt } from '../../shared/calendar/period'
import { reason } from '../../shared/diag/report'
import type { Admission, GuardedCall } from '../llm/observe/options'
import type { Pricer } from '../llm/report/cost/pricer'
import type { Usage } from '../llm/usage'
import { inRoot } from '../root-context'
import { boundOfCall } from './bound-of-call'
import type { Bound } from './bounded-request'
import { BudgetExceededError, BudgetUnknownError } from './errors'
import type { CheckedGuard } from './options'
import { requestedTier } from './requested-tier'
import { costOf } from './settlement'
import type { BudgetStore, Reservation } from './store'
import { worstPrice } from './worst-price'

// Taken now: an application's fake timers must not decide whether a call is sent.
const { clearTimeout, setTimeout } = globalThis

/** Sums are whole billionths of a US dollar. */
export const BILLIONTHS = 1e9
/** A reservation that its process does not renew for so long is void. Milliseconds. */
export const LEASE = 60_000
/** The store has to answer within. Milliseconds. */
const PATIENCE = 2_000
/** Sums are kept for so long after their period. Milliseconds. */
const KEPT = 86_400_000

export interface Rule extends CheckedGuard {
  readonly store: BudgetStore
  /** The last that was asked for. */
  current?: Period
}

export interface Desk {
  readonly pricer: Pricer
  /** Resolves when prices are loaded. */
  ready(): Promise<void>
  /** Reservations that have to be renewed. */
  readonly open: Map<string, { readonly store: BudgetStore; readonly reservation: Reservation }>
  opened(): void
  problem(message: string): void
}

interface Held {
  readonly rule: Rule
  readonly reservation: Reservation
}

export class BudgetAdmission implements Admission {
  readonly decision: Promise<Error | undefined>
  readonly #held: Held[] = []
  #bound: Bound | undefined
  #usd: number | undefined
  #isOver = false
  #isSent = false

  constructor(
    private readonly call: GuardedCall,
    private readonly rules: readonly Rule[],
    private readonly desk: Desk,
  ) {
    this.decision = this.#decide().catch(error => {
      // a failure of ours stops no call; what it cost counts
      desk.problem(`a call was sent unchecked (${reason(error)})`)
      this.#reserveNothing()
      return undefined
    })
  }

  sent(): void {
    this.#isSent = true
  }

  /** The call ends; it may do so before there is a decision, when the app gives it up. */
  ends(span: Span, counts: Usage): void {
    if (this.#isOver) return
    this.#isOver = true
    const { attributes = {} } = span as { attributes?: Parameters<typeof costOf>[1] }
    const told = { ...attributes }
    const isSent = this.#isSent
    void this.decision.then(() => (isSent ? this.#settle(told, counts) : this.#release()))
  }

  async #decide(): Promise<Error | undefined> {
    const { call, rules, desk } = this
    await desk.ready()
    const bound = await boundOfCall(call, rules.find(({ countTokens }) => countTokens)?.countTokens, desk.problem)
    const price =
      'problem' in bound
        ? bound
        : worstPrice(
            desk.pricer,
            {
              provider: call.provider,
              model: call.parsed.model,
              serverAddress: call.url.hostname,
              serviceTier: requestedTier(call),
            },
            bound,
            new Date(),
          )
    if (typeof price === 'object') return this.#unknown(price.problem)
    this.#bound = bound as Bound
    this.#usd = price
    const amount = Math.ceil(price * BILLIONTHS)
    for (const rule of rules) {
      const refusal = await this.#reserve(rule, amount)
      if (!refusal) continue
      this.#release()
      return refusal
    }
    return undefined
  }

  async #reserve(rule: Rule, amount: number): Promise<Error | undefined> {
    const { call, desk } = this
    const period = periodOf(rule, Date.now())
    const reservation = reservationOf(rule, period, amount)
    try {
      const answer = rule.store.reserve(reservation)
      // the store of one process answers at once, and a timer for each call would cost as much as the rest of it
      const { granted, spent, reserved } = 'then' in answer ? await within(PATIENCE, answer) : answer
      if (granted) {
        this.#hold({ rule, reservation })
        return undefined
      }
      return new BudgetExceededError({
        budget: rule.name,
        period: period.id,
        limit: rule.amount,
        spent: spent / BILLIONTHS,
        reserved: reserved / BILLIONTHS,
        bound: this.#usd ?? 0,
        model: call.parsed.model,
      })
    } catch (error) {
      const problem = `its store does not answer (${reason(error)})`
      // an answer that comes late finds the reservation void when its lease ends
      if (!rule.failOpen) return new BudgetUnknownError(rule.name, problem)
      desk.problem(`the budget "${rule.name}": ${problem}; the call is sent`)
      this.#held.push({ rule, reservation })
      return undefined
    }
  }

  /** What the call may cost is not known. */
  #unknown(problem: string): Error | undefined {
    const closed = this.rules.find(({ failOpen }) => !failOpen)
    if (closed) return new BudgetUnknownError(closed.name, problem)
    const named = `of ${this.call.parsed.model ?? this.call.protocol}`
    this.desk.problem(`a call ${named} was sent with nothing reserved for it: ${problem}`)
    this.#reserveNothing()
    return undefined
  }

  #reserveNothing(): void {
    for (const rule of this.rules) {
      if (this.#held.some(held => held.rule === rule)) continue
      this.#held.push({ rule, reservation: reservationOf(rule, periodOf(rule, Date.now()), 0) })
    }
  }

  #hold(held: Held): void {
    this.#held.push(held)
    this.desk.open.set(held.reservation.id, { store: held.rule.store, reservation: held.reservation })
    this.desk.opened()
  }

  #settle(attributes: Parameters<typeof costOf>[1], counts: Usage): void {
    const { desk } = this
    let usd: number | undefined
    try {
      usd = costOf(desk.pricer, attributes, counts, mostOutput(this.#bound))
    } catch (error) {
      desk.problem(`the cost of a call could not be read (${reason(error)})`)
    }
    const named = `of ${this.call.parsed.model ?? this.call.protocol}`
    if (usd === undefined)
      desk.problem(
        `what a call ${named} cost is not known; ${this.#usd === undefined ? 'it is not counted' : `the most that it could, ${this.#usd} USD, counts as spent`}`,
      )
    else if (this.#usd !== undefined && usd > this.#usd)
      desk.problem(`a call ${named} cost ${usd} USD, more than the bound of ${this.#usd} USD`)
    const cost = Math.ceil((usd ?? this.#usd ?? 0) * BILLIONTHS - ROUNDING)
    for (const held of this.#held) void this.#pay(held, cost)
  }

  #release(): void {
    for (const held of this.#held.splice(0)) void this.#pay(held, 0)
  }

  /** Never rejects. */
  async #pay({ rule, reservation }: Held, cost: number): Promise<void> {
    try {
      await rule.store.settle(reservation, cost)
    } catch (error) {
      this.desk.problem(
        `the budget "${rule.name}": ${cost / BILLIONTHS} USD of a call could not be counted (${reason(error)})`,
      )
    } finally {
      this.desk.open.delete(reservation.id)
    }
  }
}

const mostOutput = (bound: Bound | undefined): number => Math.max(bound?.usage.output ?? 0, bound?.or?.output ?? 0)

/** A sum of prices may be above the whole number that it is by less than this. */
const ROUNDING = 1e-3

/** Where the sums of now are. */
export function keyOf(rule: Rule): Pick<Reservation, 'key' | 'until'> {
  const period = periodOf(rule, Date.now())
  return { key: `${rule.name}:${period.id}`, until: period.end + KEPT }
}

const reservationOf = (rule: Rule, period: Period, amount: number): Reservation => ({
  key: `${rule.name}:${period.id}`,
  id: randomUUID(),
  amount,
  limit: Math.floor(rule.amount * BILLIONTHS),
  lease: LEASE,
  until: period.end + KEPT,
})

export function periodOf(rule: Rule, at: number): Period {
  const { current } = rule
  if (current && at >= current.start && at < current.end) return current
  rule.current = periodAt(rule.period, at, rule.timeZone)
  return rule.current
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = inRoot(setTimeout, () => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
