/**
 * A test of one channel through the running Alertmanager: an alert that its configuration sends to this channel alone, marked as a test,
 * and what Alertmanager counts of it. Nobody is woken: it does not escalate, and is over when its fate is known.
 */

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backend, BackendError, reasonOf } from '../../shared/queries/http'
import type { Severity } from '../../shared/severities'
import { alertsIn, metricsOf, type PostedAlert, postAlerts, receiverNames, type Sample } from './api'
import { type Channel, isThroughReceiver, labels, type ReceiverConfig } from './config'
import { whyRefused } from './probe'

export interface ChannelTest {
  readonly alertmanager: Backend
  readonly name: string
  readonly channel: Channel
  readonly severity: Severity
  /** To which paths of secrets are relative. */
  readonly folder: string
  /** Where it is reached from here. */
  readonly receiver: (Pick<ReceiverConfig, 'tokenFile'> & { readonly url: string }) | undefined
  readonly timeoutMs: number
}

/**
 * - `delivered`: the service has the message
 * - `accepted`: somebody has it who passes it on, and may still fail to
 * - `refused`: nobody has it
 */
export interface Outcome {
  readonly verdict: 'delivered' | 'accepted' | 'refused'
  /** Who has it, or why nobody has. */
  readonly words: string
  /** Of the test, as the message shows it. */
  readonly id: string
}

export const TEST_ALERT = 'AfnChannelTest'
const LOOK_MS = 250

/** @throws BackendError when Alertmanager is not there, or runs another configuration */
export async function testChannel(options: ChannelTest): Promise<Outcome> {
  const { alertmanager, name, channel } = options
  const receivers = await receiverNames(alertmanager)
  if (!receivers.includes(receiverOf(name)))
    throw new BackendError(
      `Alertmanager at ${alertmanager.url} has no route for tests of ${name}; load the configuration generated from alerts-config.yaml (afn-otel generate, then afn-otel alerts reload)`,
    )
  const id = randomUUID().slice(0, 8)
  const alert = alertOf(options, id)
  const before = countsOf(await metricsOf(alertmanager), channel, name)
  await postAlerts(alertmanager, [alert])
  try {
    return { id, ...(await fateOf(options, before, id)) }
  } finally {
    // it would be tried again, and a ticket would stay open
    await postAlerts(alertmanager, [{ ...alert, endsAt: new Date().toISOString() }]).catch(() => {})
  }
}

const receiverOf = (channel: string): string => `test-${channel}`

function alertOf({ name, severity }: ChannelTest, id: string): PostedAlert {
  const now = Date.now()
  return {
    labels: {
      alertname: TEST_ALERT,
      severity,
      service: 'afn-otel',
      [labels.synthetic]: 'true',
      [labels.test]: id,
      [labels.channel]: name,
    },
    annotations: {
      summary: `This is test ${id} of the channel ${name}; nothing is wrong, and no action is needed`,
      description: 'Sent by afn-otel alerts test.',
    },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 120_000).toISOString(),
  }
}

interface Counts {
  readonly requests: number
  readonly failedRequests: number
  readonly failed: ReadonlyMap<string, number>
}

/** The newest Alertmanager can count by receiver; else what is counted is all of the kind of channel. */
function countsOf(metrics: ReadonlyMap<string, readonly Sample[]>, channel: Channel, name: string): Counts {
  const integration = integrationOf(channel)
  const of = (metric: string) =>
    (metrics.get(`alertmanager_${metric}`) ?? []).filter(
      ({ labels }) =>
        labels.integration === integration &&
        (labels.receiver_name === undefined || labels.receiver_name === receiverOf(name)),
    )
  const sum = (metric: string) => of(metric).reduce((total, { value }) => total + value, 0)
  return {
    requests: sum('notification_requests_total'),
    failedRequests: sum('notification_requests_failed_total'),
    failed: new Map(of('notifications_failed_total').map(({ labels, value }) => [labels.reason ?? '', value])),
  }
}

const integrationOf = (channel: Channel): string => (isThroughReceiver(channel) ? 'webhook' : channel.kind)

type Fate = Omit<Outcome, 'id'>

