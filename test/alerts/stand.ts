// The receiver between stand-ins of what it talks to. Alertmanager is a list of what was posted to it; `end-to-end` has the real one.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'vitest'
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/operations/alert-receiver/receiver'
import { defaultUrls } from '../../src/shared/config/urls'
import { findDiscordSchema, findGithubSchema } from '../support/binaries.mjs'
import { type DiscordSink, startDiscordSink } from '../support/discord-sink'
import { type GithubSink, startGithubSink } from '../support/github-sink'
import { listen } from '../support/ports'

const missing = [findDiscordSchema(), findGithubSchema()].flatMap(found => ('missing' in found ? found.missing : []))
/** Why the suites of the receiver cannot run; undefined where they can. */
export const lacks = missing.length > 0 ? missing.join('; ') : undefined

/** What came to Alertmanager's API. */
export interface PostedAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  endsAt: string
}

export interface PostedSilence {
  id: string
  matchers: { name: string; value: string }[]
  endsAt: string
  createdBy: string
  comment: string
  status: { state: string }
}

export interface Stand {
  readonly folder: string
  readonly discord: DiscordSink
  readonly github: GithubSink
  readonly alertmanager: {
    readonly url: string
    readonly posts: PostedAlert[][]
    status: number
    /** What fires, as it says. */
    known: Group[]
    readonly silences: PostedSilence[]
    /** Whether a request is carried out. */
    takes: () => boolean
  }
  /** ms that have passed by the receivers' clock: it stands still, so that a busy machine changes nothing. */
  ahead: number
  /** One more receiver on the same database. */
  start(change?: Partial<ReceiverOptions>): Promise<Receiver>
  close(): Promise<void>
}

export const MINUTE = 60_000

/** Gone when the test ends, which fails where a stand-in got something that is not allowed. */
export async function startStand({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<Stand> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-receiver-'))
  const [discord, github] = await Promise.all([startDiscordSink(), startGithubSink()])
  const posts: PostedAlert[][] = []
  const begin = Date.now()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.url === '/api/v2/silences') {
      if (request.method === 'GET') response.end(JSON.stringify(stand.alertmanager.silences))
      else {
        const silence = JSON.parse(Buffer.concat(chunks).toString()) as PostedSilence
        const id = `silence-${stand.alertmanager.silences.length}`
        stand.alertmanager.silences.push({ ...silence, id, status: { state: 'active' } })
        response.end(JSON.stringify({ silenceID: id }))
      }
      return
    }
    if (request.method === 'DELETE') {
      const silence = stand.alertmanager.silences.find(({ id }) => request.url === `/api/v2/silence/${id}`)
      if (silence) silence.status.state = 'expired'
      response.end()
      return
    }
    if (request.method === 'GET') {
      const known = stand.alertmanager.known.map(({ name, service = 'shop' }) => ({
        fingerprint: fingerprintOf(name, service),
        labels: { alertname: name, service },
        status: { silencedBy: [] },
      }))
      response.end(JSON.stringify(known))
      return
    }
    if (stand.alertmanager.takes() && stand.alertmanager.status === 200)
      posts.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(stand.alertmanager.status).end()
  })
  const port = await listen(server)
  const receivers: Receiver[] = []
  const stand: Stand = {
    folder,
    discord,
    github,
    alertmanager: { url: `http://127.0.0.1:${port}`, posts, status: 200, known: [], silences: [], takes: () => true },
    ahead: 0,
    async start(change = {}) {
      const receiver = await startReceiver({
        host: '127.0.0.1',
        port: 0,
        names: [],
        database: { url: path.join(folder, 'alerts.db') },
        urls: defaultUrls,
        prometheusUrl: undefined,
        key: Buffer.from('key of the links'),
        alertmanagerUrl: stand.alertmanager.url,
        discord: [{ name: 'ops', webhookUrl: () => discord.webhook('ops') }],
        tickets: [ticketChannel(github)],
        routing: ['severity'],
        language: 'en',
        severities: {
          critical: { repeatMs: 5 * MINUTE, steps: [5 * MINUTE, 10 * MINUTE] },
          high: { repeatMs: 15 * MINUTE, steps: [15 * MINUTE] },
          low: { repeatMs: 24 * 60 * MINUTE, steps: [] },
        },
        runbooks: path.join(folder, 'runbooks'),
        config: 'of the test',
        now: () => begin + stand.ahead,
        ...change,
      })
      let closed: Promise<void> | undefined
      const once = {
        url: receiver.url,
        close: () => {
          closed ??= receiver.close()
          return closed
        },
      }
      receivers.push(once)
      return once
    },
    close: async () => {
      await Promise.all(receivers.map(receiver => receiver.close()))
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      rmSync(folder, { recursive: true, force: true })
      await discord.close()
      await github.close()
    },
  }
  onTestFinished(stand.close)
  return stand
}

export const ticketChannel = (github: GithubSink, limitPerHour = 10) => ({
  name: 'tickets',
  repository: { name: 'o/r', apiUrl: github.url, token: () => 'github-token' },
  labels: ['alert'],
  limitPerHour,
})

export interface Group {
  name: string
  service?: string
  severity?: string
  status?: 'firing' | 'resolved'
  /** Which firing it is: an alert that fires again begins later. */
  round?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** As Alertmanager 0.35 posts it: recorded from the real one. */
export function webhookOf({
  name,
  service = 'shop',
  severity = 'critical',
  status = 'firing',
  round = 1,
  labels: more = {},
  annotations = { summary: `${name} is wrong` },
}: Group): object {
  const labels = { alertname: name, service, severity, ...more }
  return {
    version: '4',
    groupKey: `{}/{severity="${severity}"}:{alertname="${name}", service="${service}"}`,
    truncatedAlerts: 0,
    status,
    receiver: severity,
    groupLabels: { alertname: name, service },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://localhost:9093',
    notification_reason: 'first notification',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: `2026-11-27T10:${String(round).padStart(2, '0')}:00Z`,
        endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : `2026-11-27T10:${String(round).padStart(2, '0')}:30Z`,
        generatorURL: 'http://localhost:9090/graph',
        fingerprint: fingerprintOf(name, service),
      },
    ],
  }
}

const fingerprintOf = (name: string, service: string): string =>
  createHash('sha256').update(`${name}/${service}`).digest('hex').slice(0, 16)

export const hook = 'channel=ops&channel=tickets&ladder=critical'

export async function notify(receiver: { url: string }, group: Group, query = hook): Promise<Response> {
  return fetch(`${receiver.url}/alertmanager?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(webhookOf(group)),
  })
}

/** The samples of `/metrics` that are not 0. */
export async function metricsOf(receiver: { url: string }): Promise<Record<string, number>> {
  const text = await (await fetch(`${receiver.url}/metrics`)).text()
  const samples = text.split('\n').flatMap(line => /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line)?.slice(1) ?? [])
  const pairs = Array.from(
    { length: samples.length / 2 },
    (_, at) => [samples[2 * at]!, Number(samples[2 * at + 1])] as const,
  )
  return Object.fromEntries(pairs.filter(([, value]) => value !== 0))
}

/** Resolves when the receiver has nothing left to do for its tickets. */
export const quiet = (receiver: { url: string }): Promise<void> =>
  until('no ticket waits', async () => !('afn_alerts_queue{channel="tickets"}' in (await metricsOf(receiver))))

export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 40_000): Promise<void> {
  for (const deadline = Date.now() + limit; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`not so: ${what}`)
    // each look is some queries to the database
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
