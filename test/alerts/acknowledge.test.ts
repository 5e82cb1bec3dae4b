// Who acknowledges an alert is left alone by every channel until it is over. Oracle: the real Alertmanager 0.35, its silences, and what it posts to a
// webhook of its own. Alertmanager's minutes are seconds here; the receiver's clock is set.
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, type TestContext } from 'vitest'
import { startAlertmanager } from '../support/alerting'
import { findAlertmanager } from '../support/binaries.mjs'
import { freePorts, listen } from '../support/ports'
import { alertmanagerYaml, configOf } from './files'
import { lacks, MINUTE, startStand, until } from './stand'

const found = findAlertmanager()
const missing = [lacks, 'missing' in found ? found.missing : undefined].filter(Boolean).join('; ')
if (missing) writeSync(1, `skipped: acknowledgement on a running Alertmanager: ${missing}\n`)

interface Posted {
  readonly status: string
  readonly alerts: readonly { readonly labels: Record<string, string> }[]
}

/** A receiver between Alertmanager, Discord and the webhook of a pager. */
async function startWorld(context: TestContext) {
  if ('missing' in found) throw new Error(found.missing)
  const stand = await startStand(context)
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-acknowledge-'))
  const posted: Posted[] = []
  const webhook = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    posted.push(JSON.parse(Buffer.concat(chunks).toString()) as Posted)
    response.end()
  })
  const [webhookPort, [receiverPort]] = await Promise.all([listen(webhook), freePorts(1)])
  const quick = 'delay: 1s, group_interval: 1s, repeat: 2s'
  const config = configOf(`
  channels:
    ops: {kind: discord, webhook_url_file: discord}
    pager: {kind: webhook, url: "http://127.0.0.1:${webhookPort}/"}
  receiver: {url: "http://localhost:${receiverPort}"}
  severities: {critical: {${quick}}, high: {${quick}}, medium: {${quick}}, low: {${quick}}}
  `)
  writeFileSync(path.join(folder, 'discord'), stand.discord.webhook('ops'))
  const yaml = alertmanagerYaml(config, file => path.join(folder, file))
  const { alertmanager } = found
  let running = await startAlertmanager(alertmanager, yaml)
  const { url } = running
  context.onTestFinished(async () => {
    await running.stop()
    webhook.close()
    webhook.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  })
  const begin = Date.now()
  const receiver = await stand.start({
    port: receiverPort!,
    alertmanagerUrl: url,
    // never later than Alertmanager's clock, which would take an end for one to come
    now: () => begin - 60 * MINUTE + stand.ahead,
  })

  const labels = { alertname: 'Down', service: 'shop', severity: 'critical' }
  const startsAt = new Date().toISOString()
  const send = async (more: object, from = startsAt) => {
    const alerts = [{ startsAt: from, annotations: { summary: 'Shop is down' }, ...more }]
    const body = JSON.stringify(alerts.map(alert => ({ labels, ...alert })))
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body })).status).toBe(200)
  }
  const inMinutes = (minutes: number) => ({ endsAt: new Date(Date.now() + minutes * MINUTE).toISOString() })
  const silences = async () =>
    (await (await fetch(`${url}/api/v2/silences`)).json()) as {
      status: { state: string }
      id: string
      comment: string
      createdBy: string
      matchers: { name: string; value: string }[]
    }[]
  const states = async () => (await silences()).map(({ status }) => status.state)
  const titles = () => stand.discord.posts.map(({ text }) => text.split('\n')[0])
  const seconds = (count: number) => new Promise(resolve => setTimeout(resolve, count * 1_000))

  /** It comes back without its disk. */
  const loseDisk = async () => {
    await running.stop()
    running = await startAlertmanager(alertmanager, yaml, [], url)
  }
  const acknowledge = async (by: string) => {
    await until('Discord has it', () => titles().length > 0)
    const [link] =
      /http:\/\/localhost:9095(\/[^)\s]+signature=[^)\s]+)/.exec(stand.discord.posts[0]!.text)?.slice(1) ?? []
    await fetch(`${receiver.url}${link}`, { method: 'POST', body: new URLSearchParams({ by }) })
    await until('it is silent', async () => (await states()).includes('active'))
  }
  return { url, stand, posted, labels, send, inMinutes, silences, states, titles, seconds, loseDisk, acknowledge }
}

