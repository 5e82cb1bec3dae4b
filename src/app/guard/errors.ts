// What refuses a call. An app may have several copies of this module (an import, a require, a chunk), and each knows the errors of all.

const exceeded = Symbol.for('@afn/otel/budget exceeded')
const unknown = Symbol.for('@afn/otel/budget unknown')
const loop = Symbol.for('@afn/otel/agent loop')

const isMarked = (value: unknown, mark: symbol): boolean => typeof value === 'object' && value !== null && mark in value

export interface BudgetRefusal {
  /** Name of the budget. */
  readonly budget: string
  /** Of the period: `2026-12-02`, `2026-W49`, `2026-12`. */
  readonly period: string
  /** USD, as all of these: the amount of the budget. */
  readonly limit: number
  /** What ended calls of the period cost. */
  readonly spent: number
  /** What is reserved for calls that are under way. */
  readonly reserved: number
  /** What this call would cost at most. */
  readonly bound: number
  readonly model: string | undefined
}

/** A call of a model was not sent: its budget can't pay for the most that it could cost. */
export class BudgetExceededError extends Error implements BudgetRefusal {
  override readonly name = 'BudgetExceededError'
  readonly code = 'budget_exceeded'
  /** Payment Required: clients and frameworks that decide about retries by a status don't repeat it. */
  readonly status = 402
  readonly budget: string
  readonly period: string
  readonly limit: number
  readonly spent: number
  readonly reserved: number
  readonly bound: number
  readonly model: string | undefined

  constructor({ budget, period, limit, spent, reserved, bound, model }: BudgetRefusal) {
    super(
      `the budget "${budget}" of ${period} can't pay for this call of ${model ?? 'a model'}: it may cost ${usd(bound)}, ` +
        `and ${usd(spent)} of ${usd(limit)} is spent and ${usd(reserved)} reserved. Lower max_tokens, use a cheaper model, or raise the budget`,
    )
    Object.defineProperty(this, exceeded, { value: true })
    this.budget = budget
    this.period = period
    this.limit = limit
    this.spent = spent
    this.reserved = reserved
    this.bound = bound
    this.model = model
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMarked(value, exceeded)
  }
}

/** A call was not sent, since nobody can tell what it costs at most, or the store of the budgets does not answer. */
export class BudgetUnknownError extends Error {
  override readonly name = 'BudgetUnknownError'
  readonly code = 'budget_unknown'
  readonly status = 402

  constructor(
    readonly budget: string,
    problem: string,
  ) {
    super(`the budget "${budget}" refuses this call: ${problem}`)
    Object.defineProperty(this, unknown, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMarked(value, unknown)
  }
}

export interface AgentLoop {
  /** How often in a row the agent made the same steps, with the same results. */
  readonly repetitions: number
  /** The tools of these steps; none where the model only writes. */
  readonly tools: readonly string[]
  readonly model: string | undefined
}

/** A call of a model was not sent: the agent repeats itself and gets nowhere. */
export class AgentLoopError extends Error implements AgentLoop {
  override readonly name = 'AgentLoopError'
  readonly code = 'agent_loop'
  /** Bad Request: clients and frameworks that decide about retries by a status don't repeat it. */
  readonly status = 400
  readonly repetitions: number
  readonly tools: readonly string[]
  readonly model: string | undefined

  constructor({ repetitions, tools, model }: AgentLoop) {
    const what = tools.length > 0 ? `called ${tools.join(', ')} with the same arguments` : 'gave the same answer'
    super(
      `the agent ${what} ${repetitions} times in a row and got the same each time, so this call of ${model ?? 'a model'} was not sent. ` +
        'Tell the model what is wrong, end the run, or name tools that may repeat themselves in AFN_LOOPS_ALLOW',
    )
    Object.defineProperty(this, loop, { value: true })
    this.repetitions = repetitions
    this.tools = tools
    this.model = model
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMarked(value, loop)
  }
}

/** Of USD, as many digits as say something: 0.0123, 20. */
function usd(amount: number): string {
  return `${Number(amount.toPrecision(3))} USD`
}
