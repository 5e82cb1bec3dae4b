/** The integrations of Alertmanager's receivers: webhooks, mails, Discord. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fill } from '../../backend/alerts/template/expand'
import { alertmanagerConfig } from '../../monitoring/alerts/alertmanager'
import type { AlertsConfig } from '../../monitoring/alerts/config'
import { sendMail } from '../../monitoring/alerts/smtp'
import type { Message } from './message'

export interface Integration {
  readonly kind: 'webhook' | 'email' | 'discord'
  readonly receiver: string
  /** Unique among all integrations. */
  readonly name: string
  readonly sendResolved: boolean
  /** @throws Error without secrets in its message */
  send(message: Message): Promise<void>
}

interface Webhook {
  readonly send_resolved: boolean
  readonly url?: string
  readonly url_file?: string
  readonly http_config?: { readonly authorization?: { readonly credentials_file: string } }
}
interface Email {
  readonly send_resolved: boolean
  readonly to: string
  readonly from: string
  readonly smarthost: string
  readonly auth_username?: string
  readonly auth_password_file?: string
  readonly require_tls: boolean
  readonly headers: { readonly Subject: string }
  readonly text: string
}
interface Discord {
  readonly send_resolved: boolean
  readonly webhook_url_file: string
  readonly title: string
  readonly message: string
}
interface Receiver {
  readonly name: string
  readonly webhook_configs?: readonly Webhook[]
  readonly email_configs?: readonly Email[]
  readonly discord_configs?: readonly Discord[]
}

const PATIENCE_MS = 10_000
/** Limits of an embed: https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const [MOST_TITLE, MOST_TEXT] = [256, 4_096]

/** Placeholder for the address of our receiver, which starts later. */
const RECEIVER = 'http://receiver.invalid'

/**
 * @param folder base of relative paths of secrets
 * @param ours address of our receiver for tickets and Discord, read when a message is sent
 * @returns integrations by the name of Alertmanager's receiver
 */
export function integrationsOf(config: AlertsConfig, folder: string, ours: () => string): Map<string, Integration[]> {
  const secret = (file: string) => path.resolve(folder, file)
  const { receivers } = alertmanagerConfig(config, { secret, receiver: RECEIVER }) as { receivers: Receiver[] }
  return new Map(
    receivers.map(({ name, webhook_configs = [], email_configs = [], discord_configs = [] }) => [
      name,
      [
        ...webhook_configs.map((one, at) => webhook(name, at, one, ours)),
        ...email_configs.map((one, at) => email(name, at, one)),
        ...discord_configs.map((one, at) => discord(name, at, one)),
      ],
    ]),
  )
}

function webhook(receiver: string, at: number, one: Webhook, ours: () => string): Integration {
  return {
    kind: 'webhook',
    receiver,
    name: `${receiver}/webhook[${at}]`,
    sendResolved: one.send_resolved,
    async send(message) {
      const token = one.http_config?.authorization?.credentials_file
      const url = one.url ?? contentOf(one.url_file!)
      const place = url.startsWith(RECEIVER) ? ours() + url.slice(RECEIVER.length) : url
      await post(place, message, token && contentOf(token))
    },
  }
}

function email(receiver: string, at: number, one: Email): Integration {
  const { to, from, smarthost, auth_username: username, auth_password_file: passwordFile } = one
  const login = username === undefined ? undefined : { username, passwordFile: passwordFile! }
  const channel = { kind: 'email' as const, to: to.split(', '), from, smarthost, login, requireTls: one.require_tls }
  return {
    kind: 'email',
    receiver,
    name: `${receiver}/email[${at}]`,
    sendResolved: one.send_resolved,
    async send(message) {
      const data = dataOf(message)
      await sendMail(channel, { subject: await fill(one.headers.Subject, data), text: await fill(one.text, data) })
    },
  }
}

function discord(receiver: string, at: number, one: Discord): Integration {
  return {
    kind: 'discord',
    receiver,
    name: `${receiver}/discord[${at}]`,
    sendResolved: one.send_resolved,
    async send(message) {
      const data = dataOf(message)
      const [title, description] = [await fill(one.title, data), await fill(one.message, data)]
      const embed = { title: title.slice(0, MOST_TITLE), description: description.slice(0, MOST_TEXT) }
      await post(contentOf(one.webhook_url_file), { embeds: [embed], allowed_mentions: { parse: [] } })
    },
  }
}

/** Reads the file each time, since secrets may be added or changed at run time. */
function contentOf(file: string): string {
  const text = readFileSync(file, 'utf8').trim()
  if (text === '') throw new Error(`${file} is empty; write the secret into it`)
  return text
}

async function post(url: string, body: object, token?: string): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const init = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) }
  const response = await fetch(url, init).catch((error: Error) => {
    // fetch's message may contain the URL
    throw new Error(error.name === 'TimeoutError' ? 'no response in time' : 'no response')
  })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`it answers ${response.status}`)
}

/** The data of Alertmanager's templates. */
function dataOf(message: Message): object {
  const time = (text: string) => ({ UTC: { Format: () => `${text.slice(0, 19).replace('T', ' ')} UTC` } })
  const alerts = message.alerts.map(alert => ({
    Status: alert.status,
    Labels: alert.labels,
    Annotations: alert.annotations,
    StartsAt: time(alert.startsAt),
    EndsAt: time(alert.endsAt),
  }))
  const of = (status: string) => alerts.filter(alert => alert.Status === status)
  return {
    Status: message.status,
    Receiver: message.receiver,
    ExternalURL: message.externalURL,
    CommonLabels: message.commonLabels,
    CommonAnnotations: message.commonAnnotations,
    GroupLabels: {
      ...message.groupLabels,
      SortedPairs: Object.entries(message.groupLabels)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([Name, Value]) => ({ Name, Value })),
    },
    // `len` must not count these properties
    Alerts: Object.defineProperties(alerts, { Firing: { value: of('firing') }, Resolved: { value: of('resolved') } }),
  }
}
