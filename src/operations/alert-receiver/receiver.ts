/** `afn-otel alerts serve`: a server and a worker per channel, with one shared database. */
import { randomUUID } from 'node:crypto'
import { type Listening, listen } from '../../backend/listen'
import type { Language } from '../../monitoring/alerts/config'
import { hookOf } from '../../monitoring/alerts/receiver-webhook'
import type { Urls } from '../../shared/config/urls'
import { report } from '../../shared/diag/report'
import { Alertmanager } from './alertmanager'
import { type ChannelWork, startWorker, type Worker } from './channel'
import { type DatabaseOptions, openDatabase, reasonOf } from './database'
import { DiscordPosts, discordKinds } from './discord'
import { Escalations } from './escalation'
import { EvidenceRoom } from './evidence'
import { IncidentStore, type Purpose } from './incident-store'
import { Links } from './links'
import { Metrics } from './metrics'
import { type Failure, reasons } from './request'
import { ResolvedIncidents } from './resolved-incidents'
import { createTables, removeOld } from './schema'
import { serverOf } from './server'
import { Silences } from './silences'
import { type TicketChannel, ticketActions } from './ticket-channel'
import { Tickets } from './tickets'

export interface ReceiverOptions {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Required in each request, except for links and runbooks. */
  readonly token?: string | undefined
  /** Further host names of this server, for people and Alertmanager. */
  readonly names: readonly string[]
  readonly database: DatabaseOptions
  /** Where people reach the receiver, and the targets of links on its pages. */
  readonly urls: Urls
  /** Signs links. */
  readonly key: Buffer
  readonly alertmanagerUrl: string
  /** The URL of Prometheus for the pages; undefined if there is none. */
  readonly prometheusUrl: string | undefined
  readonly discord: readonly { readonly name: string; webhookUrl(): string }[]
  readonly tickets: readonly TicketChannel[]
  /** Labels by which routes separate alerts that have the same group labels. */
  readonly routing: readonly string[]
  readonly language: Language
  /**
   * By severity, or by route if it has its own steps: the repeat interval, and the time of each escalation step since the first
   * notification, in ms.
   */
  readonly severities: Readonly<Record<string, { readonly repeatMs: number; readonly steps: readonly number[] }>>
  /** The folder with the runbooks. */
  readonly runbooks: string
  /** A hash of the configuration files. */
  readonly config: string
  readonly now?: () => number
}

/** The name of the escalation worker; channel names have no capital letters. */
const ALERTMANAGER = 'Alertmanager'
const HOUR_MS = 3_600_000

export interface Receiver {
  readonly url: string
  close(): Promise<void>
}

/** @throws Error if the database cannot be used, or the port is taken */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { now = Date.now } = options
  const database = await openDatabase(options.database)
  await createTables(database)
  const state = new IncidentStore(database)
  const metrics = new Metrics()
  const links = new Links(options.urls.receiver, options.key, now)
  const holder = randomUUID()
  const works = worksOf(options, state, links, metrics, now)
  beginAtZero(metrics, options)
  const workers = works.map(work => startWorker(database, work, holder, now))
  const cleaning = setInterval(() => void removeOld(database, now()).catch(() => {}), HOUR_MS)
  const server = serverOf({
    access: { host: options.host, token: options.token },
    names: options.names,
    state,
    links,
    metrics,
    evidence: new EvidenceRoom(options.prometheusUrl, now),
    urls: options.urls,
    runbooks: options.runbooks,
    language: options.language,
    config: options.config,
    purposeOf: query => purposeOf(query, options),
    wake: () => {
      for (const worker of workers) worker.wake()
    },
    now,
  })
  const stop = async () => {
    clearInterval(cleaning)
    await Promise.all(workers.map((worker: Worker) => worker.stop()))
    database.close()
  }
  let listening: Listening
  try {
    listening = await listen(server, options.port, options.host)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: listening.url,
    async close() {
      await listening.close()
      await stop()
    },
  }
}