async function fateOf(options: ChannelTest, before: Counts, id: string): Promise<Fate> {
  const { alertmanager, name, channel, folder } = options
  const deadline = Date.now() + options.timeoutMs
  let cause: Promise<string | undefined> | undefined
  for (;;) {
    await sleep(LOOK_MS)
    const now = countsOf(await metricsOf(alertmanager), channel, name)
    const failures = now.failedRequests - before.failedRequests
    const successes = now.requests - before.requests - failures
    if (successes > 0)
      return isThroughReceiver(channel) ? fateAtReceiver(options, id, deadline) : successOf(channel, failures)
    if (failures > 0) {
      cause ??= isThroughReceiver(channel) ? Promise.resolve(undefined) : whyRefused(channel, folder)
      const why = await cause
      if (why !== undefined) return { verdict: 'refused', words: why }
      const reason = [...now.failed].find(([key, count]) => count > (before.failed.get(key) ?? 0))?.[0]
      if (reason !== undefined) return { verdict: 'refused', words: meaningOf(reason, channel) }
    }
    if (Date.now() > deadline) return { verdict: 'refused', words: await whySilent(options, id, failures) }
  }
}

function successOf(channel: Channel, failures: number): Fate {
  const tries = failures > 0 ? `, after ${failures} ${failures === 1 ? 'rejected attempt' : 'rejected attempts'}` : ''
  switch (channel.kind) {
    case 'email':
      return { verdict: 'accepted', words: `by the mail server ${channel.smarthost}${tries}; check the mailbox` }
    case 'webhook':
      return { verdict: 'accepted', words: `by the webhook${tries}` }
    default:
      return { verdict: 'delivered', words: `to ${channel.kind === 'discord' ? 'Discord' : 'Jira'}${tries}` }
  }
}

/** The receiver passes on when it can, and says what has become of it. */
async function fateAtReceiver({ name, receiver, folder }: ChannelTest, id: string, deadline: number): Promise<Fate> {
  for (;;) {
    const answer = receiver && (await askReceiver(receiver, folder, id, name))
    if (answer === undefined || 'unknown' in answer)
      return { verdict: 'accepted', words: `by the receiver, which can't be queried from here (${answer?.unknown})` }
    if (answer.state !== 'waiting') return { verdict: answer.state, words: answer.words }
    if (Date.now() > deadline)
      return {
        verdict: 'accepted',
        words: `by the receiver, which keeps trying: ${answer.words || 'other notifications come first'}`,
      }
    await sleep(LOOK_MS)
  }
}

type AtReceiver = { state: 'delivered' | 'waiting' | 'refused'; words: string } | { unknown: string }

async function askReceiver(
  { url, tokenFile }: NonNullable<ChannelTest['receiver']>,
  folder: string,
  id: string,
  channel: string,
): Promise<AtReceiver> {
  try {
    const token = tokenFile && readFileSync(path.resolve(folder, tokenFile), 'utf8').trim()
    const response = await fetch(`${url}/tests/${id}?${new URLSearchParams({ channel })}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(10_000),
    })
    return response.ok ? ((await response.json()) as AtReceiver) : { unknown: `it answers ${response.status}` }
  } catch (error) {
    return { unknown: reasonOf(error) }
  }
}

/** As Alertmanager calls the reasons of `alertmanager_notifications_failed_total`; older ones have none. */
const reasons: Readonly<Record<string, string>> = {
  rateLimited: 'is rate limiting (429); wait, then test again',
  authError: 'rejects the credentials (401 or 403)',
  clientError: 'rejects the message (4xx)',
  serverError: 'has a server error (5xx); wait, then test again',
  contextDeadlineExceeded: 'does not respond in time',
}

function meaningOf(reason: string, channel: Channel): string {
  const who = isThroughReceiver(channel)
    ? 'the receiver'
    : { discord: 'Discord', email: 'the mail server', jira: 'Jira', webhook: 'the webhook', tickets: '' }[channel.kind]
  return `${who} ${reasons[reason] ?? 'fails'}${reason in reasons ? '' : "; see Alertmanager's log"}`
}

async function whySilent(
  { alertmanager, timeoutMs, channel }: ChannelTest,
  id: string,
  failures: number,
): Promise<string> {
  if (failures > 0) return `${meaningOf('', channel)}; Alertmanager has tried ${failures} times`
  const alert = (await alertsIn(alertmanager)).find(({ labels: found }) => found[labels.test] === id)
  const [silence] = alert?.status.silencedBy ?? []
  if (silence !== undefined)
    return `the silence ${silence} mutes it; expire it, or exclude ${labels.test} from its matchers`
  return `Alertmanager has not sent it within ${timeoutMs / 1_000} s; is ${alertmanager.url} the Alertmanager that sends notifications?`
}
