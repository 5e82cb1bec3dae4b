/**
 * Ends incidents that Alertmanager has forgotten: it says once that a group is resolved, and not at all where it was restarted
 * meanwhile, or where its routes have changed. Without this their tickets would stay open for ever.
 */
import type { Lease } from './channel'
import type { Database, Row } from './database'
import { ask, Failure } from './request'
import { type Incident, incidentIn, type State } from './state'

const LOOK_MS = 60_000
/** After a restart of Alertmanager Prometheus brings what fires within minutes. */
const PATIENCE_MS = 900_000

export class Forgotten {
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly database: Database,
    private readonly state: State,
    private readonly alertmanagerUrl: string,
    private readonly now: () => number,
  ) {}

  /** @throws Failure where Alertmanager does not say what it has */
  async round(lease: Lease): Promise<void> {
    if (this.now() - this.#lookedAt < LOOK_MS) return
    const rows = await this.database.read(`SELECT * FROM incidents WHERE status = 'firing'`)
    if (rows.length === 0) return
    await lease.renew()
    const { body } = await ask('Alertmanager', { method: 'GET', url: `${this.alertmanagerUrl}/api/v2/alerts` })
    this.#lookedAt = this.now()
    if (!Array.isArray(body)) throw new Failure('server', 'what answers is not Alertmanager')
    const known = new Set(body.map(alert => (alert as { fingerprint?: unknown }).fingerprint))
    for (const row of rows) await this.#compare(row, known)
  }

  async #compare(row: Row, known: ReadonlySet<unknown>): Promise<void> {
    const incident = incidentIn(row)
    const now = this.now()
    if (incident.notification.alerts.some(({ fingerprint }) => known.has(fingerprint))) {
      if (row.seen === 0 || row.missing_since !== null) await this.#note(incident, 'seen = 1, missing_since = NULL')
    } else if (row.seen === 0) {
      // of another Alertmanager than the one at `alertmanagerUrl`
    } else if (row.missing_since === null) await this.#note(incident, `missing_since = ${now}`)
    else if (now - Number(row.missing_since) >= PATIENCE_MS) await this.#end(incident)
  }

  #note({ id, episode }: Incident, change: string): Promise<unknown> {
    return this.database.write([
      { sql: `UPDATE incidents SET ${change} WHERE id = ? AND episode = ? AND status = 'firing'`, args: [id, episode] },
    ])
  }

  async #end({ id, episode, notification }: Incident): Promise<void> {
    const channels = await this.database.read('SELECT DISTINCT channel FROM posts WHERE incident = ? AND episode = ?', [
      id,
      episode,
    ])
    const endsAt = new Date(this.now()).toISOString()
    const alerts = notification.alerts.map(alert => ({ ...alert, status: 'resolved' as const, endsAt }))
    const discord = channels.map(({ channel }) => String(channel))
    const purpose = { tickets: [], discord, unknown: [], ladder: undefined, quietMs: 0 }
    await this.state.observe({ ...notification, status: 'resolved', alerts }, purpose, this.now())
  }
}
