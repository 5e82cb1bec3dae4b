// Calls that pass by where nobody can hold them, such as an answer that a server begins by itself on a WebSocket. What they cost counts,
// so that calls after them are held to what is left.
import { randomUUID } from 'node:crypto'
import { reason, report } from '../../shared/diag/report'
import type { GuardStatus } from '../../shared/diag/status'
import type { Door, GuardedCall, Passing } from '../llm/observe/options'
import { BILLIONTHS, type Desk, keyOf, type Rule } from './admission'
import { costOf } from './settlement'

const NAMES: Record<Door, string> = { websocket: 'a WebSocket', bidirectional: 'a stream in both directions' }

export class PassedCalls {
  readonly #counts = new Map<Door, number>()

  constructor(private readonly desk: Desk) {}

  /** How many there were. */
  get counts(): GuardStatus['unheld'] {
    return Object.fromEntries(this.#counts)
  }

  /** @returns who counts it at its end */
  pass({ parsed, protocol }: GuardedCall, door: Door, rules: readonly Rule[]): Passing {
    this.#counts.set(door, (this.#counts.get(door) ?? 0) + 1)
    report('AFN178', `guard(): calls over ${NAMES[door]} are sent whatever they may cost; it counts when they end`)
    let isOver = false
    return {
      ends: (span, counts) => {
        if (isOver) return
        isOver = true
        const { attributes = {} } = span as { attributes?: Parameters<typeof costOf>[1] }
        const told = { ...attributes }
        void this.#settle(rules, () => costOf(this.desk.pricer, told, counts, 0), parsed.model ?? protocol)
      },
    }
  }

  /** Never rejects. */
  async #settle(rules: readonly Rule[], cost: () => number | undefined, name: string): Promise<void> {
    const { desk } = this
    try {
      await desk.ready()
      const usd = cost()
      if (usd === undefined) return desk.problem(`what a call of ${name} cost is not known; it is not counted`)
      for (const rule of rules)
        await rule.store.settle({ ...keyOf(rule), id: randomUUID() }, Math.ceil(usd * BILLIONTHS))
    } catch (error) {
      desk.problem(`the cost of a call of ${name} could not be counted (${reason(error)})`)
    }
  }
}
