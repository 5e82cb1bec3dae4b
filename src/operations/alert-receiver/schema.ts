/**
 * The receiver's tables. They store the state of incidents and the state that channels show, rather than a list of tasks: after a crash,
 * work continues where the two differ. Times are in ms since 1970.
 */
import type { Database, Statement } from './database'

const tables = [
  // a group of alerts; each time it fires after it was resolved begins an episode
  `CREATE TABLE IF NOT EXISTS incidents (
    id TEXT PRIMARY KEY, group_key TEXT NOT NULL, name TEXT NOT NULL, service TEXT NOT NULL, severity TEXT NOT NULL,
    synthetic INTEGER NOT NULL, ladder TEXT, status TEXT NOT NULL, episode INTEGER NOT NULL, notification TEXT NOT NULL,
    began_at INTEGER NOT NULL, ended_at INTEGER, acknowledged_at INTEGER, acknowledged_by TEXT,
    seen INTEGER NOT NULL DEFAULT 0, missing_since INTEGER)`,
  'CREATE INDEX IF NOT EXISTS incidents_by_status ON incidents (status)',
  // escalation steps that were taken; each is an alert in Alertmanager until it ends
  `CREATE TABLE IF NOT EXISTS escalations (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, step INTEGER NOT NULL, began_at INTEGER NOT NULL,
    notification TEXT NOT NULL, ended_at INTEGER, reason TEXT, posted_at INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (incident, episode, step))`,
  // the group that last included an alert: mails link to incidents by alert
  'CREATE TABLE IF NOT EXISTS alerts (fingerprint TEXT PRIMARY KEY, incident TEXT NOT NULL)',
  // silences in Alertmanager; `silence` is their id there, once known
  `CREATE TABLE IF NOT EXISTS silences (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, author TEXT NOT NULL, until INTEGER NOT NULL, outlasts INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'wanted', silence TEXT NOT NULL DEFAULT '', PRIMARY KEY (incident, until))`,
  // the issue of an incident, and the last change that it shows
  `CREATE TABLE IF NOT EXISTS tickets (
    channel TEXT NOT NULL, incident TEXT NOT NULL, wanted INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    number INTEGER, url TEXT, made_at INTEGER, digest INTEGER, episode INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT '', acknowledged INTEGER NOT NULL DEFAULT 0, shown TEXT NOT NULL DEFAULT '',
    attempt TEXT NOT NULL DEFAULT '', next_at INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, incident))`,
  // an issue for the incidents above the hourly limit
  `CREATE TABLE IF NOT EXISTS digests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, began_at INTEGER NOT NULL, wanted INTEGER NOT NULL DEFAULT 1,
    done INTEGER NOT NULL DEFAULT 0, number INTEGER, status TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '',
    written_at INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0)`,
  // pending and sent posts to Discord
  `CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, incident TEXT NOT NULL, episode INTEGER NOT NULL,
    urgency INTEGER NOT NULL, content TEXT NOT NULL, message TEXT NOT NULL, queued_at INTEGER NOT NULL,
    taken_at INTEGER, sent_at INTEGER)`,
  'CREATE INDEX IF NOT EXISTS posts_waiting ON posts (channel, sent_at, urgency, id)',
  'CREATE INDEX IF NOT EXISTS posts_by_incident ON posts (channel, incident, content)',
  // requests to Discord, for the limit per minute that all replicas share
  'CREATE TABLE IF NOT EXISTS sent (channel TEXT NOT NULL, at INTEGER NOT NULL, digest INTEGER NOT NULL)',
  // the replica that works for a channel, and when its service may be called again
  `CREATE TABLE IF NOT EXISTS channels (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '', blocked TEXT NOT NULL DEFAULT '')`,
  // the history, for people
  `CREATE TABLE IF NOT EXISTS events (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (incident, episode, kind, detail))`,
  'CREATE INDEX IF NOT EXISTS events_by_time ON events (at)',
]

export const createTables = (database: Database): Promise<unknown> =>
  database.write(tables.map((sql): Statement => ({ sql })))

/** Deletes expired rows. Incidents remain with their tickets, so that the same issues are reopened. */
export function removeOld(database: Database, now: number): Promise<unknown> {
  const days = (count: number) => now - count * 86_400_000
  return database.write([
    { sql: 'DELETE FROM events WHERE at < ?', args: [days(400)] },
    { sql: 'DELETE FROM posts WHERE sent_at < ?', args: [days(7)] },
    { sql: 'DELETE FROM silences WHERE until < ?', args: [days(7)] },
    { sql: 'DELETE FROM sent WHERE at < ?', args: [days(1)] },
    { sql: 'DELETE FROM escalations WHERE done = 1 AND ended_at < ?', args: [days(7)] },
  ])
}
