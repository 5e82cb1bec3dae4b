// Where the sums of budgets stand, in billionths of a US dollar: whole numbers add up without a rest. The store of one process is here; those
// of several are `redis-store.ts` and `libsql-store.ts`.

export interface Reservation {
  /** Of the budget and its period. */
  readonly key: string
  /** Of the call. */
  readonly id: string
  /** The most that the call may cost. */
  readonly amount: number
  /** Of the budget. */
  readonly limit: number
  /** Milliseconds after which it is void unless it is renewed: its process has died. */
  readonly lease: number
  /** When nobody asks for the sums any more, in milliseconds since 1970. */
  readonly until: number
}

export interface Sums {
  readonly spent: number
  readonly reserved: number
}

export interface Reserved extends Sums {
  readonly granted: boolean
}

/** Each method is one step: no other process sees a part of it. */
export interface BudgetStore {
  /** Reserves the amount if `spent + reserved + amount` is not above the limit. The sums are those after it. */
  reserve(reservation: Reservation): Reserved | Promise<Reserved>
  /** The call has ended: its cost is spent in place of what was reserved. Counts where the reservation is void, too. */
  settle(reservation: Pick<Reservation, 'key' | 'id' | 'until'>, cost: number): Promise<void>
  /** The calls are still under way. */
  renew(reservations: readonly Pick<Reservation, 'key' | 'id' | 'lease'>[]): Promise<void>
  sums(key: string): Promise<Sums>
}

interface Account {
  spent: number
  reserved: number
  readonly open: Map<string, number>
  readonly until: number
}

/** The sums of this process. A lease is for those who may outlive the process. */
export function memoryBudgets(now: () => number = Date.now): BudgetStore {
  const accounts = new Map<string, Account>()

  function accountOf(key: string, until: number): Account {
    let account = accounts.get(key)
    if (!account) {
      for (const [old, { until }] of accounts) if (until < now()) accounts.delete(old)
      account = { spent: 0, reserved: 0, open: new Map(), until }
      accounts.set(key, account)
    }
    return account
  }

  return {
    reserve({ key, id, amount, limit, until }) {
      const account = accountOf(key, until)
      const granted = account.spent + account.reserved + amount <= limit
      if (granted) {
        account.reserved += amount
        account.open.set(id, amount)
      }
      return { granted, spent: account.spent, reserved: account.reserved }
    },
    async settle({ key, id, until }, cost) {
      const account = accountOf(key, until)
      account.reserved -= account.open.get(id) ?? 0
      account.open.delete(id)
      account.spent += cost
    },
    async renew() {},
    async sums(key) {
      const { spent = 0, reserved = 0 } = accounts.get(key) ?? {}
      return { spent, reserved }
    },
  }
}
