/** One issue for all incidents of an hour that are above its limit, with a line for each, so that none is lost. */
import type { Lease } from './channel'
import type { Database, Row } from './database'
import { type Issues, LONGEST_BODY } from './github'
import { hashOf } from './notification'
import { Failure } from './request'
import { digestMarker, digestOf, type Line, lineLimits } from './ticket-text'
import type { TicketChannel, TicketReports } from './tickets'

const HOUR_MS = 3_600_000
/** Between two versions of the text: a flood comes in over some seconds. */
const PAUSE_MS = 10_000
const REFUSED_WAIT_MS = 60_000

export class Digests {
  constructor(
    private readonly database: Database,
    private readonly channel: TicketChannel,
    private readonly issues: Issues,
    private readonly reports: TicketReports,
    private readonly now: () => number,
  ) {}

  /** @param digest the one in which the incident is already */
  async take(incident: string, wanted: number, digest: number | undefined): Promise<void> {
    const id = digest ?? (await this.#open())
    await this.database.write([
      {
        sql: 'UPDATE tickets SET digest = ?, done = ?, failures = 0 WHERE channel = ? AND incident = ?',
        args: [id, wanted, this.channel.name, incident],
      },
      { sql: 'UPDATE digests SET wanted = wanted + 1 WHERE id = ?', args: [id] },
    ])
  }

  /** One that began within the hour and has room for one more. */
  async #open(): Promise<number> {
    const fitting = () =>
      this.database.read(
        `SELECT d.id FROM digests d WHERE d.channel = ? AND d.began_at > ?
          AND (SELECT coalesce(sum(min(length(i.name), ?) + min(length(i.service), ?) + ?), 0) FROM tickets t
            JOIN incidents i ON i.id = t.incident WHERE t.digest = d.id) < ? ORDER BY d.id DESC LIMIT 1`,
        [
          ...[this.channel.name, this.now() - HOUR_MS],
          ...[lineLimits.name, lineLimits.service, lineLimits.rest, LONGEST_BODY - 2_000],
        ],
      )
    const [row] = await fitting()
    if (row) return Number(row.id)
    await this.database.write([
      { sql: 'INSERT INTO digests (channel, began_at) VALUES (?, ?)', args: [this.channel.name, this.now()] },
    ])
    const [made] = await fitting()
    return Number(made?.id)
  }

  /** @throws Failure where the channel has to wait */
  async round(lease: Lease): Promise<void> {
    const now = this.now()
    const due = await this.database.read(
      'SELECT * FROM digests WHERE channel = ? AND wanted > done AND written_at <= ? AND next_at <= ? ORDER BY id',
      [this.channel.name, now - PAUSE_MS, now],
    )
    for (const row of due) {
      try {
        await this.#bring(row, lease)
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'refused') throw error
        const wait = Math.min(REFUSED_WAIT_MS * 2 ** Math.min(Number(row.failures), 6), HOUR_MS)
        await this.#save(row, 'failures = failures + 1, next_at = ?', [this.now() + wait])
        this.reports.refused(error)
      }
    }
  }

  async #bring(row: Row, lease: Lease): Promise<void> {
    const lines = await this.#lines(Number(row.id))
    const beganAt = Number(row.began_at)
    const marker = digestMarker(this.channel.name, Number(row.id), beganAt)
    const text = digestOf(lines, this.channel.limitPerHour, beganAt, marker)
    const state = lines.some(({ isResolved }) => !isResolved) ? 'open' : 'closed'
    let number = row.number == null ? undefined : Number(row.number)
    if (number === undefined) {
      await lease.renew()
      const found = await this.issues.find(marker)
      if (!found) {
        await lease.renew()
        number = (await this.issues.create(text, this.channel.labels)).number
        this.reports.done('digest')
      } else number = found.number
      await this.#save(row, 'number = ?, status = ?', [number, found ? '' : 'open'])
      if (!found) row = { ...row, status: 'open', shown: hashOf(text.body) }
    }
    const isShown = row.shown === hashOf(text.body) && row.status === state
    if (!isShown) {
      await lease.renew()
      await this.issues.update(number, { ...text, ...(row.status !== state && { state }) })
    }
    await this.#save(row, 'done = ?, status = ?, shown = ?, written_at = ?, failures = 0', [
      Number(row.wanted),
      state,
      hashOf(text.body),
      this.now(),
    ])
  }

  async #lines(id: number): Promise<Line[]> {
    const rows = await this.database.read(
      `SELECT i.name, i.service, i.severity, i.status, i.id FROM tickets t JOIN incidents i ON i.id = t.incident
        WHERE t.digest = ? ORDER BY i.began_at, i.id`,
      [id],
    )
    return rows.map(({ name, service, severity, status, id }) => ({
      name: String(name),
      service: String(service),
      severity: String(severity),
      isResolved: status === 'resolved',
      id: String(id),
    }))
  }

  #save({ id }: Row, change: string, args: (string | number)[]): Promise<unknown> {
    return this.database.write([{ sql: `UPDATE digests SET ${change} WHERE id = ?`, args: [...args, id ?? null] }])
  }
}
