/** One issue for all incidents above the hourly limit, with a line for each, so that none is lost. */
import { type Lease, waitAfterRefusal } from './channel'
import { type Database, numberIn, type Row, type Statement } from './database'
import { type Issues, LONGEST_BODY } from './github'
import type { Incident } from './incident-store'
import { hashOf } from './notification'
import { Failure } from './request'
import type { TicketChannel, TicketReports } from './ticket-channel'
import { digestMarker, digestOf, type Line, sizeOf } from './ticket-text'

const HOUR_MS = 3_600_000
/** Pause between updates of the text: a flood arrives over several seconds. */
const PAUSE_MS = 10_000
/** Leaves space for the introduction and the marker. */
const ROOM = LONGEST_BODY - 2_000

/** An incident above the limit, and the digest that already contains it, if any. */
export interface Above {
  readonly incident: Incident
  readonly wanted: number
  readonly digest: number | undefined
}

export class Digests {
  constructor(
    private readonly database: Database,
    private readonly channel: TicketChannel,
    private readonly issues: Issues,
    private readonly reports: TicketReports,
    private readonly now: () => number,
  ) {}

  /** Adds the tickets in one transaction, because a flood has hundreds of them. */
  async take(tickets: readonly Above[]): Promise<void> {
    if (tickets.length === 0) return
    let open = await this.#open()
    const statements: Statement[] = []
    const changed = new Set<number>()
    for (const { incident, wanted, digest } of tickets) {
      const size = sizeOf(incident)
      if (digest === undefined && (open === undefined || open.size + size > ROOM)) open = await this.#begin()
      if (digest === undefined && open !== undefined) open.size += size
      const id = digest ?? open!.id
      changed.add(id)
      statements.push({
        sql: 'UPDATE tickets SET digest = ?, done = ?, failures = 0 WHERE channel = ? AND incident = ?',
        args: [id, wanted, this.channel.name, incident.id],
      })
    }
    for (const id of changed)
      statements.push({ sql: 'UPDATE digests SET wanted = wanted + 1 WHERE id = ?', args: [id] })
    await this.database.write(statements)
  }

  /** The digest that began within the last hour, and its size. */
  async #open(): Promise<{ id: number; size: number } | undefined> {
    const [row] = await this.database.read(
      'SELECT id FROM digests WHERE channel = ? AND began_at > ? ORDER BY id DESC LIMIT 1',
      [this.channel.name, this.now() - HOUR_MS],
    )
    if (!row) return undefined
    const lines = await this.#lines(Number(row.id))
    return { id: Number(row.id), size: lines.reduce((sum, line) => sum + sizeOf(line), 0) }
  }

  async #begin(): Promise<{ id: number; size: number }> {
    await this.database.write([
      { sql: 'INSERT INTO digests (channel, began_at) VALUES (?, ?)', args: [this.channel.name, this.now()] },
    ])
    const [row] = await this.database.read('SELECT max(id) AS id FROM digests WHERE channel = ?', [this.channel.name])
    return { id: Number(row?.id), size: 0 }
  }

  /** @throws Failure if the channel has to wait */
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
        const nextAt = this.now() + waitAfterRefusal(Number(row.failures))
        await this.#save(row, 'failures = failures + 1, next_at = ?', [nextAt])
        this.reports.refused(error)
      }
    }
  }

  async #bring(row: Row, lease: Lease): Promise<void> {
    const lines = await this.#lines(Number(row.id))
    // a process ended before it added an incident
    if (lines.length === 0) {
      await this.#save(row, 'done = ?', [Number(row.wanted)])
      return
    }
    const beganAt = Number(row.began_at)
    const marker = digestMarker(this.channel.name, Number(row.id), beganAt)
    const text = digestOf(lines, this.channel.limitPerHour, beganAt, marker)
    const state = lines.some(({ isResolved }) => !isResolved) ? 'open' : 'closed'
    let number = numberIn(row.number)
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
