/**
 * Brings the issues of a channel to what its incidents are: made once for each, closed, opened again. It compares, and does what is
 * missing; so it ends at the same place wherever it was stopped, and however often the same comes.
 */
import { type Lease, waitAfterRefusal } from './channel'
import { type Database, numberIn, type Row, type Statement } from './database'
import { Digests } from './digests'
import { type Issue, Issues, type IssueText } from './github'
import { type Incident, incidentIn, urgencyOf } from './incident-store'
import { Failure } from './request'
import type { TicketChannel, TicketReports } from './ticket-channel'
import { acknowledgedComment, againComment, issueOf, markerOf, resolvedComment, shownOf } from './ticket-text'

/** With where the page of an incident is read. */
type LinkedChannel = TicketChannel & { pageUrl(incident: string): string }

const HOUR_MS = 3_600_000
/** A comment of an attempt before can't be older than the attempt; clocks differ. */
const SLACK_MS = 600_000

interface Ticket {
  readonly incident: Incident
  readonly wanted: number
  number: number | undefined
  /** A row of `digests`. */
  readonly digest: number | undefined
  /** What the issue says. */
  episode: number
  status: string
  acknowledged: boolean
  shown: string
  /** The comment that may have been made. */
  attempt: string
  readonly failures: number
}

export class Tickets {
  readonly #issues: Issues
  readonly #digests: Digests

  constructor(
    private readonly database: Database,
    private readonly channel: LinkedChannel,
    private readonly reports: TicketReports,
    private readonly now: () => number,
  ) {
    this.#issues = new Issues(channel.repository)
    this.#digests = new Digests(database, channel, this.#issues, reports, now)
  }

