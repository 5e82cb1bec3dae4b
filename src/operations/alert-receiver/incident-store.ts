/**
 * Incidents: groups of alerts as Alertmanager last described them. Every change is one transaction with its own condition, so that two
 * replicas, or a repeated delivery, have the effect of one.
 */
import { severities } from '../../shared/severities'
import { type Database, numberIn, type Row, type Statement } from './database'
import {
  contentOf,
  idOf,
  isEscalation,
  isSynthetic,
  type Notification,
  nameOf,
  serviceOf,
  severityOf,
} from './notification'

export interface Incident {
  readonly id: string
  readonly groupKey: string
  readonly name: string
  readonly service: string
  readonly severity: string
  readonly synthetic: boolean
  readonly status: 'firing' | 'resolved'
  /** Counts from 1 and grows each time the incident fires again. */
  readonly episode: number
  readonly notification: Notification
  readonly beganAt: number
  readonly endedAt: number | undefined
  readonly acknowledgedAt: number | undefined
  readonly acknowledgedBy: string | undefined
}

export interface HistoryEvent {
  readonly at: string
  readonly incident: string
  readonly episode: number
  readonly alertname: string
  readonly service: string
  readonly severity: string
  readonly event: string
  readonly detail: string
}

export interface Silenced {
  readonly until: number
  readonly by: string
}

/** The purpose of a delivery, from the URL that Alertmanager calls. */
export interface Purpose {
  /** Names of ticket channels. */
  readonly tickets: readonly string[]
  /** Names of Discord channels. */
  readonly discord: readonly string[]
  /** Names that the receiver does not know, because its configuration differs from Alertmanager's. */
  readonly unknown: readonly string[]
  /** The severity whose escalation steps apply; undefined if it does not escalate. */
  readonly ladder: string | undefined
  /** How long the same content is not posted again, in ms. */
  readonly quietMs: number
}

/** A longer incident is notified again, and no silence outlives the receiver by more than this. */
const LONGEST_SILENCE_MS = 86_400_000

/** Maximum number of a group's alerts by which links find it; mails link by the first one. */
const MOST_LINKED = 100

/** 0 for critical; alerts without a severity come last. */
export function urgencyOf(severity: string): number {
  const at = (severities as readonly string[]).indexOf(severity)
  return at < 0 ? severities.length : at
}

export class IncidentStore {
  constructor(readonly database: Database) {}

  /** Stores a notification. Once this resolves, nothing of it can be lost. */
  async observe(notification: Notification, purpose: Purpose, now: number): Promise<void> {
    const id = idOf(notification.groupKey)
    const own = isEscalation(notification) ? [] : incidentOf(id, notification, purpose, now)
    // the end of a test is not worth a post
    const isOverTest = isSynthetic(notification) && notification.status === 'resolved'
    const discord = isOverTest ? [] : purpose.discord
    const posts = discord.map(channel => postOf(id, notification, channel, purpose.quietMs, now))
    await this.database.write([...own, ...posts])
  }

