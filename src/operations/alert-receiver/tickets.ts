/**
 * Brings a channel's issues in line with its incidents: creates one for each, closes and reopens it. Each round compares the two and does
 * what is missing, so interruptions and repeated notifications do no harm.
 */
import { type Lease, waitAfterRefusal } from './channel'
import { type Database, numberIn, type Row, type Statement } from './database'
import { Digests } from './digests'
import { type Issue, Issues, type IssueText } from './github'
import { type Incident, incidentIn, urgencyOf } from './incident-store'
import { Failure } from './request'
import type { TicketChannel, TicketReports } from './ticket-channel'
import { acknowledgedComment, againComment, issueOf, markerOf, resolvedComment, shownOf } from './ticket-text'

/** The channel with the pages of its incidents. */
type LinkedChannel = TicketChannel & { pageUrl(incident: string): string }

const HOUR_MS = 3_600_000
/** Tolerates different clocks when looking for an earlier attempt's comment. */
const SLACK_MS = 600_000

interface Ticket {
  readonly incident: Incident
  readonly wanted: number
  number: number | undefined
  /** The id in `digests`. */
  readonly digest: number | undefined
  /** The state that the issue shows. */
  episode: number
  status: string
  acknowledged: boolean
  shown: string
  /** A comment that was begun and may exist. */
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

  /** @throws Failure if the channel has to wait */
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

  /** Looks for the issue first: a request without a response may have succeeded. */
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
    // an issue from before the database was lost is out of date, so it is updated completely
    ticket.episode = found ? 0 : incident.episode
    ticket.status = issue.isOpen ? 'firing' : 'resolved'
    ticket.shown = found ? '' : shownOf(incident)
    await this.#save(ticket, 'number = ?, url = ?, made_at = ?', [
      issue.number,
      issue.url, // an issue that a process created just before it ended counts as well
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
    // each save from here on has the new episode: if the process ends between two comments, none is repeated
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

  /** Comments exactly once: after an interruption, looks for the comment first. */
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

  /** People may delete an issue. If the alert still fires, a new one is created. */
  async #exists(ticket: Ticket, request: (number: number) => Promise<void>): Promise<void> {
    try {
      await request(ticket.number!)
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'not_found') throw error
      // a deleted repository or missing permission fails here as well, and blocks the channel
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

  /** Also saves the state that the issue shows, so that an interruption repeats nothing. */
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
