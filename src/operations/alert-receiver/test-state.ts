/** The state of a channel test that passes the receiver, for `afn-otel alerts test`. */
import { labels } from '../../monitoring/alerts/config'
import type { Database } from './database'

export interface TestState {
  readonly state: 'delivered' | 'waiting' | 'refused'
  /** Where the test arrived, or why it has not arrived yet. */
  readonly words: string
}

/**
 * @param id of the test, letters and digits
 * @returns undefined if Alertmanager has not delivered this test
 */
export async function testState(database: Database, id: string, channel: string): Promise<TestState | undefined> {
  const [row] = await database.read(
    `SELECT t.url, p.sent_at, c.failure, c.blocked FROM incidents i
      LEFT JOIN tickets t ON t.incident = i.id AND t.channel = ?
      LEFT JOIN posts p ON p.incident = i.id AND p.channel = ?
      LEFT JOIN channels c ON c.name = ?
      WHERE i.synthetic = 1 AND instr(i.group_key, ?) > 0 AND (t.channel IS NOT NULL OR p.channel IS NOT NULL) ORDER BY p.id LIMIT 1`,
    [channel, channel, channel, `${labels.test}="${id}"`],
  )
  if (!row) return undefined
  if (typeof row.url === 'string') return { state: 'delivered', words: `as the ticket ${row.url}` }
  if (row.sent_at != null) return { state: 'delivered', words: 'to Discord' }
  // waiting is useless if people have to fix the channel
  if (row.blocked) return { state: 'refused', words: String(row.blocked) }
  return { state: 'waiting', words: String(row.failure ?? '') }
}
