/**
 * Whoever acknowledges an alert silences its group in Alertmanager, so that mails and tickets of others are quiet too, and a gap in what
 * fires is neither its end nor news. Alertmanager says nothing of what is silenced, not even that it is over: `resolved-incidents.ts` looks.
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
/** Between two looks at what Alertmanager has. */
const LOOK_MS = 20_000

export class Silences {
  #lookedAt = Number.NEGATIVE_INFINITY
  #missing: ReadonlySet<string> = new Set()

  constructor(
    private readonly database: Database,
    private readonly alertmanager: Alertmanager,
    /** Labels by which routes tell alerts apart that are grouped alike. */
    private readonly routing: readonly string[],
    private readonly refused: (failure: Failure) => void,
    private readonly now: () => number,
  ) {}

  /** @throws Failure where Alertmanager cannot be asked */
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
   * What Alertmanager has lost with its disk is wanted again. What somebody has expired there, it still lists; one of several that has just
   * begun has it at the second look.
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

  /** A process may have ended before it knew that there is one: the comment says whose it is. */
  async #make(row: Row): Promise<void> {
    const mark = `${row.incident}/${row.until}`
    const there = (await this.alertmanager.silences()).find(
      ({ comment, status }) => status.state !== 'expired' && comment.endsWith(`(${mark})`),
    )
    if (there) return this.#save(row, 'made', there.id)
    const notification = JSON.parse(String(row.notification)) as Notification
    const known = await this.alertmanager.alerts()
    // texts are masked where they say something of persons; Alertmanager has them as they are
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
        // clocks differ, and one that is to come is none yet
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
 * Of the group as it is, and of no copy of it that escalates: its end is news. A service that joins a group of several is news too.
 * @param found labels of its alerts
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
