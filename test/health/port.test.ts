// AFN_HEALTH=on: the port of the preload, as a user starts it. What leaves the process is received by a decoder of others; how the
// process ends is compared with how it ends without us.
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { problemsIn } from '../support/exposition'
import { makeApp } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'
import { hasRedis, startRedis } from '../support/services'
import { documentIn } from './document'

const preload = ['--require', '@afn/otel', 'app.cjs']
/** How full this machine's disk is decides nothing here: the app finds one of which DISK_USED percent are in use. */
const knownDisk = `
  const fs = require('node:fs/promises')
  const { statfs } = fs
  const free = 100 - Number(process.env.DISK_USED)
  fs.statfs = async folder => Object.assign(await statfs(folder), { blocks: 100, bfree: free, bavail: free, files: 0 })`
const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
const stays = `process.on('SIGTERM', () => process.exit(0))\nsetTimeout(() => {}, 60_000)\nconsole.log('ready')`

/** Asks until somebody listens: the port is taken once the app's first lines have run. */
async function ask(port: number, path: string, init?: RequestInit, host = '127.0.0.1'): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(`http://${host}:${port}${path}`, {
        ...init,
        headers: { connection: 'close', ...init?.headers },
      })
    } catch (error) {
      if (attempt > 100) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

async function serve(
  app: string,
  env: Record<string, string>,
  work: (port: number, pid: number) => Promise<void>,
): Promise<Run & { port: number }> {
  const [port] = (await freePorts(1)) as [number]
  const files = { 'app.cjs': app, 'disk.cjs': knownDisk }
  const result = await run(makeApp({ files }), ['--require', './disk.cjs', ...preload], {
    env: { ...quiet, AFN_HEALTH: 'on', AFN_HEALTH_PORT: String(port), AFN_HEALTH_TOKEN: 't', DISK_USED: '10', ...env },
    async onReady({ pid, kill }) {
      try {
        await work(port, pid)
      } finally {
        kill('SIGTERM')
      }
    },
  })
  return { ...result, port }
}

const authorized = { headers: { authorization: 'Bearer t' } }

describe('the port of health', () => {
  it('answers the three places and /metrics, as the description of the product has it', async () => {
    const seen: unknown[] = []
    const { code, stderr } = await serve(stays, {}, async port => {
      for (const path of ['/health', '/health/live', '/health/ready', '/metrics', '/', '/health/nowhere']) {
        const response = await ask(port, path)
        const body = await response.text()
        seen.push([path, response.status, response.headers.get('content-type')])
        if (path.startsWith('/health') && response.ok) documentIn(body)
        if (path !== '/metrics') continue
        expect(body).toMatch(/^target_info\{.*service_name="fixture-app"/m)
        expect(problemsIn(body)).toEqual([])
      }
      const { serviceId, version, checks } = documentIn(await (await ask(port, '/health', authorized)).text())
      expect([serviceId, version, Object.keys(checks ?? {})]).toEqual(['fixture-app', '1.2.3', ['disk:utilization']])
    })
    const json = 'application/health+json'
    const text = 'text/plain; charset=utf-8'
    expect(seen).toEqual([
      ['/health', 200, json],
      ['/health/live', 200, json],
      ['/health/ready', 200, json],
      ['/metrics', 200, 'text/plain; version=0.0.4; charset=utf-8'],
      ['/', 404, text],
      ['/health/nowhere', 404, text],
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('`curl -s localhost:8000/health | jq .` prints a document', async () => {
    await serve(stays, {}, async port => {
      await ask(port, '/health')
      const { stdout, status } = spawnSync('sh', ['-c', `curl -s localhost:${port}/health | jq .`], {
        encoding: 'utf8',
      })
      expect([stdout, status]).toEqual(['{\n  "status": "pass"\n}\n', 0])
    })
  })

  it('warns when the disk that the app writes to is nearly full', async () => {
    await serve(stays, { DISK_USED: '90' }, async port => {
      const { status, checks } = documentIn(await (await ask(port, '/health', authorized)).text())
      expect([status, checks?.['disk:utilization']]).toMatchObject(['warn', [{ output: 'space', observedValue: 90 }]])
      expect((await ask(port, '/health/ready')).status).toBe(200)
    })
  })

  it.runIf(hasRedis)(
    'probes make no spans, no metrics of requests and no series of clients; checks are metrics',
    async ({ onTestFinished }) => {
      const receiver = await startReceiver()
      onTestFinished(receiver.close)
      const redis = await startRedis()
      onTestFinished(redis.stop)
      const app = `
      require('@afn/otel/health').defineCheck({ name: 'own', check: () => fetch(process.env.URL).then(r => r.ok) })
      const http = require('node:http')
      const server = http.createServer((request, response) => response.end('own')).listen(0, () => {
        http.get({ port: server.address().port }, response => response.resume().on('end', () => console.log('ready')))
      })
      process.on('SIGTERM', () => { server.close(); server.closeAllConnections() })`
      const answers = createServer((_, response) => response.end('{}'))
      onTestFinished(() => void answers.close())
      const url = `http://127.0.0.1:${await listen(answers)}`
      const { code, stderr } = await serve(
        app,
        {
          OTEL_TRACES_EXPORTER: 'otlp',
          OTEL_METRICS_EXPORTER: 'otlp',
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          REDIS_URL: `redis://127.0.0.1:${redis.port}`,
          LANGFUSE_PUBLIC_KEY: 'pk',
          LANGFUSE_HOST: url,
          OPENAI_API_KEY: 'sk-x',
          OPENAI_BASE_URL: url,
          URL: url,
        },
        async port => {
          for (let n = 0; n < 20; n++) for (const place of ['', '/live', '/ready']) await ask(port, `/health${place}`)
          const { checks } = documentIn(await (await ask(port, '/health', authorized)).text())
          expect(Object.values(checks ?? {}).flatMap(list => list.map(({ status }) => status))).toEqual(Array(6).fill('pass')) // biome-ignore format: one line
        },
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      // the app's own request, from both of its ends
      expect(receiver.spans().map(({ kind }) => kind)).toHaveLength(2)
      const of = (name: string) =>
        receiver
          .metrics()
          .filter(metric => metric.name === name)
          .at(-1)?.points ?? []
      expect(of('http.server.request.duration').map(({ count }) => count)).toEqual([1])
      expect(of('http.client.request.duration').map(({ count }) => count)).toEqual([1])
      const passed = of('afn.health.check.status').filter(({ value }) => value === 1)
      expect(passed.map(({ attributes }) => [attributes['afn.health.check.name'], attributes['afn.health.check.state']]).sort()).toEqual(['collector', 'disk', 'langfuse', 'llm', 'own', 'redis'].map(name => [name, 'pass'])) // biome-ignore format: one line
      const durations = of('afn.health.check.duration')
      expect(
        durations.find(({ attributes }) => attributes['afn.health.check.name'] === 'redis')?.count,
      ).toBeGreaterThan(0)
    },
  )

  it("judges a provider of models by the app's own calls", async () => {
    const provider = createServer((_, response) => response.writeHead(503).end('{}'))
    const url = `http://127.0.0.1:${await listen(provider)}`
    const app = `${stays}
      const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] })
      const headers = { 'content-type': 'application/json' }
      for (let n = 0; n < 6; n++) fetch('${url}/v1/chat/completions', { method: 'POST', headers, body }).then(response => response.text())`
    await serve(app, { AFN_HEALTH_CACHE: '100', OTEL_TRACES_EXPORTER: 'otlp' }, async port => {
      let llm: unknown
      for (let n = 0; n < 100 && !llm; n++) {
        await new Promise(resolve => setTimeout(resolve, 100))
        const { checks } = documentIn(await (await ask(port, '/health', authorized)).text())
        llm = checks?.['llm:errorRate']?.find(({ status }) => status === 'fail')
      }
      expect(llm).toMatchObject({ componentId: 'openai', output: 'unavailable', observedValue: 100 })
      expect((await ask(port, '/health/ready')).status).toBe(200)
    })
    provider.close()
  })

  it('does not keep a process alive, and ends nothing', async () => {
    const result = await run(makeApp({ files: { 'app.cjs': `setTimeout(() => console.log('done'), 300)` } }), preload, {
      env: { ...quiet, AFN_HEALTH: 'on', AFN_HEALTH_PORT: String((await freePorts(1))[0]) },
    })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'done\n', stderr: '' })
  })

  it('shows /metrics to this machine alone, or to who has the token; a status to everybody', async () => {
    const outside = Object.values(networkInterfaces()).flat().find(one => one && !one.internal && one.family === 'IPv4')?.address // biome-ignore format: one line
    await serve(stays, {}, async port => {
      const status = async (path: string, init?: RequestInit, host?: string) =>
        (await ask(port, path, init, host)).status
      expect(await status('/metrics')).toBe(200)
      expect(await status('/metrics', { headers: { 'x-forwarded-for': '8.8.8.8' } })).toBe(403)
      expect(await status('/metrics', { headers: { forwarded: 'for=8.8.8.8', ...authorized.headers } })).toBe(200)
      if (!outside) return
      expect(await status('/health', {}, outside)).toBe(200)
      expect(await status('/metrics', {}, outside)).toBe(403)
      expect(await status('/metrics', authorized, outside)).toBe(200)
    })
  })

  it('is nothing at all when it is off', async () => {
    const { port } = await serve(stays, { AFN_HEALTH: 'off' }, async port => {
      await new Promise(resolve => setTimeout(resolve, 500))
      await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
    })
    expect(port).toBeGreaterThan(0)
  })

  it('says which checks there are when a name is wrong', async () => {
    const { stderr, code } = await serve(stays, { AFN_HEALTH_CHECKS: 'redsi,disk' }, async () => {})
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN110 AFN_HEALTH_CHECKS.*"redsi".*turso, redis, postgres, langfuse, llm, collector, disk.*\n$/) // biome-ignore format: one line
  })

  it('says that a URL cannot be read, without the URL', async () => {
    const { stderr } = await serve(stays, { REDIS_URL: 'redis://user:%E0%A4%A@host' }, async port => {
      expect((await ask(port, '/health')).status).toBe(200)
    })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN176 REDIS_URL is not a URL that can be checked; .*\n$/)
  })
})

describe('on a port that both want, the app comes first:', () => {
  it('an app that wants the port has it, whether it comes before or after', async () => {
    for (const delay of [0, 700]) {
      const app = `
        setTimeout(() => require('node:http').createServer((_, response) => response.end('of the app')).listen(Number(process.env.AFN_HEALTH_PORT), () => console.log('ready')), ${delay})
        process.on('SIGTERM', () => process.exit(0))`
      const { code, stderr } = await serve(app, {}, async port => {
        await new Promise(resolve => setTimeout(resolve, 300))
        expect(await (await ask(port, '/health')).text()).toBe('of the app')
      })
      expect(code).toBe(0)
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN175 the health endpoints cannot use port \d+ \(.*\); set AFN_HEALTH_PORT, or mount healthHandler\(\) .*\n$/) // biome-ignore format: one line
    }
  })

  it('workers of a cluster that want the port have it, and those that want another one are served by the primary', async () => {
    for (const own of ['process.env.AFN_HEALTH_PORT', '0']) {
      const app = `
        const cluster = require('node:cluster')
        if (cluster.isPrimary) {
          setTimeout(() => { for (let n = 0; n < 2; n++) cluster.fork() }, 300)
          let up = 0
          cluster.on('listening', () => ++up === 2 && console.log('ready'))
          process.on('SIGTERM', () => { for (const worker of Object.values(cluster.workers)) worker.kill('SIGKILL'); process.exit(0) })
        } else {
          require('node:http').createServer((_, response) => response.end('of a worker')).listen(Number(${own}))
        }`
      const { code } = await serve(app, {}, async port => {
        const text = await (await ask(port, '/health')).text()
        expect(text).toBe(own === '0' ? '{"status":"pass"}' : 'of a worker')
      })
      expect(code).toBe(0)
    }
  })

  it('a port that another process has is reported, and the app runs', async () => {
    const other = createServer()
    const port = await listen(other)
    const result = await run(makeApp({ files: { 'app.cjs': `setTimeout(() => console.log('done'), 500)` } }), preload, {
      env: { ...quiet, AFN_HEALTH: 'on', AFN_HEALTH_HOST: '127.0.0.1', AFN_HEALTH_PORT: String(port) },
    })
    expect(result).toMatchObject({ code: 0, stdout: 'done\n' })
    expect(result.stderr).toMatch(/^\[@afn\/otel\] AFN175 .*EADDRINUSE.*\n$/)
    other.close()
  })
})

describe('the end of an app with health endpoints', () => {
  const slow = `
    const server = require('node:http').createServer((request, response) => setTimeout(() => response.end('finished'), 1_500))
    server.listen(0, () => console.log('ready ' + server.address().port))`
  const handles = `${slow}
    process.on('SIGTERM', () => { console.log('mine'); server.close(() => { process.exitCode = 3 }); server.closeIdleConnections() })`

  async function end(app: string, env: Record<string, string>, isBare = false) {
    const receiver = await startReceiver()
    const [port] = (await freePorts(1)) as [number]
    const seen: Record<string, number> = {}
    let request: Promise<string> | undefined
    const result = await run(makeApp({ files: { 'app.cjs': app } }), isBare ? ['app.cjs'] : preload, {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...(!isBare && { AFN_HEALTH: 'on', AFN_HEALTH_PORT: String(port) }) }, // biome-ignore format: one line
      async onReady({ kill, stdout }) {
        const url = `http://127.0.0.1:${/ready (\d+)/.exec(stdout())?.[1]}`
        if (!isBare) seen.before = (await ask(port, '/health/ready')).status
        request = fetch(url, { headers: { connection: 'close' } }).then(
          response => response.text(),
          () => 'cut',
        )
        await new Promise(resolve => setTimeout(resolve, 300))
        kill('SIGTERM')
        await new Promise(resolve => setTimeout(resolve, 100))
        if (!isBare) {
          seen.ready = (await ask(port, '/health/ready')).status
          seen.live = (await ask(port, '/health/live')).status
        }
      },
    })
    const spans = receiver.spans().length
    await receiver.close()
    const { code, signal, stdout } = result
    return { ...seen, request: await request, spans, end: [code, signal, stdout.replace(/\d+/, '')] }
  }

  it('an app that listens for SIGTERM ends as without us, and is not ready meanwhile', async () => {
    const [bare, ours] = [await end(handles, {}, true), await end(handles, {})]
    expect(ours.end).toEqual(bare.end)
    expect(ours).toMatchObject({ before: 200, ready: 503, live: 200, request: 'finished', spans: 1 })
  })

  it('an app without a listener for SIGTERM goes on for AFN_HEALTH_DRAIN, so that requests finish, and ends by the same signal', async () => {
    const [bare, ours] = [await end(slow, {}, true), await end(slow, { AFN_HEALTH_DRAIN: '3000' })]
    expect(ours.end).toEqual(bare.end)
    expect(bare.request).toBe('cut')
    expect(ours).toMatchObject({ before: 200, ready: 503, live: 200, request: 'finished', spans: 1 })
  })

  it('an app that serves no requests does not wait', async () => {
    const { code, signal } = await run(
      makeApp({ files: { 'app.cjs': `setTimeout(() => {}, 60_000); console.log('ready')` } }),
      preload,
      {
        env: {
          ...quiet,
          AFN_HEALTH: 'on',
          AFN_HEALTH_PORT: String((await freePorts(1))[0]),
          AFN_HEALTH_DRAIN: '50000',
        },
        limitMs: 20_000,
        async onReady({ kill }) {
          await new Promise(resolve => setTimeout(resolve, 300))
          kill('SIGTERM')
        },
      },
    )
    expect([code, signal]).toEqual([null, 'SIGTERM'])
  })
})
