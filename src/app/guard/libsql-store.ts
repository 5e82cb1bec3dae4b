// The sums of budgets in a database of libSQL (Turso, or an SQLite file), for several processes. Each step is one transaction.
import type { BudgetStore, Reservation, Sums } from './store'

type Value = string | number
interface Statement {
  readonly sql: string
  readonly args: Value[]
}

/** A client of `@libsql/client`. */
export interface LibsqlClient {
  batch(
    statements: (string | { sql: string; args: Value[] })[],
    mode?: 'write' | 'read' | 'deferred',
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowsAffected: number }[]>
}

const tables = [
  `CREATE TABLE IF NOT EXISTS afn_budget_spent (
    budget TEXT PRIMARY KEY, spent INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS afn_budget_reserved (
    budget TEXT NOT NULL, call TEXT NOT NULL, amount INTEGER NOT NULL, expires INTEGER NOT NULL,
    PRIMARY KEY (budget, call)) WITHOUT ROWID`,
]
/** The database's own clock counts, since processes differ. Milliseconds. */
const now = `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`
const spent = 'COALESCE((SELECT spent FROM afn_budget_spent WHERE budget = ?), 0)'
const reserved = 'COALESCE((SELECT SUM(amount) FROM afn_budget_reserved WHERE budget = ?), 0)'

const giveBack = (key: string): Statement => ({
  sql: `DELETE FROM afn_budget_reserved WHERE budget = ? AND expires <= ${now}`,
  args: [key],
})
const sumsOf = (key: string): Statement => ({
  sql: `SELECT ${spent} AS spent, ${reserved} AS reserved`,
  args: [key, key],
})

/**
 * Budgets that processes share by libSQL. Its two tables are made with the first call.
 * @param client of the app, which closes it
 */
export function libsqlBudgets(client: LibsqlClient): BudgetStore {
  let made: Promise<unknown> | undefined
  async function run(statements: Statement[]) {
    made ??= unlessBusy(() =>
      client.batch([...tables, `DELETE FROM afn_budget_spent WHERE until < ${now}`], 'write'),
    ).catch(error => {
      made = undefined
      throw error
    })
    await made
    return unlessBusy(() => client.batch(statements, 'write'))
  }
  const read = (rows: readonly unknown[] | undefined): Sums => {
    const row = rows?.[0] as { spent?: unknown; reserved?: unknown } | undefined
    return { spent: Number(row?.spent ?? 0), reserved: Number(row?.reserved ?? 0) }
  }
  return {
    async reserve({ key, id, amount, limit, lease }: Reservation) {
      const [, insert, sums] = await run([
        giveBack(key),
        {
          sql: `INSERT INTO afn_budget_reserved SELECT ?, ?, ?, ${now} + ? WHERE ${spent} + ${reserved} + ? <= ?`,
          args: [key, id, amount, lease, key, key, amount, limit],
        },
        sumsOf(key),
      ])
      return { granted: insert?.rowsAffected === 1, ...read(sums?.rows) }
    },
    async settle({ key, id, until }, cost) {
      await run([
        { sql: 'DELETE FROM afn_budget_reserved WHERE budget = ? AND call = ?', args: [key, id] },
        {
          sql: `INSERT INTO afn_budget_spent VALUES (?, ?, ?) ON CONFLICT (budget) DO UPDATE SET spent = spent + excluded.spent`,
          args: [key, cost, until],
        },
      ])
    },
    async renew(reservations) {
      await run(
        reservations.map(({ key, id, lease }) => ({
          sql: `UPDATE afn_budget_reserved SET expires = ${now} + ? WHERE budget = ? AND call = ?`,
          args: [lease, key, id],
        })),
      )
    },
    async sums(key) {
      const [, sums] = await run([giveBack(key), sumsOf(key)])
      return read(sums?.rows)
    },
  }
}

/** Of a file, one process writes at a time. Others try again, for less than the guard waits. */
async function unlessBusy<T>(run: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + LONGEST_BUSY; ; ) {
    try {
      return await run()
    } catch (error) {
      const { code } = (error ?? {}) as { code?: unknown }
      if (!String(code).startsWith('SQLITE_BUSY') || Date.now() > end) throw error
      await new Promise(resolve => setTimeout(resolve, 5 + Math.random() * 20))
    }
  }
}

/** Milliseconds. */
const LONGEST_BUSY = 1_500
