/** Personal data in the budget watch's database: the scope of a budget per user has ids, and its name may contain one. */
import type { Database } from '../alert-receiver/database'

type Rows = Pick<Database, 'read' | 'write'>

export interface Names {
  /** Whether this id is one of the person's. */
  isPerson(id: string): boolean
  /** Whether the text names the person. */
  isNamed(text: string): boolean
}

/** Tables with the column that may contain a name. */
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

/** @throws Error if another process prevents the deletion from the write-ahead log */
export async function deleteRowsNaming(database: Rows, names: Names): Promise<void> {
  const statements = []
  for (const [table, column] of await placesIn(database))
    for (const { text } of await database.read(`SELECT DISTINCT ${column} AS text FROM ${table}`))
      if (isOf(String(text), names)) statements.push({ sql: `DELETE FROM ${table} WHERE ${column} = ?`, args: [text!] })
  if (statements.length === 0) return
  await database.write(statements)
  // deleted rows remain in the file's write-ahead log until the checkpoint; a server takes care of its own
  const [done] = await database.read('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => [])
  if (done?.busy) throw new Error('another process is reading the database; the erasure will be retried')
}

/** Tables do not exist before the first alert. */
async function placesIn(database: Rows) {
  const tables = await database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
  return places.filter(([table]) => tables.some(({ name }) => name === table))
}

function isOf(text: string, { isPerson, isNamed }: Names): boolean {
  if (isNamed(text)) return true
  const [, scope] = /^\[\[/.test(text) ? (JSON.parse(text) as [unknown, { user?: readonly string[] }]) : []
  return scope?.user?.some(isPerson) ?? false
}
