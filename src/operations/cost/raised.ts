/**
 * Records which cost alerts were raised, each once across all replicas. A row is written before the alert is sent, and the alert is sent
 * repeatedly while it lasts, as Prometheus does. So after a crash, another replica continues, and Alertmanager deduplicates by labels.
 */
import type { Database, Statement } from '../alert-receiver/database'
import { type CostAlert, idOf } from './alerts'

export interface RaisedCostAlert {
  readonly id: string
  readonly alert: CostAlert
  /** Milliseconds since 1970. */
  readonly startsAt: number
  readonly endsAt: number
}

/** How long an alert is sent: longer than Alertmanager's group_wait, and than it takes somebody to restart Alertmanager. */
const LASTS_MS = 12 * 3_600_000
/** Alerts of periods that ended this long ago are deleted. */
const KEPT_MS = 400 * 86_400_000

export class RaisedAlerts {
  private constructor(private readonly database: Database) {}

  static async in(database: Database): Promise<RaisedAlerts> {
    const sql = `CREATE TABLE IF NOT EXISTS cost_alerts (
      id TEXT PRIMARY KEY, alert TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, delivered_at INTEGER)`
    const since = 'CREATE TABLE IF NOT EXISTS cost_budgets (name TEXT PRIMARY KEY, since INTEGER NOT NULL)'
    await database.write([{ sql }, { sql: since }])
    return new RaisedAlerts(database)
  }

  /** @returns for each budget, since when it has been watched, in milliseconds since 1970 */
  async watch(names: readonly string[], now: number): Promise<ReadonlyMap<string, number>> {
    const known = async () =>
      new Map(
        (await this.database.read('SELECT name, since FROM cost_budgets')).map(({ name, since }) => [
          String(name),
          Number(since),
        ]),
      )
    const before = await known()
    const fresh = names.filter(name => !before.has(name))
    if (fresh.length === 0) return before
    const sql = 'INSERT INTO cost_budgets (name, since) VALUES (?, ?) ON CONFLICT (name) DO NOTHING'
    await this.database.write(fresh.map((name): Statement => ({ sql, args: [name, now] })))
    return known()
  }

  /** Does not change alerts that were raised before. @param now milliseconds since 1970 */
  async raise(alerts: readonly CostAlert[], now: number): Promise<void> {
    const known = new Set((await this.database.read('SELECT id FROM cost_alerts')).map(({ id }) => id))
    const statements = alerts
      .filter(alert => !known.has(idOf(alert)))
      .map(
        (alert): Statement => ({
          sql: 'INSERT INTO cost_alerts (id, alert, starts_at, ends_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
          args: [idOf(alert), JSON.stringify(alert), now, now + LASTS_MS],
        }),
      )
    if (statements.length > 0) await this.database.write(statements)
  }

  /** The alerts to send. Those that could not be sent in time are extended. */
  async lasting(now: number): Promise<RaisedCostAlert[]> {
    const [old] = await this.database.read('SELECT 1 FROM cost_alerts WHERE ends_at < ? LIMIT 1', [now - KEPT_MS])
    if (old) await this.database.write([{ sql: 'DELETE FROM cost_alerts WHERE ends_at < ?', args: [now - KEPT_MS] }])
    const late = await this.database.read(
      'SELECT id FROM cost_alerts WHERE delivered_at IS NULL AND ends_at <= ? LIMIT 1',
      [now],
    )
    if (late.length > 0)
      await this.database.write([
        {
          sql: 'UPDATE cost_alerts SET ends_at = ? WHERE delivered_at IS NULL AND ends_at <= ?',
          args: [now + LASTS_MS, now],
        },
      ])
    const rows = await this.database.read('SELECT id, alert, starts_at, ends_at FROM cost_alerts WHERE ends_at > ?', [
      now,
    ])
    return rows.map(({ id, alert, starts_at, ends_at }) => ({
      id: String(id),
      alert: JSON.parse(String(alert)) as CostAlert,
      startsAt: Number(starts_at),
      endsAt: Number(ends_at),
    }))
  }

  /** Marks alerts that an Alertmanager has received. */
  async delivered(raised: readonly RaisedCostAlert[], now: number): Promise<void> {
    const [fresh] = await this.database.read('SELECT count(*) AS count FROM cost_alerts WHERE delivered_at IS NULL')
    if (Number(fresh?.count) === 0) return
    await this.database.write(
      raised.map(
        ({ id }): Statement => ({
          sql: 'UPDATE cost_alerts SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL',
          args: [now, id],
        }),
      ),
    )
  }
}
