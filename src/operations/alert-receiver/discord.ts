/**
 * Posts to a Discord webhook, at most thirty requests per minute across all replicas. Urgent posts go first, on their own. Others that
 * exceed the limit are combined into digests, so none is lost. Discord's API cannot tell whether it has a post, so if a process ends before
 * it receives the response, the post is repeated with a note.
 */
import type { Language } from '../../monitoring/alerts/config'
import type { Lease } from './channel'
import type { Database, Row } from './database'
import {
  type DigestLine,
  type DiscordMessage,
  digestMessageOf,
  messageOf,
  type PostKind,
  plainMessageOf,
} from './discord-message'
import { isEscalation, isSynthetic, type Notification, nameOf } from './notification'
import { ask, Failure, type HttpResponse } from './request'

export interface DiscordChannel {
  readonly name: string
  /** A secret. @throws Failure if it cannot be read */
  webhookUrl(): string
  readonly language: Language
  /** The page of an incident; with an episode, the link grants the right to act on it. */
  pageUrl(incident: string, episode: number | undefined): string
}

/** Values of the metric's label. */
export const discordKinds = ['alert', 'digest'] as const

export interface DiscordReports {
  posted(kind: (typeof discordKinds)[number]): void
  /** Called for a post whose content Discord rejects. */
  refused(failure: Failure): void
}

const MINUTE_MS = 60_000
/** Discord's limit per webhook. */
const REQUESTS_A_MINUTE = 30
/** The share for posts about a single incident, part of which is reserved for critical ones. The rest is for digests. */
const SINGLE_A_MINUTE = { critical: 20, other: 12 }
/** Minimum time between digests, so that each collects enough posts. */
const DIGEST_PAUSE_MS = 6_000

export class DiscordPosts {
  constructor(
    private readonly database: Database,
    private readonly channel: DiscordChannel,
    private readonly reports: DiscordReports,
    private readonly now: () => number,
  ) {}

  /** @throws Failure if the channel has to wait */
  async round(lease: Lease): Promise<void> {
    for (;;) {
      const waiting = await this.database.read(
        'SELECT * FROM posts WHERE channel = ? AND sent_at IS NULL ORDER BY urgency, id LIMIT 200',
        [this.channel.name],
      )
      if (waiting.length === 0) return
      const sent = await this.database.read('SELECT at, digest FROM sent WHERE channel = ? AND at > ?', [
        this.channel.name,
        this.now() - MINUTE_MS,
      ])
      const singles = sent.filter(({ digest }) => digest === 0).length
      if (sent.length >= REQUESTS_A_MINUTE) return
      if (singles < SINGLE_A_MINUTE[waiting[0]!.urgency === 0 ? 'critical' : 'other'])
        await this.#single(waiting[0]!, lease)
      else {
        const last = Math.max(0, ...sent.filter(({ digest }) => digest === 1).map(({ at }) => Number(at)))
        if (this.now() - last < DIGEST_PAUSE_MS) return
        await this.#digest(waiting, lease)
      }
    }
  }

  async #single(row: Row, lease: Lease): Promise<void> {
    const notification = JSON.parse(String(row.message)) as Notification
    const message = messageOf(notification, await this.#kindOf(row, notification), this.channel.language)
    await this.#post([row], message, false, lease)
    this.reports.posted('alert')
  }

  async #digest(rows: readonly Row[], lease: Lease): Promise<void> {
    const { message, count } = digestMessageOf(rows.map(lineOf), this.channel.language)
    await this.#post(rows.slice(0, count), message, true, lease)
    this.reports.posted('digest')
  }

  /**
   * If Discord rejects the format, the posts are repeated as plain text. If it rejects that too, they are dropped, with a diagnostic for
   * each.
   */
  async #post(rows: readonly Row[], message: DiscordMessage, isDigest: boolean, lease: Lease): Promise<void> {
    try {
      await this.#send(rows, message, isDigest, lease)
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'refused') throw error
      this.reports.refused(error)
      const { message: plain, count } = plainMessageOf(rows.map(lineOf), this.channel.language)
      const some = rows.slice(0, count)
      try {
        await this.#send(some, plain, isDigest, lease)
      } catch (again) {
        if (!(again instanceof Failure) || again.reason !== 'refused') throw again
        await this.database.write(some.map(({ id }) => ({ sql: 'UPDATE posts SET sent_at = ? WHERE id = ?', args: [this.now(), id!] }))) // biome-ignore format: one line
        for (const row of some)
          this.reports.refused(
            new Failure('refused', `${again.message}; not posted: ${nameOf(lineOf(row).notification)}`),
          )
      }
    }
  }

  async #send(rows: readonly Row[], message: DiscordMessage, isDigest: boolean, lease: Lease): Promise<void> {
    const webhookUrl = this.channel.webhookUrl()
    const ids = rows.map(({ id }) => Number(id))
    const marks = ids.map(() => '?').join(', ')
    await lease.renew()
    await this.database.write([
      { sql: `UPDATE posts SET taken_at = ? WHERE id IN (${marks})`, args: [this.now(), ...ids] },
      { sql: 'INSERT INTO sent VALUES (?, ?, ?)', args: [this.channel.name, this.now(), isDigest ? 1 : 0] },
    ])
    let answer: HttpResponse
    try {
      answer = await ask(`Discord (${this.channel.name})`, {
        method: 'POST',
        url: withWait(webhookUrl),
        body: message,
      })
    } catch (error) {
      if (error instanceof Failure && !error.mayHaveArrived)
        await this.database.write([{ sql: `UPDATE posts SET taken_at = NULL WHERE id IN (${marks})`, args: ids }])
      throw error
    }
    await this.database.write([
      { sql: `UPDATE posts SET sent_at = ? WHERE id IN (${marks})`, args: [this.now(), ...ids] },
    ])
    const wait = Number(answer.headers.get('x-ratelimit-reset-after') ?? Number.NaN) * 1_000
    if (answer.headers.get('x-ratelimit-remaining') === '0' && wait > 0)
      await new Promise(resolve => setTimeout(resolve, Math.min(wait, 5_000)))
  }

  async #kindOf(row: Row, notification: Notification): Promise<PostKind> {
    const [incident] = await this.database.read(
      'SELECT status, episode, acknowledged_at, acknowledged_by FROM incidents WHERE id = ?',
      [String(row.incident)],
    )
    const kind = kindIn(row.content)
    const mayAct = incident?.status === 'firing' && notification.status === 'firing' && !isSynthetic(notification)
    return {
      kind,
      acknowledgedBy: String(incident?.acknowledged_by ?? ''),
      // the copy that escalates an alert has the link of the original
      pageUrl:
        (isEscalation(notification) && notification.commonAnnotations.incident_url) ||
        this.channel.pageUrl(String(row.incident), mayAct ? Number(incident.episode) : undefined),
      mayBeTwice: row.taken_at !== null,
    }
  }
}

const lineOf = ({ message, content }: Row): DigestLine => ({
  notification: JSON.parse(String(message)) as Notification,
  kind: kindIn(content),
})

const kindIn = (content: unknown): PostKind['kind'] => (content === 'acknowledged' ? 'acknowledged' : 'notification')

/** With `wait`, Discord only responds once the message exists. */
function withWait(webhookUrl: string): string {
  const url = new URL(webhookUrl)
  url.searchParams.set('wait', 'true')
  return url.href
}