  /** @throws Failure where the channel has to wait */
  async round(lease: Lease): Promise<void> {
    const rows = await this.database.read(
      `SELECT i.*, t.wanted, t.number, t.digest, t.shown, t.attempt, t.failures, t.episode AS said_episode, t.status AS said_status,
          t.acknowledged AS said_acknowledged FROM tickets t JOIN incidents i ON i.id = t.incident
        WHERE t.channel = ? AND t.wanted > t.done AND t.next_at <= ?`,
      [this.channel.name, this.now()],
    )
    const tickets = rows
      .map(ticketIn)
      .sort((one, other) => urgencyOf(one.incident.severity) - urgencyOf(other.incident.severity))
    const above: Ticket[] = []
    let made = await this.#madeThisHour()
    for (const ticket of tickets) {
      const isNew = ticket.number === undefined && !ticket.incident.synthetic
      if (ticket.digest !== undefined || (isNew && made >= this.channel.limitPerHour)) {
        above.push(ticket)
        continue
      }
      try {
        await this.#bring(ticket, lease)
        if (isNew) made = await this.#madeThisHour()
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'refused') throw error
        await this.#postpone(ticket, error)
      }
    }
    await this.#digests.take(above)
    await this.#digests.round(lease)
  }

  #textOf(incident: Incident): IssueText {
    return issueOf(incident, this.channel.pageUrl(incident.id))
  }

  async #bring(ticket: Ticket, lease: Lease): Promise<void> {
    if (ticket.number === undefined) await this.#make(ticket, lease)
    await this.#follow(ticket, lease)
    await this.#save(ticket, 'done = ?, failures = 0', [ticket.wanted])
  }

  async #madeThisHour(): Promise<number> {
    const [row] = await this.database.read(
      `SELECT count(*) AS made FROM tickets t JOIN incidents i ON i.id = t.incident
        WHERE t.channel = ? AND t.made_at > ? AND i.synthetic = 0`,
      [this.channel.name, this.now() - HOUR_MS],
    )
    return Number(row?.made)
  }

  /** An answer that was lost may have been a success, so the issue is looked for first. */
  async #make(ticket: Ticket, lease: Lease): Promise<void> {
    const { incident } = ticket
    await lease.renew()
    const found = await this.#issues.find(markerOf(incident))
    let issue: Issue
    if (found) issue = found
    else {
      await lease.renew()
      issue = await this.#issues.create(this.#textOf(incident), this.channel.labels)
      this.reports.done('opened')
    }
    ticket.number = issue.number
    // an issue of a database that was lost says something of before, and whatever it says is brought up to date
    ticket.episode = found ? 0 : incident.episode
    ticket.status = issue.isOpen ? 'firing' : 'resolved'
    ticket.shown = found ? '' : shownOf(incident)
    await this.#save(ticket, 'number = ?, url = ?, made_at = ?', [
      issue.number,
      issue.url, // one that a process made just before it ended counts too
      found ? found.madeAt : this.now(),
    ])
  }

  async #follow(ticket: Ticket, lease: Lease): Promise<void> {
    const { incident } = ticket
    const wanted = incident.synthetic ? 'resolved' : incident.status
    const isNewEpisode = incident.episode > ticket.episode
    const isAgain = isNewEpisode && ticket.status === 'resolved' && wanted === 'firing'
    const isOver = wanted === 'resolved' && (ticket.status === 'firing' || isNewEpisode)
    if (isAgain) await this.#change(ticket, 'reopened', againComment(incident), lease)
    // each save from here on says so: a process that ends between two comments repeats none of them
    if (isNewEpisode) Object.assign(ticket, { episode: incident.episode, status: 'firing', acknowledged: false })
    if (incident.acknowledgedAt !== undefined && !ticket.acknowledged) {
      await this.#say(ticket, 'acknowledged', acknowledgedComment(incident), lease)
      ticket.acknowledged = true
    }
    if (isOver) await this.#change(ticket, 'closed', resolvedComment(incident), lease)
    if (!isAgain && !isOver && shownOf(incident) !== ticket.shown) await this.#rewrite(ticket, lease)
    ticket.status = wanted
  }

  async #change(ticket: Ticket, action: 'closed' | 'reopened', comment: string, lease: Lease): Promise<void> {
    const { body } = this.#textOf(ticket.incident)
    await lease.renew()
    await this.#exists(ticket, number =>
      this.#issues.update(number, { body, state: action === 'closed' ? 'closed' : 'open' }),
    )
    if (ticket.number === undefined) return
    ticket.shown = shownOf(ticket.incident)
    await this.#say(ticket, action, comment, lease)
    this.reports.done(action)
  }

  async #rewrite(ticket: Ticket, lease: Lease): Promise<void> {
    await lease.renew()
    await this.#exists(ticket, number => this.#issues.update(number, { body: this.#textOf(ticket.incident).body }))
    ticket.shown = shownOf(ticket.incident)
  }

  /** Once, wherever this is stopped: what was begun before is looked for. */
  async #say(ticket: Ticket, what: string, text: string, lease: Lease): Promise<void> {
    const { number, incident } = ticket
    if (number === undefined) return
    const event = `${incident.id}/${incident.episode}/${what}`
    const marker = `<!-- afn:event=${event} -->`
    const hasBegun = ticket.attempt === event
    if (!hasBegun) {
      ticket.attempt = event
      await this.#save(ticket, 'attempt = ?', [event])
    }
    await lease.renew()
    const since = new Date((incident.endedAt ?? incident.acknowledgedAt ?? incident.beganAt) - SLACK_MS)
    if (hasBegun && (await this.#issues.hasComment(number, marker, since))) return
    await this.#issues.comment(number, `${text}\n\n${marker}`)
  }

  /** People may delete an issue: then there is none, and a new one is made where the alert still fires. */
  async #exists(ticket: Ticket, request: (number: number) => Promise<void>): Promise<void> {
    try {
      await request(ticket.number!)
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'not_found') throw error
      // a repository that is gone, or a token without rights, fails here too, and blocks the channel
      const found = await this.#issues.find(markerOf(ticket.incident))
      if (found?.number === ticket.number) throw error
      ticket.number = found?.number
      await this.#save(ticket, 'number = ?, made_at = NULL, wanted = wanted + ?', [
        found?.number ?? null,
        ticket.incident.status === 'firing' || found ? 1 : 0,
      ])
    }
  }

  async #postpone(ticket: Ticket, failure: Failure): Promise<void> {
    const nextAt = this.now() + waitAfterRefusal(ticket.failures)
    await this.#save(ticket, 'failures = failures + 1, next_at = ?', [nextAt])
    this.reports.refused(failure)
  }

  /** With what the issue says by now, so that a stop in between repeats nothing. */
  async #save(ticket: Ticket, change: string, args: Statement['args'] = []): Promise<void> {
    const { incident, episode, status, acknowledged, shown } = ticket
    await this.database.write([
      {
        sql: `UPDATE tickets SET episode = ?, status = ?, acknowledged = ?, shown = ?, ${change} WHERE channel = ? AND incident = ?`,
        args: [episode, status, acknowledged ? 1 : 0, shown, ...args, this.channel.name, incident.id],
      },
    ])
  }
}

const ticketIn = (row: Row): Ticket => ({
  incident: incidentIn(row),
  wanted: Number(row.wanted),
  number: numberIn(row.number),
  digest: numberIn(row.digest),
  episode: Number(row.said_episode),
  status: String(row.said_status),
  acknowledged: row.said_acknowledged === 1,
  shown: String(row.shown),
  attempt: String(row.attempt),
  failures: Number(row.failures),
})
