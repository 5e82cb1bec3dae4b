/**
 * Keeps daily spend beyond the retention of its source: traces are kept for a week, but a monthly budget per user needs all of its days. A
 * past day is updated as long as the source has it, to include late data.
 */

import type { Span } from '../../shared/calendar/period'
import type { Database, Statement } from '../alert-receiver/database'
import type { Dimension, Scope } from './config'
import type { Spend, SpendSource } from './spend'

/** Minimum length of a day; hours are not kept. */
const LEAST_MS = 20 * 3_600_000
/** Excludes the current day, whose end depends on the time of the query. */
const OVER_MS = 3_600_000
const KEPT_MS = 400 * 86_400_000

export async function keeping(source: SpendSource, database: Database): Promise<SpendSource> {
  const sql = `CREATE TABLE IF NOT EXISTS cost_days (
    question TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL, spends TEXT NOT NULL, PRIMARY KEY (question, began, ended))`
  await database.write([{ sql }])

  async function write(question: string, spans: readonly Span[], found: readonly Spend[][], known: number) {
    const now = Date.now()
    const statements: Statement[] = []
    for (const [index, { start, end }] of spans.entries()) {
      if (end > now - OVER_MS || end - start < LEAST_MS || start < known) continue
      statements.push({
        // unchanged days cause no write
        sql: `INSERT INTO cost_days (question, began, ended, spends) VALUES (?, ?, ?, ?) ON CONFLICT (question, began, ended)
          DO UPDATE SET spends = excluded.spends WHERE spends <> excluded.spends`,
        args: [question, start, end, JSON.stringify(found[index])],
      })
    }
    const tooOld: Statement = { sql: 'DELETE FROM cost_days WHERE ended < ?', args: [now - KEPT_MS] }
    if (statements.length > 0) await database.write([...statements, tooOld])
  }

  return {
    ...source,
    async spend(spans, by, scope = {}) {
      const question = questionOf(by, scope)
      const known = await source.knownSince(Date.now(), by, scope)
      const first = spans.findIndex(({ start }) => start >= known)
      const [gone, here] = first < 0 ? [spans, []] : [spans.slice(0, first), spans.slice(first)]
      const found = here.length > 0 ? await source.spend(here, by, scope) : []
      await write(question, here, found, known)
      if (gone.length === 0) return found
      const rows = await database.read(
        'SELECT began, ended, spends FROM cost_days WHERE question = ? AND began >= ? AND ended <= ?',
        [question, gone[0]!.start, gone.at(-1)!.end],
      )
      const days = new Map(rows.map(({ began, ended, spends }) => [`${began} ${ended}`, String(spends)]))
      const before = gone.map(({ start, end }) => JSON.parse(days.get(`${start} ${end}`) ?? '[]') as Spend[])
      return [...before, ...found]
    },
    /** Reaches further back than the source, as long as no day is missing. */
    async knownSince(now, by = [], scope = {}) {
      let since = await source.knownSince(now, by, scope)
      const days = await database.read('SELECT began, ended FROM cost_days WHERE question = ? ORDER BY began DESC', [
        questionOf(by, scope),
      ])
      for (const { began, ended } of days) if (Number(ended) >= since) since = Math.min(since, Number(began))
      return since
    },
  }
}

const questionOf = (by: readonly Dimension[], scope: Scope): string => JSON.stringify([by, scope])
