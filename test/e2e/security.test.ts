// Reproductions of the attack review that need a process of their own, by the number of the finding. What the kernel says of the
// process (/proc), and of its files, is the measure.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { startUp } from '../support/up'

const highWater = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

describe('afn-otel up', () => {
  const hostile = [
    gzipSync(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(5_500_000)}{}]}]}]}`),
    gzipSync(`{"resourceSpans":[{"resource":{"attributes":[${'{"key":"k"},'.repeat(1_390_000)}{}]}}]}`),
  ]
  const agent = new Agent({ maxSockets: 100 })
  const send = (otlp: string, body: Buffer) =>
    new Promise<number>(resolve => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
      request(`${otlp}/v1/traces`, { method: 'POST', headers, agent }, response => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', () => resolve(0))
        .end(body)
    })

  it('F12: a request of 16 KB takes it less than 300 MB, and is refused', async () => {
    const up = await startUp()
    const before = highWater(up.pid)
    for (const body of hostile) expect(await send(up.otlp, body)).toBe(413)
    expect(highWater(up.pid) - before).toBeLessThan(300)
    expect(await up.stop()).toBe(0)
  })

  it('F12: of 60 such requests at once none stops it, and a signal still ends it', async () => {
    const up = await startUp()
    const before = highWater(up.pid)
    const answers = Promise.all(Array.from({ length: 60 }, (_, at) => send(up.otlp, hostile[at % 2]!)))
    expect((await fetch(`${up.url}/ready`)).status).toBe(200)
    // 503 is for those that wait too long, which may be none
    expect([...new Set(await answers)].filter(status => status !== 503)).toEqual([413])
    expect(highWater(up.pid) - before).toBeLessThan(600)
    const open = Array.from({ length: 60 }, (_, at) => send(up.otlp, hostile[at % 2]!))
    expect(await up.stop()).toBe(0)
    await Promise.all(open)
  })

  it('F12: with --redact a request of numbers is taken, with a warning, and nothing of it is stored unread', async () => {
    const up = await startUp(['--memory', '--redact'])
    const before = highWater(up.pid)
    const numbers = '(0)11 '.repeat(200)
    const logRecords = Array.from({ length: 10_000 }, (_, at) => ({
      timeUnixNano: `${Date.now()}000000`,
      body: { stringValue: `record ${at} of bob@example.com ${numbers}` },
    }))
    const answer = await up.post('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    expect(answer.status).toBe(200)
    const { partialSuccess } = (await answer.json()) as { partialSuccess: Record<string, string> }
    expect(partialSuccess.rejectedLogRecords).toBe('0')
    const unread = Number(/^(\d+) texts were replaced unread/.exec(partialSuccess.errorMessage!)?.[1])
    expect(unread).toBeGreaterThan(1_000)
    expect(unread).toBeLessThan(10_000)
    expect(highWater(up.pid) - before).toBeLessThan(300)
    const stats = (await (await fetch(`${up.url}/api/afn/stats`)).json()) as { logs: number }
    expect(stats.logs).toBe(10_000)
    // the last ones, for which there was no time
    const texts = await (await fetch(`${up.url}/api/afn/logs?limit=100`)).text()
    expect(texts).toContain('[TRUNCATED]')
    expect(texts).not.toContain('bob@')
    expect(await up.stop()).toBe(0)
  })

  it('F24: what it writes is readable for its user alone, in an open folder too', async () => {
    const folder = makeApp({ files: { 'data/readme': '' }, modules: { '@duckdb/node-api': '@duckdb/node-api' } })
    const up = await startUp(['--data', path.join(folder, 'data')], { folder })
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'a prompt' } }] }] }] }
    expect((await up.post('logs', body)).status).toBe(200)
    const files = readdirSync(path.join(folder, 'data')).filter(name => name.startsWith('afn.duckdb'))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(statSync(path.join(folder, 'data', file)).mode & 0o077, file).toBe(0)
    expect(await up.stop()).toBe(0)
  })
})

describe('redaction that is turned off', () => {
  it.each([
    ['F15: all of it', { AFN_REDACTION: 'false' }],
    ['F15: under some keys', { AFN_REDACTION_ALLOW_KEYS: 'db.password' }],
  ])('%s says so in one line at the start', async (_, env) => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': '' } })
    const { stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
    })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN143 [^\n]*\n$/)
    expect(stderr).toContain(Object.keys(env)[0])
    await receiver.close()
  })
})

describe('what an app says of its calls', () => {
  const app = `
    const http = require('http')
    const prompt = 'my therapist says I am depressed since the fourth of May'
    const key = '0123456789abcdef0123456789abcdef'
    const server = http.createServer((request, response) => {
      request.resume()
      response.writeHead(request.url.startsWith('/bot') ? 200 : 400, { 'content-type': 'application/json' })
      const message = request.headers.authorization ? "Invalid value: '" + prompt + "'." : 'Incorrect API key provided: ' + key + '. You can find your key at https://platform.example.'
      response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code: 'invalid_value' } }))
    }).listen(0, '127.0.0.1', async () => {
      const url = 'http://127.0.0.1:' + server.address().port
      for (const headers of [{ authorization: 'Bearer x' }, {}])
        await (await fetch(url + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: prompt }] }) })).text()
      await (await fetch(url + '/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8/getMe')).text()
      server.close()
      server.closeAllConnections()
    })`

  it('F5, F6, F8: has no prompt and no key of a provider’s answer, and no token of a bot', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': app } })
    await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
    const received = receiver.requests.map(({ body }) => body.toString('latin1')).join()
    await receiver.close()
    // the calls are there, with what failed
    expect(received).toContain('chat gpt-4o')
    expect(received).toContain('Invalid value')
    expect(received).toContain('getMe')
    expect(received).not.toMatch(/therapist|depressed|0123456789abcdef|AAHdqTcvCH1v/)
  })
})

it('F21: no command prints the credentials of an address or of a variable', async () => {
  const folder = makeApp({ files: {} })
  const cli = 'node_modules/@afn/otel/dist/cli.cjs'
  const [port] = await freePorts(1)
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://bob:Zzpw1@127.0.0.1:${port}`,
    AFN_LOCAL_URL: `http://bob:Zzpw1@127.0.0.1:${port}`,
    OTEL_RESOURCE_ATTRIBUTES: 'db.password=Zzpw2,note=sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789',
  }
  for (const args of [['config', '--explain'], ['doctor'], ['stats'], ['traces']]) {
    const { stdout, stderr } = await run(folder, [cli, ...args], { env })
    expect(stdout + stderr, args.join(' ')).toContain(`127.0.0.1:${port}`)
    expect(stdout + stderr, args.join(' ')).not.toMatch(/Zzpw|AbCdEfGhIj/)
  }
})

