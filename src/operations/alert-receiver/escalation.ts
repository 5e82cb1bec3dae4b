/**
 * Takes the escalation steps that are due, each once per episode across all replicas. A step is an alert in Alertmanager: a copy of the
 * unacknowledged one with the label `escalation`, which its own route sends to the step's channels. So every channel of Alertmanager can be
 * used, and its notification log prevents duplicates.
 */
import type { PostedAlert } from '../../monitoring/alerts/api'
import { labels } from '../../monitoring/alerts/config'
import type { Alertmanager } from './alertmanager'
import type { Lease } from './channel'
import { type Database, numberIn, type Row } from './database'
import { type Incident, incidentIn } from './incident-store'
import type { Notification } from './notification'
import { spanOf, summaryOf, timeOf } from './safe-text'

export interface Ladder {
  /** For each severity, the times of its steps in ms since the first notification, ascending. */
  readonly steps: Readonly<Record<string, readonly number[]>>
  readonly alertmanager: Alertmanager
  /** The page of an incident, with the right to act. */
  pageUrl(incident: string, episode: number): string
}

/** Alertmanager keeps alerts in memory, so they are posted repeatedly, as Prometheus does. */
const AGAIN_MS = 60_000
/** An outage of the receiver up to this long does not end an escalation. */
const LASTS_MS = 86_400_000
const MOST_AT_ONCE = 100

export class Escalations {
  constructor(
    private readonly database: Database,
    private readonly ladder: Ladder,
    private readonly taken: (severity: string, step: number) => void,
    private readonly now: () => number,
  ) {}

  /** @throws Failure if the request to Alertmanager has to be repeated later */
  async round(lease: Lease): Promise<void> {
    await this.#take()
    for (;;) {
      const rows = await this.database.read(
        `SELECT i.*, e.step, e.episode AS of_episode, e.notification AS copied, e.began_at AS escalated_at, e.ended_at AS over_at, e.reason FROM escalations e
          JOIN incidents i ON i.id = e.incident WHERE e.done = 0 AND (e.ended_at IS NOT NULL OR e.posted_at <= ?) LIMIT ${MOST_AT_ONCE}`,
        [this.now() - AGAIN_MS],
      )
      if (rows.length === 0) return
      await lease.renew()
      await this.ladder.alertmanager.post(rows.map(row => this.#alertOf(row)))
      const at = this.now()
      await this.database.write(
        rows.map(({ id, of_episode, step, over_at }) => ({
          // an escalation that has ended is posted a last time
          sql: 'UPDATE escalations SET posted_at = ?, done = ? WHERE incident = ? AND episode = ? AND step = ?',
          args: [at, over_at === null ? 0 : 1, id!, of_episode!, step!],
        })),
      )
    }
  }

  /** Each statement checks the acknowledgement itself, so an earlier one prevents the step. */
  async #take(): Promise<void> {
    const now = this.now()
    const steps = Object.entries(this.ladder.steps).flatMap(([severity, ladder]) =>
      ladder.map((after, index) => ({ severity, step: index + 1, after })),
    )
    if (steps.length === 0) return
    // one transaction per round, since the database may be on a server
    const changes = await this.database.write([
      ...steps.map(({ severity, step, after }) => ({
        sql: `INSERT OR IGNORE INTO escalations (incident, episode, step, began_at, notification)
          SELECT id, episode, ?, ?, notification FROM incidents
          WHERE ladder = ? AND status = 'firing' AND acknowledged_at IS NULL AND synthetic = 0 AND began_at <= ?`,
        args: [step, now, severity, now - after],
      })),
      {
        sql: `INSERT OR IGNORE INTO events SELECT incident, episode, 'escalated', 'step ' || step, began_at FROM escalations
          WHERE began_at = ?`,
        args: [now],
      },
    ])
    for (const [index, { severity, step }] of steps.entries())
      for (let count = 0; count < changes[index]!; count++) this.taken(severity, step)
  }

  #alertOf(row: Row): PostedAlert {
    const incident = incidentIn(row)
    const { notification, id } = incident
    const startsAt = Number(row.escalated_at)
    const overAt = numberIn(row.over_at)
    const episode = Number(row.of_episode)
    return {
      labels: { ...labelsOf(JSON.parse(String(row.copied))), incident: id, [labels.escalation]: String(row.step) },
      annotations: {
        ...notification.commonAnnotations,
        summary: summaryFor(incident, startsAt, overAt === undefined ? undefined : String(row.reason)),
        incident_url: this.ladder.pageUrl(id, episode),
        ...(overAt !== undefined && { ended: String(row.reason) }),
      },
      startsAt: timeOf(startsAt),
      endsAt: timeOf(overAt ?? this.now() + LASTS_MS),
      ...(/^https?:/.test(notification.externalURL) && { generatorURL: notification.externalURL }),
    }
  }
}

/** Uses the labels from the time of the step, because Alertmanager treats changed labels as another alert. */
const labelsOf = ({ groupLabels, commonLabels }: Notification): Readonly<Record<string, string>> => {
  const { alertname, service, severity, environment, sloth_slo, sloth_id, sloth_service } = commonLabels
  const kept = { alertname, service, severity, environment, sloth_slo, sloth_id, sloth_service, ...groupLabels }
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => !!entry[1]))
}

function summaryFor(
  { notification, acknowledgedBy, name, beganAt }: Incident,
  at: number,
  over: string | undefined,
): string {
  const what = summaryOf(notification) || name
  if (over === 'acknowledged') return `Acknowledged by ${acknowledgedBy ?? 'somebody'}: ${what}`
  if (over !== undefined) return `Resolved: ${what}`
  return `Not acknowledged for ${spanOf(at - beganAt)}: ${what}`
}
