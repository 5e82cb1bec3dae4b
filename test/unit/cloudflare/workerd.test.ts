// The monitoring Worker on workerd, the runtime of Cloudflare's Workers, bundled without anything of Node's.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDiscordSchema, findWorkerd } from '../../support/binaries.mjs'
import { type DiscordSink, startDiscordSink } from '../../support/discord-sink'
import { listen } from '../../support/ports'
import { startWorkerd, type WorkerOnWorkerd } from '../../support/workerd'

const workerd = findWorkerd()
const discord = findDiscordSchema()

describe.runIf('binary' in workerd && 'file' in discord)('the Worker on workerd', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-worker-'))
  let sink: DiscordSink
  let origin: Server
  let status = 200
  const metrics: string[] = []
  let worker: WorkerOnWorkerd | undefined

  beforeAll(async () => {
    sink = await startDiscordSink()
    origin = createServer(async (request, response) => {
      const body = await text(request)
      if (request.url === '/v1/metrics') metrics.push(`${request.headers['x-key']} ${body}`)
      response.writeHead(request.url === '/health/ready' ? status : 200).end('{}')
    })
    const originPort = await listen(origin)
    // no platform: a built-in module of Node would be an error here
    await build({
      entryPoints: ['src/operations/cloudflare/worker/index.ts'],
      outfile: path.join(folder, 'worker.mjs'),
      bundle: true,
      format: 'esm',
      conditions: ['workerd', 'worker', 'import'],
      logLevel: 'error',
    })
    const texts = {
      SERVICE: 'shop',
      PROBES: JSON.stringify([{ name: 'ready', url: `http://127.0.0.1:${originPort}/health/ready` }]),
      DISCORD_WEBHOOK_URL: sink.webhook('ops'),
      HEARTBEAT_SECRET: 'beat-secret',
      HEARTBEAT_MAX_AGE: '600',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${originPort}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    }
    const bindings = [
      { type: 'durable_object_namespace', name: 'MONITOR', class_name: 'MonitorObject' },
      ...Object.entries(texts).map(([name, text]) => ({ type: 'plain_text', name, text })),
    ]
    const module = readFileSync(path.join(folder, 'worker.mjs'), 'utf8')
    worker = await startWorkerd('binary' in workerd ? workerd.binary : '', { module, bindings }, path.join(folder, 'storage')) // biome-ignore format: one line
  })
  afterAll(async () => {
    await worker?.stop()
    origin?.close()
    await sink?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = Date.now()
  const fire = async (minute: number) => {
    expect(await worker!.fire(start + minute * 60_000), worker!.stderr()).toBe('ok')
  }
  const beat = (secret: string, method = 'POST') =>
    fetch(`${worker!.url}/heartbeat/${secret}`, { method }).then(({ status }) => status)

  it('posts once that it is down and once that it is up again, and sends metrics each minute', async () => {
    for (const [minute, answer] of [200, 200, 503, 503, 503, 200, 200, 200].entries()) {
      status = answer
      await fire(minute)
    }
    expect(sink.posts.map(({ text }) => text.split('\n')[0])).toEqual([
      '[CRITICAL] ready is down (shop)',
      '[RESOLVED] ready (shop)',
    ])
    expect(metrics).toHaveLength(8)
    expect(metrics[0]).toContain('a b {"resourceMetrics":[')
  })

  it('takes heartbeats from those alone who know the secret, and notices that they stop', async () => {
    expect([await beat('beat-secret', 'GET'), await beat('nonsense'), await beat('')]).toEqual([404, 404, 404])
    expect(await beat('beat-secret')).toBe(204)
    await fire(9)
    expect(sink.posts).toHaveLength(2)
    await fire(30)
    await fire(31)
    expect(sink.posts.map(({ text }) => text.split('\n')[0]).slice(2)).toEqual([
      '[CRITICAL] Monitoring is silent (shop)',
    ])
  })
})

for (const found of [workerd, discord])
  if ('missing' in found) console.log(`skipped: the monitoring Worker on workerd: ${found.missing}`)