  /**
   * Acknowledges an incident, which also silences it until its end or for a fixed time.
   * @param episode default: the current one
   * @param silenceMs duration of the silence, even beyond the incident; undefined: until the incident ends
   * @returns whether this call acknowledged it; an incident that is acknowledged already, or does not fire, does not change
   */
  async acknowledge(
    id: string,
    episode: number | undefined,
    by: string,
    now: number,
    silenceMs?: number,
  ): Promise<boolean> {
    const outlasts = silenceMs === undefined ? 0 : 1
    const [changed = 0] = await this.database.write([
      {
        sql: `UPDATE incidents SET acknowledged_at = ?, acknowledged_by = ?
          WHERE id = ? AND episode = coalesce(?, episode) AND status = 'firing' AND acknowledged_at IS NULL`,
        args: [now, by, id, episode ?? null],
      },
      {
        sql: `INSERT OR IGNORE INTO silences (incident, episode, author, until, outlasts) SELECT id, episode, ?, ?, ? FROM incidents
          WHERE id = ? AND episode = coalesce(?, episode) AND status = 'firing' AND synthetic = 0 AND (acknowledged_at = ? OR ? = 1)`,
        args: [by, now + (silenceMs ?? LONGEST_SILENCE_MS), outlasts, id, episode ?? null, now, outlasts],
      },
      {
        sql: `INSERT OR IGNORE INTO events SELECT id, episode, 'acknowledged', acknowledged_by, acknowledged_at FROM incidents
          WHERE id = ? AND acknowledged_at IS NOT NULL`,
        args: [id],
      },
      endOfEscalations(id, 'acknowledged', now),
      { sql: 'UPDATE tickets SET wanted = wanted + 1 WHERE incident = ?', args: [id] },
      {
        // the channels that have the alert also show its acknowledgement
        sql: `INSERT INTO posts (channel, incident, episode, urgency, content, message, queued_at)
          SELECT DISTINCT p.channel, i.id, i.episode, p.urgency, 'acknowledged', i.notification, ? FROM incidents i
          JOIN posts p ON p.incident = i.id AND p.episode = i.episode WHERE i.id = ? AND i.acknowledged_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM posts o WHERE o.channel = p.channel AND o.incident = i.id AND o.episode = i.episode AND o.content = 'acknowledged')`,
        args: [now, id],
      },
    ])
    return changed === 1
  }

  async incident(id: string): Promise<Incident | undefined> {
    const [row] = await this.database.read('SELECT * FROM incidents WHERE id = ?', [id])
    return row && incidentIn(row)
  }

  /** The incident that last included the alert with this fingerprint. */
  async withAlert(fingerprint: string): Promise<Incident | undefined> {
    const [row] = await this.database.read(
      'SELECT i.* FROM alerts a JOIN incidents i ON i.id = a.incident WHERE a.fingerprint = ?',
      [fingerprint],
    )
    return row && incidentIn(row)
  }

  /** The current silences of the incident. */
  async silenced({ id, episode }: Incident, now: number): Promise<Silenced[]> {
    const rows = await this.database.read(
      `SELECT author, until FROM silences WHERE incident = ? AND episode = ? AND until > ? AND state <> 'ended' ORDER BY until`,
      [id, episode, now],
    )
    return rows.map(({ author, until }) => ({ by: String(author), until: Number(until) }))
  }

  /** Firing incidents whose id begins with this text, or whose alert has this name. */
  async find(idOrName: string): Promise<Incident[]> {
    const rows = await this.database.read(
      `SELECT * FROM incidents WHERE status = 'firing' AND (name = ? OR substr(id, 1, length(?)) = ?) ORDER BY began_at`,
      [idOrName, idOrName, idOrName.toLowerCase()],
    )
    return rows.map(incidentIn)
  }

  async firing(): Promise<Incident[]> {
    const rows = await this.database.read(`SELECT * FROM incidents WHERE status = 'firing' ORDER BY began_at DESC`)
    return rows.map(incidentIn)
  }

  /**
   * Newest first.
   * @param of id of an incident; default: all
   */
  async history(since: number, limit: number, of?: string): Promise<HistoryEvent[]> {
    const rows = await this.database.read(
      `SELECT e.*, i.name, i.service, i.severity FROM events e JOIN incidents i ON i.id = e.incident
        WHERE e.at >= ? AND e.incident = coalesce(?, e.incident) ORDER BY e.at DESC, e.rowid DESC LIMIT ?`,
      [since, of ?? null, limit],
    )
    return rows.map(row => ({
      at: new Date(Number(row.at)).toISOString(),
      incident: String(row.incident),
      episode: Number(row.episode),
      alertname: String(row.name),
      service: String(row.service),
      severity: String(row.severity),
      event: String(row.kind),
      detail: String(row.detail),
    }))
  }
}