describe('an app with otlpHandler, over HTTP', () => {
  const app = `
    const http = require('http')
    const { Readable } = require('stream')
    const { otlpHandler } = require('@afn/otel/next')
    const collector = http.createServer((request, response) => request.resume().on('end', () => response.end('{}'))).listen(0, '127.0.0.1', () => {
      const handle = otlpHandler({ endpoint: 'http://127.0.0.1:' + collector.address().port })
      const server = http.createServer(async (request, response) => {
        const answer = await handle(new Request('http://' + request.headers.host + request.url, { method: request.method, headers: request.headers, body: Readable.toWeb(request), duplex: 'half' }))
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
      }).listen(0, '127.0.0.1', () => console.log('ready', server.address().port))
    })
    process.on('SIGTERM', () => process.exit(0))`

  it('F13: a client evades its limit by no header, and shuts nobody out', async () => {
    const folder = makeApp({ files: { 'app.cjs': app } })
    const agent = new Agent({ keepAlive: true, maxSockets: 20 })
    const counted = (statuses: number[]) =>
      Object.fromEntries([...new Set(statuses)].map(status => [status, statuses.filter(one => one === status).length]))
    await run(folder, ['app.cjs'], {
      async onReady(child) {
        const [, port] = /ready (\d+)/.exec(child.stdout())!
        // the proxy in front appends the address that it sees
        const ask = (forwarded: string, body = '{"resourceLogs":[]}') =>
          new Promise<number>((resolve, reject) => {
            const headers = {
              origin: `http://127.0.0.1:${port}`,
              'content-type': 'application/json',
              'x-forwarded-for': forwarded,
              'x-real-ip': forwarded,
              forwarded: `for=${forwarded}`,
            }
            request(`http://127.0.0.1:${port}/api/otel/v1/logs`, { method: 'POST', headers, agent }, response => {
              response.resume()
              resolve(response.statusCode ?? 0)
            })
              .on('error', reject)
              .end(body)
          })
        const madeUp = Array.from({ length: 300 }, (_, n) => ask(`10.0.${n >> 8}.${n & 255}, 198.51.100.7`))
        expect(counted(await Promise.all(madeUp))).toEqual({ 200: 120, 429: 180 })
        // one that it names as the sender keeps its own count
        expect(await ask('10.0.0.1')).toBe(200)
        // requests that are no OTLP, as many as all together may send
        const flood: number[] = []
        for (let n = 0; n < 60; n++)
          flood.push(
            ...(await Promise.all(
              Array.from({ length: 50 }, (_, at) => ask(`10.${n}.${at}.1, 203.0.${n}.${at}`, '{')),
            )),
          )
        expect(counted(flood)).toEqual({ 400: 3_000 })
        expect(await ask('192.0.2.1')).toBe(200)
        child.kill('SIGTERM')
      },
    })
    agent.destroy()
  })
})
