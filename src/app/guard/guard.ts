// Chunk `guard`: what calls are held to before they are sent, budgets and the end of loops, from the first `guard()` on, or where a setting says so.
import { type Context, trace } from '@opentelemetry/api'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_USER_ID } from '../../../semconv'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { GuardStatus } from '../../shared/diag/status'
import type { Admission, CallGuard, Door, GuardedCall, LlmTapOptions, Passing } from '../llm/observe/options'
import type { Pricer } from '../llm/report/cost/pricer'
import { saidAround } from '../llm/spans/scope'
import { inRoot } from '../root-context'
import { BILLIONTHS, BudgetAdmission, type Desk, LEASE, periodOf, type Rule } from './admission'
import { inTurn } from './in-turn'
import { LoopGuard } from './loop-guard'
import { checkGuard, type Guard, type GuardDimension, type GuardOptions } from './options'
import { PassedCalls } from './passed'
import { memoryBudgets } from './store'

// Taken now: an application's fake timers must not decide whether a call is sent.
const { setImmediate, setTimeout } = globalThis

const guards = new WeakMap<LlmTapOptions, BudgetGuard>()

/** The one of a tap: budgets are added to it. */
export function createGuard(tap: LlmTapOptions, pricer: Pricer, settings: GuardedProcess): BudgetGuard {
  const guard = guards.get(tap) ?? new BudgetGuard(tap, pricer, settings)
  guards.set(tap, guard)
  return guard
}

/** What does not differ from call to call. */
export type GuardedProcess = Pick<Settings, 'serviceName' | 'resourceAttributes'>

class BudgetGuard implements CallGuard {
  #rules: readonly Rule[] = []
  #loops: LoopGuard | undefined
  #renewal: NodeJS.Timeout | undefined
  #prepared: Promise<void> | undefined
  readonly #desk: Desk
  readonly #passed: PassedCalls

  constructor(
    private readonly tap: LlmTapOptions,
    pricer: Pricer,
    private readonly settings: GuardedProcess,
  ) {
    this.#desk = {
      pricer,
      ready: () => (pricer.ready ? READY : this.#prepare()),
      open: new Map(),
      opened: () => this.#renewSoon(),
      problem,
    }
    this.#passed = new PassedCalls(this.#desk)
  }

  get status(): GuardStatus {
    return { budgets: this.#rules.length, unheld: this.#passed.counts }
  }

  /** @throws TypeError where an option can't be */
  add(options: GuardOptions): Guard {
    const checked = checkGuard(options)
    const rule: Rule = { ...checked, store: checked.store ?? memoryBudgets() }
    this.#rules = [...this.#rules, rule]
    this.tap.guard = this
    void this.#prepare()
    return {
      active: true,
      stop: () => {
        this.#rules = this.#rules.filter(other => other !== rule)
        if (this.#rules.length === 0 && !this.#loops) this.tap.guard = undefined
      },
      standing: async () => {
        const period = periodOf(rule, Date.now())
        const { spent, reserved } = await rule.store.sums(`${rule.name}:${period.id}`)
        return {
          budget: rule.name,
          period: period.id,
          limit: rule.amount,
          spent: spent / BILLIONTHS,
          reserved: reserved / BILLIONTHS,
        }
      },
    }
  }

  /** @param budgets `AMOUNT/PERIOD`, as the setting has them, each for this process alone */
  addAll(budgets: readonly string[]): void {
    for (const budget of budgets) {
      const [amount, period] = budget.split('/')
      try {
        this.add({ budget: { name: budget, period: period as 'day', amount: amount ? Number(amount) : Number.NaN } })
      } catch (error) {
        problem(
          `AFN_GUARD: "${budget}" is no budget and holds nothing; write 20/day, 100/week or 300/month (${reason(error)})`,
        )
      }
    }
  }

  /** Looks at each request for a loop. */
  watchLoops({ loops, loopsAllow }: Pick<Settings, 'loops' | 'loopsAllow'>): void {
    this.#loops = new LoopGuard(loops === 'stop', loopsAllow, message => report('AFN177', `AFN_LOOPS: ${message}`))
    this.tap.guard = this
  }

  open(call: GuardedCall): Admission | undefined {
    const loop = this.#loops?.open(call, true)
    // nothing is reserved for what is not sent
    if (loop?.refuses) return loop
    const rules = this.#rulesOf(call)
    const budget = rules.length > 0 ? new BudgetAdmission(call, rules, this.#desk) : undefined
    return loop && budget ? inTurn(loop, budget) : (loop ?? budget)
  }

  pass(call: GuardedCall, door: Door): Passing | undefined {
    const loop = this.#loops?.open(call, false)
    const rules = this.#rulesOf(call)
    const budget = rules.length > 0 ? this.#passed.pass(call, door, rules) : undefined
    if (!loop || !budget) return loop ?? budget
    return {
      answered: loop.answered,
      ends(span, counts) {
        loop.ends(span)
        budget.ends(span, counts)
      },
    }
  }

  get readsContent(): boolean {
    return this.#loops !== undefined
  }

  fetched(of: Parameters<CallGuard['fetched']>[0], answer: unknown): void {
    this.#loops?.fetched(of, answer)
  }

  #rulesOf(call: GuardedCall): Rule[] {
    return this.#rules.filter(({ scope }) =>
      scope.every(([dimension, names]) => isOne(names, this.#name(dimension, call))),
    )
  }

  #name(dimension: GuardDimension, { provider, parsed, context }: GuardedCall): string | undefined {
    if (dimension === 'provider') return provider
    if (dimension === 'model') return parsed.model
    if (dimension === 'feature') return attributeIn(context, ATTR_GEN_AI_AGENT_NAME)
    if (dimension === 'user') return attributeIn(context, ATTR_USER_ID)
    const { serviceName, resourceAttributes } = this.settings
    if (dimension === 'service') return serviceName
    if (dimension === 'team') return resourceAttributes.team
    return resourceAttributes['deployment.environment.name'] ?? resourceAttributes['deployment.environment']
  }

  /** The table takes longer to load than a turn of the event loop may. */
  #prepare(): Promise<void> {
    this.#prepared ??= (async () => {
      const { pricer } = this.#desk
      do await new Promise(resolve => setImmediate(resolve))
      while (pricer.prepare())
      pricer.load()
    })()
    return this.#prepared
  }

  #renewSoon(): void {
    const renew = () => {
      this.#renewal = undefined
      const byStore = new Map(
        [...this.#desk.open.values()].map(({ store }) => [store, [] as { key: string; id: string; lease: number }[]]),
      )
      for (const { store, reservation } of this.#desk.open.values()) byStore.get(store)?.push(reservation)
      for (const [store, reservations] of byStore)
        store.renew(reservations).catch(error => problem(`reservations could not be renewed (${reason(error)})`))
      if (byStore.size > 0) this.#renewSoon()
    }
    this.#renewal ??= inRoot(setTimeout, renew, LEASE / 3).unref()
  }
}

const problem = (message: string) => report('AFN177', `guard(): ${message}`)

const READY = Promise.resolve()

const isOne = (names: ReadonlySet<string>, name: string | undefined) => name !== undefined && names.has(name)

/** What the code around the call said of it: the inner word counts; else what stands on the active span. */
function attributeIn(context: Context, name: string): string | undefined {
  const said = saidAround(context, name)
  if (said !== undefined) return said
  const { attributes } = (trace.getSpan(context) ?? {}) as { attributes?: Readonly<Record<string, unknown>> }
  const value = attributes?.[name]
  return typeof value === 'string' ? value : undefined
}
