/**
 * Ends incidents that Alertmanager no longer has: it reports the end of a group once, and not at all if it was restarted, its routes
 * changed, or the group is silenced.
 */
import { WATCHDOG } from '../../monitoring/alerts/config'
import type { Alertmanager, KnownAlert } from './alertmanager'
import type { Lease } from './channel'
import type { Database, Row } from './database'
import { type Incident, type IncidentStore, incidentIn } from './incident-store'
import type { Notification } from './notification'
import type { Silences } from './silences'

const LOOK_MS = 20_000
/** For acknowledged incidents: a restarted Prometheus sends firing alerts again within minutes. */
const GAP_MS = 240_000
/** For all incidents; covers a restart of Alertmanager as well. */
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

  /** @throws Failure if Alertmanager cannot be queried */
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
    // without the watchdog, Prometheus is down and alerts are unknown
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
      // came from another Alertmanager than the one queried
    } else if (row.missing_since === null) await this.#note(incident, `missing_since = ${now}`)
    else if (now - Number(row.missing_since) >= PATIENCE_MS) await this.#end(incident)
    else if (row.silence && now - Number(row.missing_since) >= GAP_MS) await this.#release(incident, row)
  }

  #note({ id, episode }: Incident, change: string): Promise<unknown> {
    return this.database.write([
      { sql: `UPDATE incidents SET ${change} WHERE id = ? AND episode = ? AND status = 'firing'`, args: [id, episode] },
    ])
  }

  /** Expires the silence and posts the end again, so that Alertmanager notifies all channels of the incident, and this receiver. */
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
    // clocks differ, and an alert must not end before it began
    const endsAt = new Date(Math.max(at, Date.parse(alert.startsAt))).toISOString()
    return { ...alert, status: 'resolved' as const, endsAt }
  })
  return { ...notification, status: 'resolved', alerts }
}