function worksOf(
  options: ReceiverOptions,
  state: IncidentStore,
  links: Links,
  metrics: Metrics,
  now: () => number,
): ChannelWork[] {
  const { database } = state
  const pageUrl = (incident: string, episode?: number) => links.of(incident, episode)
  const refused = (channel: string) => (failure: Failure) => {
    metrics.count('afn_alerts_failures_total', { channel, reason: failure.reason })
    report('AFN214', `${channel}: ${failure.message}`)
  }
  const work = (name: string, round: ChannelWork['round']): ChannelWork => ({
    name,
    round,
    failed: failure => {
      metrics.count('afn_alerts_failures_total', { channel: name, reason: failure.reason })
      report(failure.isLasting ? 'AFN211' : 'AFN210', `${name}: ${failure.message}`)
    },
    broken: error => report('AFN213', `the database of the receiver is unavailable: ${reasonOf(error)}`),
  })
  const alertmanager = new Alertmanager(options.alertmanagerUrl.replace(/\/+$/, ''))
  const ladder = {
    steps: Object.fromEntries(Object.entries(options.severities).map(([severity, { steps }]) => [severity, steps])),
    alertmanager,
    pageUrl,
  }
  const escalated = (severity: string, step: number) =>
    metrics.count('afn_alerts_escalations_total', { severity, step: String(step) })
  const silences = new Silences(database, alertmanager, options.routing, refused(ALERTMANAGER), now)
  const ended = new ResolvedIncidents(database, state, alertmanager, silences, now)
  const escalations = new Escalations(database, ladder, escalated, now)
  return [
    work(ALERTMANAGER, async lease => {
      await escalations.round(lease)
      await silences.round(lease)
      await ended.round(lease)
    }),
    ...options.discord.map(({ name, webhookUrl }) => {
      const posted = (kind: string) => metrics.count('afn_alerts_discord_posts_total', { channel: name, kind })
      const channel = { name, webhookUrl, language: options.language, pageUrl }
      const posts = new DiscordPosts(database, channel, { posted, refused: refused(name) }, now)
      return work(name, lease => posts.round(lease))
    }),
    ...options.tickets.map(channel => {
      const { name } = channel
      const done = (action: string) => metrics.count('afn_alerts_tickets_total', { channel: name, action })
      const tickets = new Tickets(database, { ...channel, pageUrl }, { done, refused: refused(name) }, now)
      return work(name, lease => tickets.round(lease))
    }),
  ]
}

/** Creates the counters with 0: Prometheus sees no increase in a series that begins with 1. */
function beginAtZero(metrics: Metrics, { discord, tickets }: ReceiverOptions): void {
  for (const channel of [ALERTMANAGER, ...discord.map(({ name }) => name), ...tickets.map(({ name }) => name)])
    for (const reason of reasons) metrics.count('afn_alerts_failures_total', { channel, reason }, 0)
  for (const { name: channel } of tickets)
    for (const action of ticketActions) metrics.count('afn_alerts_tickets_total', { channel, action }, 0)
  for (const { name: channel } of discord)
    for (const kind of discordKinds) metrics.count('afn_alerts_discord_posts_total', { channel, kind }, 0)
}

/** Reads `?channel=NAME&channel=…&ladder=SEVERITY`, as generated into `alertmanager.yml`. */
function purposeOf(query: URLSearchParams, { discord, tickets, severities }: ReceiverOptions): Purpose {
  const hook = hookOf(query)
  const names = [...new Set(hook.channels)]
  const known = [...discord, ...tickets].map(({ name }) => name)
  const repeats = Object.values(severities).map(({ repeatMs }) => repeatMs)
  return {
    tickets: names.filter(name => tickets.some(channel => channel.name === name)),
    discord: names.filter(name => discord.some(channel => channel.name === name)),
    unknown: names.filter(name => !known.includes(name)).map(name => name.slice(0, 100)),
    ladder: hook.ladder,
    // the shortest interval, since routes of all severities use this URL
    quietMs: Math.min(300_000, ...repeats) / 2,
  }
}
