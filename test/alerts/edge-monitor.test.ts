// The monitoring Worker as `afn-otel cloudflare deploy-worker` uploads it, on real workerd, beside a real Alertmanager with the configuration that
// alerts-config.yaml means: what it takes for an outage, and that it alone notices when all other monitoring is gone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startAlertmanager } from '../support/alerting'
import { findAlertmanager, findCloudflareSchema, findDiscordSchema, findWorkerd } from '../support/binaries.mjs'
import { afnOtelCloudflare, appFolder } from '../support/cloudflare-command'
import { startCloudflare } from '../support/cloudflare-server'
import { type DiscordSink, startDiscordSink } from '../support/discord-sink'
import { listen } from '../support/ports'
import { type Binding, startWorkerd, type WorkerOnWorkerd } from '../support/workerd'
import { alertmanagerYaml, configOf } from './files'

const workerd = findWorkerd()
const alertmanager = findAlertmanager()
const missing = [workerd, alertmanager, findDiscordSchema(), findCloudflareSchema()].flatMap(found => ('missing' in found ? [found.missing] : [])) // biome-ignore format: one line

const MINUTE = 60_000

describe.runIf(missing.length === 0)('the Worker that deploy-worker has uploaded', () => {
  let app: string
  let folder: string
  let sink: DiscordSink
  let origin: Server
  let answer: { status: number; headers?: Record<string, string>; body?: string }
  let uploaded: { module: string; bindings: readonly Binding[] }
  let worker: WorkerOnWorkerd
  const metrics: string[] = []
  const start = Date.now()

  beforeAll(async () => {
    app = appFolder()
    sink = await startDiscordSink()
    origin = createServer(async (request, response) => {
      const body = await text(request)
      if (request.url === '/v1/metrics') {
        metrics.push(body)
        response.end('{}')
      } else response.writeHead(answer.status, answer.headers).end(answer.body)
    })
    const port = await listen(origin)
    const server = await startCloudflare()
    const args = ['deploy-worker', '--service', 'shop', '--probe', `ready=http://127.0.0.1:${port}/health/ready`, '--otlp-endpoint', `http://127.0.0.1:${port}`] // biome-ignore format: one line
    const { code, stderr } = await afnOtelCloudflare(app, server, args, {
      DISCORD_WEBHOOK_URL: sink.webhook('ops'),
      HEARTBEAT_SECRET: 'beat-secret',
    })
    server.close()
    expect(code, stderr).toBe(0)
    uploaded = server.scripts[0]!
  })
  afterAll(async () => {
    origin?.close()
    origin?.closeAllConnections()
    await sink?.close()
    if (app) rmSync(app, { recursive: true, force: true })
  })
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'afn-edge-'))
    sink.posts.length = 0
    metrics.length = 0
    answer = { status: 200 }
    worker = await startWorkerd('binary' in workerd ? workerd.binary : '', uploaded, path.join(folder, 'storage'))
  })
  afterEach(async () => {
    await worker?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const fire = async (minute: number, status = 200, more: { headers?: Record<string, string>; body?: string } = {}) => {
    answer = { status, ...more }
    expect(await worker.fire(start + minute * MINUTE), worker.stderr()).toBe('ok')
  }
  const titles = () => sink.posts.map(post => post.text.split('\n')[0])

  it('posts once that two of three probes failed, over a restart of the runtime as well, and once that it is up', async () => {
    for (const [minute, status] of [200, 503, 200, 503].entries()) await fire(minute, status)
    expect(titles()).toEqual(['[CRITICAL] ready is down (shop)'])
    await worker.stop()
    worker = await startWorkerd('binary' in workerd ? workerd.binary : '', uploaded, path.join(folder, 'storage'))
    for (const [minute, status] of [503, 503, 200, 200].entries()) await fire(4 + minute, status)
    expect(titles()).toEqual(['[CRITICAL] ready is down (shop)', '[RESOLVED] ready (shop)'])
  })

  it.each([
    ['the header of a challenge', 403, { headers: { 'cf-mitigated': 'challenge' } }],
    ['the page of a rule of the firewall', 403, { body: '<title>Access denied</title> Error code: 1020' }],
    ['the page of a rate limit', 429, { body: 'error code: 1015' }],
  ])('takes %s for no outage, and says that it does not see', async (_, status, more) => {
    await fire(0)
    for (const minute of [1, 2, 3, 4]) await fire(minute, status, more)
    expect(titles()).toEqual(['[MEDIUM] ready is not seen (shop)'])
    const up = metrics.slice(1).filter(body => body.includes('afn.probe.up'))
    expect(up).toEqual([])
    for (const minute of [5, 6]) await fire(minute)
    expect(titles()).toEqual(['[MEDIUM] ready is not seen (shop)', '[RESOLVED] ready (shop)'])
  })

  it('takes a 403 of the origin itself for an outage', async () => {
    for (const minute of [0, 1]) await fire(minute, 403, { body: 'forbidden' })
    expect(titles()).toEqual(['[CRITICAL] ready is down (shop)'])
  })

  it('posts no more where its trigger fires twice, at once, late or never', async () => {
    // each minute twice at the same moment
    for (const minute of [0, 1, 2]) await Promise.all([fire(minute, 503), fire(minute, 503)])
    expect(titles()).toEqual(['[CRITICAL] ready is down (shop)'])
    // those of an hour ago, which say that all was well
    for (const minute of [-60, -59, -58]) await fire(minute, 200)
    expect(sink.posts).toHaveLength(1)
    // ten minutes that never fired: one success says nothing yet
    await fire(12, 200)
    expect(sink.posts).toHaveLength(1)
    await fire(13, 200)
    expect(titles()).toEqual(['[CRITICAL] ready is down (shop)', '[RESOLVED] ready (shop)'])
  })

  it('hears of a real Alertmanager that all is well, and notices alone when it is gone', async () => {
    const { port } = origin.address() as AddressInfo
    const secrets = {
      edge: `${worker.url}/heartbeat/beat-secret`,
      other: `http://127.0.0.1:${port}/other-watcher`,
      discord: sink.webhook('alerts'),
    }
    for (const [name, url] of Object.entries(secrets)) writeFileSync(path.join(folder, name), url)
    const config = configOf(`
channels:
  discord: {kind: discord, webhook_url_file: discord}
watchdog:
  heartbeats:
    - {name: edge, url_file: edge}
    - {name: other, url_file: other}
`)
    const running = await startAlertmanager(
      'alertmanager' in alertmanager ? alertmanager.alertmanager : '',
      alertmanagerYaml(config, name => path.join(folder, name)),
    )
    try {
      await fire(-2)
      expect(metrics.at(-1)).not.toContain('afn.monitor.heartbeat.age')
      const sent = await fetch(`${running.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels: { alertname: 'Watchdog', severity: 'none' } }]),
      })
      expect(sent.status).toBe(200)
      // it arrives when it does; each run of the Worker sends how old the last one is
      for (let tries = 0; tries < 90 && !metrics.at(-1)?.includes('afn.monitor.heartbeat.age'); tries++) {
        await new Promise(resolve => setTimeout(resolve, 500))
        await fire(-1)
      }
      expect(metrics.at(-1), worker.stderr()).toContain('afn.monitor.heartbeat.age')
      await fire(0)
      expect(titles()).toEqual([])
    } finally {
      await running.stop()
    }
    // an hour later, whatever time the test itself has taken
    for (const minute of [60, 61, 62]) await fire(minute)
    expect(titles()).toEqual(['[CRITICAL] Monitoring is silent (shop)'])
  })
})

for (const sentence of missing) console.log(`skipped: the Worker beside Alertmanager: ${sentence}`)
