/**
 * The tables of the receiver. They hold what is the case and what has been brought about, not what is to be done: a process that ends
 * anywhere begins where the two differ. Times are milliseconds since 1970.
 */
import type { Database, Statement } from './database'

const tables = [
  // a group of alerts; each time that it fires after it was resolved is an episode
  `CREATE TABLE IF NOT EXISTS incidents (
    id TEXT PRIMARY KEY, group_key TEXT NOT NULL, name TEXT NOT NULL, service TEXT NOT NULL, severity TEXT NOT NULL,
    synthetic INTEGER NOT NULL, ladder TEXT, status TEXT NOT NULL, episode INTEGER NOT NULL, notification TEXT NOT NULL,
    began_at INTEGER NOT NULL, ended_at INTEGER, acknowledged_at INTEGER, acknowledged_by TEXT,
    seen INTEGER NOT NULL DEFAULT 0, missing_since INTEGER)`,
  'CREATE INDEX IF NOT EXISTS incidents_by_status ON incidents (status)',
  // steps of the ladder that were taken; Alertmanager has each as an alert until it has ended
  `CREATE TABLE IF NOT EXISTS escalations (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, step INTEGER NOT NULL, began_at INTEGER NOT NULL,
    notification TEXT NOT NULL, ended_at INTEGER, reason TEXT, posted_at INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (incident, episode, step))`,
  // in which group an alert was last: a mail links to it by the alert
  'CREATE TABLE IF NOT EXISTS alerts (fingerprint TEXT PRIMARY KEY, incident TEXT NOT NULL)',
  // what somebody has silenced in Alertmanager; `silence` is the id there, once there is one
  `CREATE TABLE IF NOT EXISTS silences (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, author TEXT NOT NULL, until INTEGER NOT NULL, outlasts INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'wanted', silence TEXT NOT NULL DEFAULT '', PRIMARY KEY (incident, until))`,
  // which issue an incident has, and up to where that issue says what is the case
  `CREATE TABLE IF NOT EXISTS tickets (
    channel TEXT NOT NULL, incident TEXT NOT NULL, wanted INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    number INTEGER, url TEXT, made_at INTEGER, digest INTEGER, episode INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT '', acknowledged INTEGER NOT NULL DEFAULT 0, shown TEXT NOT NULL DEFAULT '',
    attempt TEXT NOT NULL DEFAULT '', next_at INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, incident))`,
  // an issue for the incidents that are above the limit of an hour
  `CREATE TABLE IF NOT EXISTS digests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, began_at INTEGER NOT NULL, wanted INTEGER NOT NULL DEFAULT 1,
    done INTEGER NOT NULL DEFAULT 0, number INTEGER, status TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '',
    written_at INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0)`,
  // what Discord is to get, in the order of urgency
  `CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, incident TEXT NOT NULL, episode INTEGER NOT NULL,
    urgency INTEGER NOT NULL, content TEXT NOT NULL, message TEXT NOT NULL, queued_at INTEGER NOT NULL,
    taken_at INTEGER, sent_at INTEGER)`,
  'CREATE INDEX IF NOT EXISTS posts_waiting ON posts (channel, sent_at, urgency, id)',
  'CREATE INDEX IF NOT EXISTS posts_by_incident ON posts (channel, incident, content)',
  // each request to Discord, for the limit of a minute that all replicas share
  'CREATE TABLE IF NOT EXISTS sent (channel TEXT NOT NULL, at INTEGER NOT NULL, digest INTEGER NOT NULL)',
  // who works for a channel, and when its service may be called again
  `CREATE TABLE IF NOT EXISTS channels (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, failure TEXT NOT NULL DEFAULT '', blocked TEXT NOT NULL DEFAULT '')`,
  // what has happened, for people
  `CREATE TABLE IF NOT EXISTS events (
    incident TEXT NOT NULL, episode INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (incident, episode, kind, detail))`,
  'CREATE INDEX IF NOT EXISTS events_by_time ON events (at)',
]

export const createTables = (database: Database): Promise<unknown> =>
  database.write(tables.map((sql): Statement => ({ sql })))

/** Removes what nobody reads any more. Incidents stay with their tickets, so that the same ones are opened again. */
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