it.skipIf(missing)(
  'an acknowledged alert is told by no channel, over gaps and restarts, until it is over: then each says so once, and the next time is news again',
  async context => {
    const { stand, posted, labels, send, inMinutes, silences, states, titles, seconds, acknowledge } =
      await startWorld(context)
    await send(inMinutes(60))
    await until('the pager has it, and again', () => posted.length >= 2)
    await acknowledge('Aiko')
    const [silence] = await silences()
    expect(silence?.createdBy).toBe('Aiko')
    expect(Object.fromEntries(silence!.matchers.map(({ name, value }) => [name, value]))).toEqual({
      ...labels,
      escalation: '',
    })
    await until('Discord has who works on it', () => titles().includes('[ACKNOWLEDGED] Down (shop)'))

    // a gap: over for Alertmanager, and back, as where Prometheus restarts; another alert of the group comes meanwhile
    await seconds(2)
    const before = { posts: titles().length, pages: posted.length }
    await send(inMinutes(0))
    stand.ahead = 2 * MINUTE
    await seconds(4)
    await send(inMinutes(60), new Date().toISOString())
    stand.ahead = 4 * MINUTE
    await send({ ...inMinutes(60), labels: { ...labels, instance: 'b' } })
    await seconds(4)
    expect({ posts: titles().length, pages: posted.length }).toEqual(before)

    // over for good
    await send(inMinutes(0))
    await send({ ...inMinutes(0), labels: { ...labels, instance: 'b' } })
    stand.ahead = 6 * MINUTE
    await seconds(3)
    stand.ahead = 12 * MINUTE
    await until('the pager has the end', () => posted.at(-1)?.status === 'resolved')
    await until('Discord has the end', () => titles().includes('[RESOLVED] Down (shop)'))
    expect(await states()).toEqual(['expired'])
    await seconds(3)
    expect(posted.filter(({ status }) => status === 'resolved')).toHaveLength(1)
    expect(titles().filter(title => title === '[RESOLVED] Down (shop)')).toHaveLength(1)

    // the next one is somebody's whom it wakes
    stand.ahead = 30 * MINUTE
    const pages = posted.length
    await send(inMinutes(60), new Date().toISOString())
    await until('the pager has the next one', () => posted.length > pages)
    await until(
      'Discord has the next one',
      () => titles().filter(title => title === '[CRITICAL] Down (shop)').length > 1,
    )
    expect(await states()).toEqual(['expired'])
  },
  120_000,
)

it.skipIf(missing)(
  'an acknowledgement outlives the disk of Alertmanager, and one that somebody has expired there does not come back',
  async context => {
    const { url, stand, send, inMinutes, silences, states, loseDisk, acknowledge, seconds } = await startWorld(context)
    await send(inMinutes(60))
    await acknowledge('Aiko')
    await loseDisk()
    expect(await states()).toEqual([])
    await send(inMinutes(60))
    for (const minutes of [1, 2]) {
      stand.ahead = minutes * MINUTE
      await seconds(3)
    }
    await until('it is silent again', async () => (await states()).includes('active'))
    const [again] = await silences()
    expect(again).toMatchObject({ createdBy: 'Aiko', comment: expect.stringContaining('Acknowledged') })
    await fetch(`${url}/api/v2/silence/${again!.id}`, { method: 'DELETE' })
    for (const minutes of [3, 4, 5]) {
      stand.ahead = minutes * MINUTE
      await seconds(3)
    }
    expect(await states()).toEqual(['expired'])
  },
  120_000,
)
