/**
 * Ends incidents that Alertmanager has no more: it says once that a group is resolved, and not at all where it was restarted meanwhile,
 * where its routes have changed, or where the group is silenced.
 */
import { WATCHDOG } from '../../monitoring/alerts/config'
import type { Alertmanager, KnownAlert } from './alertmanager'
import type { Lease } from './channel'
import type { Database, Row } from './database'
import { type Incident, type IncidentStore, incidentIn } from './incident-store'
import type { Notification } from './notification'
import type { Silences } from './silences'

const LOOK_MS = 20_000
/** Of somebody's incident: a Prometheus that restarts brings what fires within minutes. */
const GAP_MS = 240_000
/** After a restart of Alertmanager too. */
const PATIENCE_MS = 900_000

export class ResolvedIncidents {
  #lookedAt = Number.NEGATIVE_INFINITY
  #hadWatchdog = false

  constructor(
    private readonly database: Database,
    private readonly state: IncidentStore,
    private readonly alertmanager: Alertmanager,
    private readonly silences: Silences,
    private readonly now: () => number,
  ) {}

  /** @throws Failure where Alertmanager does not say what it has */
  async round(lease: Lease): Promise<void> {
    if (this.now() - this.#lookedAt < LOOK_MS) return
    const rows = await this.database.read(
      `SELECT i.*, s.silence, s.until FROM incidents i LEFT JOIN silences s
        ON s.incident = i.id AND s.episode = i.episode AND s.state = 'made' AND s.outlasts = 0 WHERE i.status = 'firing'`,
    )
    if (rows.length === 0) return
    await lease.renew()
    const known = await this.alertmanager.alerts()
    this.#lookedAt = this.now()
    const hasWatchdog = known.some(({ labels }) => labels?.alertname === WATCHDOG)
    // nobody says what fires: Prometheus is away
    if (this.#hadWatchdog && !hasWatchdog) return
    this.#hadWatchdog = hasWatchdog
    for (const row of rows) await this.#compare(row, known)
  }

  async #compare(row: Row, known: readonly KnownAlert[]): Promise<void> {
    const incident = incidentIn(row)
    const now = this.now()
    const fingerprints = new Set(incident.notification.alerts.map(({ fingerprint }) => fingerprint))
    const isOfIt = ({ fingerprint, status }: KnownAlert) =>
      fingerprints.has(fingerprint) || (!!row.silence && status.silencedBy.includes(String(row.silence)))
    if (known.some(isOfIt)) {
      if (row.seen === 0 || row.missing_since !== null) await this.#note(incident, 'seen = 1, missing_since = NULL')
    } else if (row.seen === 0 && !row.silence) {
      // of another Alertmanager than the one that is asked
    } else if (row.missing_since === null) await this.#note(incident, `missing_since = ${now}`)
    else if (now - Number(row.missing_since) >= PATIENCE_MS) await this.#end(incident)
    else if (row.silence && now - Number(row.missing_since) >= GAP_MS) await this.#release(incident, row)
  }

  #note({ id, episode }: Incident, change: string): Promise<unknown> {
    return this.database.write([
      { sql: `UPDATE incidents SET ${change} WHERE id = ? AND episode = ? AND status = 'firing'`, args: [id, episode] },
    ])
  }

  /** Alertmanager hears once more that it is over, and says so to each channel that knows of it, and to us. */
  async #release({ id, notification }: Incident, { silence, until, missing_since }: Row): Promise<void> {
    await this.silences.end({ incident: id, silence: silence!, until: until! })
    await this.alertmanager.post(resolvedAt(notification, Number(missing_since)).alerts)
  }

  async #end({ id, episode, notification }: Incident): Promise<void> {
    const channels = await this.database.read('SELECT DISTINCT channel FROM posts WHERE incident = ? AND episode = ?', [
      id,
      episode,
    ])
    const discord = channels.map(({ channel }) => String(channel))
    const purpose = { tickets: [], discord, unknown: [], ladder: undefined, quietMs: 0 }
    await this.state.observe(resolvedAt(notification, this.now()), purpose, this.now())
  }
}

function resolvedAt(notification: Notification, at: number): Notification {
  const alerts = notification.alerts.map(alert => {
    // clocks differ, and nothing ends before it began
    const endsAt = new Date(Math.max(at, Date.parse(alert.startsAt))).toISOString()
    return { ...alert, status: 'resolved' as const, endsAt }
  })
  return { ...notification, status: 'resolved', alerts }
}
