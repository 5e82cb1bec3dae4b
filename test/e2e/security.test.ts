// Reproductions of the attack review that need a process of their own, by the number of the finding. What the kernel says of the
// process (/proc), and of its files, is the measure.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
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
    expect(new Set(await answers)).toEqual(new Set([413, 503]))
    expect(highWater(up.pid) - before).toBeLessThan(600)
    const open = Array.from({ length: 60 }, (_, at) => send(up.otlp, hostile[at % 2]!))
    expect(await up.stop()).toBe(0)
    await Promise.all(open)
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
