/** What the database of the watch over budgets says of persons: a budget by user asks for them by their ids, and its name may have one. */
import type { Database } from '../alert-receiver/database'

type Rows = Pick<Database, 'read' | 'write'>

export interface Names {
  /** Who a user of this id is. */
  isPerson(id: string): boolean
  /** Whether a text names the person. */
  isNamed(text: string): boolean
}

/** Each table with the column that may have a name in it. */
const places = [
  ['cost_days', 'question'],
  ['cost_alerts', 'alert'],
  ['cost_budgets', 'name'],
] as const

export interface NamingRows {
  readonly found: readonly object[]
  readonly all: number
}

export async function rowsNaming(database: Rows, names: Names): Promise<NamingRows> {
  const found: object[] = []
  let all = 0
  for (const [table, column] of await placesIn(database)) {
    const texts = (await database.read(`SELECT DISTINCT ${column} AS text FROM ${table}`)).map(({ text }) =>
      String(text),
    )
    const own = texts.filter(text => isOf(text, names))
    for (const text of own) found.push(...(await database.read(`SELECT * FROM ${table} WHERE ${column} = ?`, [text])))
    const [count] = await database.read(`SELECT count(*) AS n FROM ${table}`)
    all += Number(count?.n)
  }
  return { found, all }
}

/** @throws Error while another process keeps the file from forgetting them too */
export async function deleteRowsNaming(database: Rows, names: Names): Promise<void> {
  const statements = []
  for (const [table, column] of await placesIn(database))
    for (const { text } of await database.read(`SELECT DISTINCT ${column} AS text FROM ${table}`))
      if (isOf(String(text), names)) statements.push({ sql: `DELETE FROM ${table} WHERE ${column} = ?`, args: [text!] })
  if (statements.length === 0) return
  await database.write(statements)
  // a server has its own; in a file what was deleted stands in the log of writes until then
  const [done] = await database.read('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => [])
  if (done?.busy) throw new Error('another process is reading the database; the erasure will be retried')
}

/** Where no alert was ever raised there is no such table. */
async function placesIn(database: Rows) {
  const tables = await database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
  return places.filter(([table]) => tables.some(({ name }) => name === table))
}

function isOf(text: string, { isPerson, isNamed }: Names): boolean {
  if (isNamed(text)) return true
  const [, scope] = /^\[\[/.test(text) ? (JSON.parse(text) as [unknown, { user?: readonly string[] }]) : []
  return scope?.user?.some(isPerson) ?? false
}
