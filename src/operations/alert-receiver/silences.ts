/**
 * Acknowledging an alert silences its group in Alertmanager, so that mails and tickets stop as well, and a gap in the firing alerts counts
 * neither as an end nor as news. Alertmanager does not notify about silenced groups, not even when they end, so `resolved-incidents.ts`
 * polls it.
 */
import type { Matcher } from '../../monitoring/alerts/api'
import { labels } from '../../monitoring/alerts/config'
import type { Alertmanager } from './alertmanager'
import type { Lease } from './channel'
import type { Database, Row } from './database'
import type { Notification } from './notification'
import { Failure } from './request'
import { timeOf } from './safe-text'

const SLACK_MS = 300_000
/** Interval of polling Alertmanager's silences. */
const LOOK_MS = 20_000

export class Silences {
  #lookedAt = Number.NEGATIVE_INFINITY
  #missing: ReadonlySet<string> = new Set()

  constructor(
    private readonly database: Database,
    private readonly alertmanager: Alertmanager,
    /** Labels by which routes separate alerts that have the same group labels. */
    private readonly routing: readonly string[],
    private readonly refused: (failure: Failure) => void,
    private readonly now: () => number,
  ) {}

  /** @throws Failure if Alertmanager cannot be queried */
  async round(lease: Lease): Promise<void> {
    await this.#restore(lease)
    const rows = await this.database.read(
      `SELECT s.*, i.notification, (i.status = 'resolved' OR i.episode > s.episode) AS is_over FROM silences s JOIN incidents i ON i.id = s.incident
        WHERE s.until > ? AND (s.state = 'wanted' OR (s.state = 'made' AND s.outlasts = 0 AND (i.status = 'resolved' OR i.episode > s.episode)))`,
      [this.now()],
    )
    if (rows.length === 0) return
    await lease.renew()
    for (const row of rows) {
      if (row.is_over === 1 && row.outlasts === 0) await this.end(row)
      else await this.#make(row)
    }
  }

  /**
   * Recreates silences that Alertmanager lost with its disk. It still lists expired ones. With several replicas, one may not have a new
   * silence yet, so only a silence that is missing twice counts as lost.
   */
  async #restore(lease: Lease): Promise<void> {
    if (this.now() - this.#lookedAt < LOOK_MS) return
    const rows = await this.database.read("SELECT * FROM silences WHERE state = 'made' AND until > ?", [this.now()])
    if (rows.length > 0) {
      await lease.renew()
      const known = new Set((await this.alertmanager.silences()).map(({ id }) => id))
      const lost = rows.filter(({ silence }) => !known.has(String(silence)))
      for (const row of lost) if (this.#missing.has(String(row.silence))) await this.#save(row, 'wanted', '')
      this.#missing = new Set(lost.map(({ silence }) => String(silence)))
    }
    this.#lookedAt = this.now()
  }

  /** @param row of `silences` */
  async end(row: Row): Promise<void> {
    if (row.silence) await this.alertmanager.expire(String(row.silence))
    await this.#save(row, 'ended', String(row.silence))
  }

  /** Looks for an existing silence first, by the mark in its comment: a process may have ended before it stored the id. */
  async #make(row: Row): Promise<void> {
    const mark = `${row.incident}/${row.until}`
    const there = (await this.alertmanager.silences()).find(
      ({ comment, status }) => status.state !== 'expired' && comment.endsWith(`(${mark})`),
    )
    if (there) return this.#save(row, 'made', there.id)
    const notification = JSON.parse(String(row.notification)) as Notification
    const known = await this.alertmanager.alerts()
    // stored labels are masked, and the matchers need Alertmanager's original values
    const own = new Set(notification.alerts.map(({ fingerprint }) => fingerprint))
    const found = known.filter(({ fingerprint }) => own.has(fingerprint))
    const what = row.outlasts === 1 ? 'Silenced' : 'Acknowledged; ends with the incident'
    try {
      const id = await this.alertmanager.silence({
        matchers: matchersOf(
          notification,
          (found.length > 0 ? found : notification.alerts).map(({ labels }) => labels),
          this.routing,
        ),
        // starts in the past, since clocks differ and a future silence is not active yet
        startsAt: timeOf(this.now() - SLACK_MS),
        endsAt: timeOf(Number(row.until)),
        createdBy: String(row.author),
        comment: `${what}. By afn-otel (${mark})`,
      })
      await this.#save(row, 'made', id)
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'refused') throw error
      await this.#save(row, 'ended', '')
      this.refused(error)
    }
  }

  async #save({ incident, until }: Row, state: 'wanted' | 'made' | 'ended', silence: string): Promise<void> {
    await this.database.write([
      {
        sql: 'UPDATE silences SET state = ?, silence = ? WHERE incident = ? AND until = ?',
        args: [state, silence, incident!, until!],
      },
    ])
  }
}

/**
 * Matches the group's current alerts, but not their escalation copies, whose end must be notified, nor services that join the group later.
 * @param found labels of the alerts
 */
function matchersOf(
  { groupLabels, commonLabels }: Notification,
  found: readonly Readonly<Record<string, string>>[],
  routing: readonly string[],
): Matcher[] {
  const routed = routing.filter(name => name in commonLabels)
  const names = new Set(['alertname', 'service', ...Object.keys(groupLabels), ...routed])
  const own = [...names].map(name => {
    const values = [...new Set(found.map(labels => labels[name] ?? ''))]
    const isRegex = values.length > 1
    const value = isRegex ? values.map(one => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|') : values[0]!
    return { name, value, isRegex, isEqual: true }
  })
  return [...own, { name: labels.escalation, value: '', isRegex: false, isEqual: true }]
}