/** Statements that update an incident; those whose condition does not hold change nothing. */
function incidentOf(id: string, notification: Notification, { tickets, ladder }: Purpose, now: number): Statement[] {
  const text = JSON.stringify(notification)
  const ofTickets = [
    ...tickets.map(channel => ({
      sql: 'INSERT INTO tickets (channel, incident, wanted) SELECT ?, id, 0 FROM incidents WHERE id = ? ON CONFLICT DO NOTHING',
      args: [channel, id],
    })),
    { sql: 'UPDATE tickets SET wanted = wanted + 1 WHERE incident = ?', args: [id] },
  ]
  if (notification.status === 'resolved')
    return [
      {
        sql: `UPDATE incidents SET status = 'resolved', ended_at = ?, notification = ? WHERE id = ? AND status = 'firing'`,
        args: [now, text, id],
      },
      eventOf(id, 'resolved', 'resolved', now),
      endOfEscalations(id, 'resolved', now),
      ...ofTickets,
    ]
  const fingerprints = notification.alerts.slice(0, MOST_LINKED).map(({ fingerprint }) => fingerprint)
  const [name, service, severity] = [nameOf(notification), serviceOf(notification), severityOf(notification)]
  const isTest = isSynthetic(notification) ? 1 : 0
  return [
    {
      // SQLite evaluates each expression with the old row
      sql: `INSERT INTO incidents (id, group_key, name, service, severity, synthetic, ladder, notification, status, episode, began_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'firing', 1, ?) ON CONFLICT (id) DO UPDATE SET
          episode = episode + (status = 'resolved'),
          began_at = CASE status WHEN 'resolved' THEN excluded.began_at ELSE began_at END,
          acknowledged_at = CASE status WHEN 'resolved' THEN NULL ELSE acknowledged_at END,
          acknowledged_by = CASE status WHEN 'resolved' THEN NULL ELSE acknowledged_by END,
          seen = CASE status WHEN 'resolved' THEN 0 ELSE seen END, missing_since = NULL,
          status = 'firing', ended_at = NULL, name = excluded.name, service = excluded.service, severity = excluded.severity,
          synthetic = excluded.synthetic, ladder = excluded.ladder, notification = excluded.notification`,
      args: [id, notification.groupKey, name, service, severity, isTest, ladder ?? null, text, now],
    },
    {
      sql: 'INSERT OR REPLACE INTO alerts SELECT value, ? FROM json_each(?)',
      args: [id, JSON.stringify(fingerprints)],
    },
    eventOf(id, 'firing', 'fired', now),
    ...ofTickets,
  ]
}

const eventOf = (id: string, status: string, kind: string, now: number): Statement => ({
  sql: `INSERT OR IGNORE INTO events SELECT id, episode, ?, '', ? FROM incidents WHERE id = ? AND status = ?`,
  args: [kind, now, id, status],
})

const endOfEscalations = (id: string, reason: string, now: number): Statement => ({
  sql: `UPDATE escalations SET ended_at = ?, reason = ? WHERE incident = ? AND ended_at IS NULL
    AND EXISTS (SELECT 1 FROM incidents WHERE id = escalations.incident AND (status = 'resolved' OR acknowledged_at IS NOT NULL))`,
  args: [now, reason, id],
})

/** Queues a post, unless the same content is pending or was just posted: Alertmanager repeats deliveries whose response it did not get. */
function postOf(id: string, notification: Notification, channel: string, quietMs: number, now: number): Statement {
  const content = contentOf(notification)
  const text = JSON.stringify(notification)
  return {
    sql: `INSERT INTO posts (channel, incident, episode, urgency, content, message, queued_at)
      SELECT ?, ?, coalesce((SELECT episode FROM incidents WHERE id = ?), 0), ?, ?, ?, ?
      WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE p.channel = ? AND p.incident = ? AND p.content = ? AND (p.sent_at IS NULL OR p.queued_at > ?))`,
    args: [
      ...[channel, id, id, urgencyOf(severityOf(notification)), content, text, now],
      ...[channel, id, content, now - quietMs],
    ],
  }
}

export function incidentIn(row: Row): Incident {
  return {
    id: String(row.id),
    groupKey: String(row.group_key),
    name: String(row.name),
    service: String(row.service),
    severity: String(row.severity),
    synthetic: row.synthetic === 1,
    status: row.status as Incident['status'],
    episode: Number(row.episode),
    notification: JSON.parse(String(row.notification)) as Notification,
    beganAt: Number(row.began_at),
    endedAt: numberIn(row.ended_at),
    acknowledgedAt: numberIn(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by == null ? undefined : String(row.acknowledged_by),
  }
}
