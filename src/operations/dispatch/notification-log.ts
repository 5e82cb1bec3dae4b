/** State that survives restarts: alerts, sent notifications and silences. */
import type { Silence } from '../../monitoring/alerts/api'
import type { Database } from '../alert-receiver/database'

export interface KnownAlert {
  readonly fingerprint: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly generatorURL: string
  /** ms since 1970 */
  readonly startsAt: number
  readonly endsAt: number
}

/** The last notification of a group by an integration. */
export interface SentNotification {
  readonly firing: readonly string[]
  readonly resolved: readonly string[]
  /** ms since 1970 */
  readonly at: number
}

export type KeptSilence = Omit<Silence, 'status'>

/** How long unused records are kept, in ms. */
export const KEPT_MS = 10 * 86_400_000
const tables = ['alerts', 'sent', 'silences'] as const

export class Memory {
  private constructor(private readonly database: Database) {}

  static async in(database: Database): Promise<Memory> {
    await database.write(
      tables.map(name => ({
        sql: `CREATE TABLE IF NOT EXISTS dispatch_${name} (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL)`,
      })),
    )
    return new Memory(database)
  }

  alerts = (): Promise<Map<string, KnownAlert>> => this.#all('alerts')
  sent = (): Promise<Map<string, SentNotification>> => this.#all('sent')
  silences = (): Promise<Map<string, KeptSilence>> => this.#all('silences')

  keepAlerts = (alerts: readonly KnownAlert[], now: number): Promise<void> =>
    this.#keep(
      'alerts',
      alerts.map(alert => [alert.fingerprint, alert] as const),
      now,
    )
  keepSent = (key: string, sent: SentNotification, now: number): Promise<void> => this.#keep('sent', [[key, sent]], now)
  keepSilence = (silence: KeptSilence, now: number): Promise<void> =>
    this.#keep('silences', [[silence.id, silence]], Math.max(now, Date.parse(silence.endsAt)))

  async forget(fingerprints: readonly string[]): Promise<void> {
    await this.database.write(
      fingerprints.map(key => ({ sql: 'DELETE FROM dispatch_alerts WHERE key = ?', args: [key] })),
    )
  }

  async forgetOld(now: number): Promise<void> {
    await this.database.write(
      tables.map(name => ({ sql: `DELETE FROM dispatch_${name} WHERE until < ?`, args: [now] })),
    )
  }

  async #all<Value>(table: string): Promise<Map<string, Value>> {
    const rows = await this.database.read(`SELECT key, value FROM dispatch_${table}`)
    return new Map(rows.map(({ key, value }) => [String(key), JSON.parse(String(value)) as Value]))
  }

  async #keep(table: string, entries: readonly (readonly [string, object])[], now: number): Promise<void> {
    if (entries.length === 0) return
    await this.database.write(
      entries.map(([key, value]) => ({
        sql: `INSERT OR REPLACE INTO dispatch_${table} (key, value, until) VALUES (?, ?, ?)`,
        args: [key, JSON.stringify(value), now + KEPT_MS],
      })),
    )
  }
}
