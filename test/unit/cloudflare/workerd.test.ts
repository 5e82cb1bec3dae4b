// The monitoring Worker on workerd, the runtime of Cloudflare's Workers, bundled without anything of Node's.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDiscordSchema, findWorkerd } from '../../support/binaries.mjs'
import { type DiscordSink, startDiscordSink } from '../../support/discord-sink'
import { freePorts, listen } from '../../support/ports'

const workerd = findWorkerd()
const discord = findDiscordSchema()

/** Fires the cron trigger of the Worker for a moment, as Cloudflare does. */
const driver = `export default {
  async fetch(request, env) {
    const at = Number(new URL(request.url).searchParams.get('at'))
    const { outcome } = await env.MAIN.scheduled({ scheduledTime: new Date(at), cron: '* * * * *' })
    return new Response(outcome)
  },
}`

describe.runIf('binary' in workerd && 'file' in discord)('the Worker on workerd', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-worker-'))
  let sink: DiscordSink
  let origin: Server
  let status = 200
  const metrics: string[] = []
  let ports: [number, number]
  let stop = async () => {}
  let stderr = ''

  beforeAll(async () => {
    sink = await startDiscordSink()
    origin = createServer(async (request, response) => {
      const body = await text(request)
      if (request.url === '/v1/metrics') metrics.push(`${request.headers['x-key']} ${body}`)
      response.writeHead(request.url === '/health/ready' ? status : 200).end('{}')
    })
    const originPort = await listen(origin)
    ports = (await freePorts(2)) as [number, number]
    // no platform: a built-in module of Node would be an error here
    await build({
      entryPoints: ['src/cloudflare/worker/index.ts'],
      outfile: path.join(folder, 'worker.mjs'),
      bundle: true,
      format: 'esm',
      conditions: ['workerd', 'worker', 'import'],
      logLevel: 'error',
    })
    writeFileSync(path.join(folder, 'driver.mjs'), driver)
    const texts = {
      SERVICE: 'shop',
      PROBES: JSON.stringify([{ name: 'ready', url: `http://127.0.0.1:${originPort}/health/ready` }]),
      DISCORD_WEBHOOK_URL: sink.webhook('ops'),
      HEARTBEAT_SECRET: 'beat-secret',
      HEARTBEAT_MAX_AGE: '600',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${originPort}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    }
    const bindings = Object.entries(texts).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`)
    writeFileSync(
      path.join(folder, 'config.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
       const config :Workerd.Config = (
         services = [
           (name = "main", worker = .main), (name = "driver", worker = .driver),
           (name = "internet", network = (allow = ["public", "private", "local"]))],
         sockets = [
           (name = "http", address = "127.0.0.1:${ports[0]}", http = (), service = "main"),
           (name = "cron", address = "127.0.0.1:${ports[1]}", http = (), service = "driver")]);
       const main :Workerd.Worker = (
         modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
         compatibilityDate = "2026-01-01",
         durableObjectNamespaces = [(className = "MonitorObject", uniqueKey = "monitor")],
         durableObjectStorage = (inMemory = void),
         bindings = [${bindings.join(', ')}, (name = "MONITOR", durableObjectNamespace = "MonitorObject")]);
       const driver :Workerd.Worker = (
         modules = [(name = "driver.mjs", esModule = embed "driver.mjs")],
         compatibilityDate = "2026-01-01",
         compatibilityFlags = ["service_binding_extra_handlers"],
         bindings = [(name = "MAIN", service = "main")]);`,
    )
    const child = spawn('binary' in workerd ? workerd.binary : '', ['serve', '--experimental', 'config.capnp'], { cwd: folder }) // biome-ignore format: one line
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    const ended = new Promise(resolve => child.once('close', resolve))
    stop = async () => {
      child.kill('SIGKILL')
      await ended
    }
    for (let n = 0; n < 400 && child.exitCode === null; n++) {
      if (await fetch(`http://127.0.0.1:${ports[0]}/`).then(() => true, () => false)) break // biome-ignore format: one line
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  })
  afterAll(async () => {
    await stop()
    origin?.close()
    await sink?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = Date.now()
  const fire = async (minute: number) => {
    const response = await fetch(`http://127.0.0.1:${ports[1]}/?at=${start + minute * 60_000}`)
    expect(await response.text(), stderr).toBe('ok')
  }
  const beat = (secret: string, method = 'POST') =>
    fetch(`http://127.0.0.1:${ports[0]}/heartbeat/${secret}`, { method }).then(({ status }) => status)

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
