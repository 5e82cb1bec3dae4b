// examples/backend as its README has it made, on a real Redis, a real PostgreSQL and libSQL's own client. The oracles are those servers, and
// the spans that protobufjs decodes.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../support/receiver'
import { hasPostgres, hasRedis, type Service, startPostgres, startRedis } from '../support/services'
import { type Child, startChild } from './child'
import { installed } from './installed'

const missing = [hasRedis ? '' : 'redis-server', hasPostgres ? '' : 'PostgreSQL'].filter(Boolean).join(' and ')
if (missing) console.log(`skipped: examples/backend: ${missing} of Debian is not installed`)

const ADA = 'ada.lovelace@example.com'

describe.skipIf(missing)('examples/backend', () => {
  let folder: string
  let redis: Service | undefined
  let postgres: Service
  let receiver: Receiver
  let server: Child
  let url: string

  beforeAll(async () => {
    const built = installed('backend', () => {})
    folder = mkdtempSync(path.join(tmpdir(), 'afn-backend-'))
    for (const name of readdirSync(built))
      if (name !== 'node_modules') cpSync(path.join(built, name), path.join(folder, name), { recursive: true })
    symlinkSync(path.join(built, 'node_modules'), path.join(folder, 'node_modules'))
    const { scripts } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    execFileSync('npm', ['run', 'prestart'], { cwd: folder, stdio: 'pipe' })
    ;[redis, postgres, receiver] = await Promise.all([startRedis(), startPostgres(), startReceiver()])
    const env = {
      PORT: '0',
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      DATABASE_URL: `postgres://app@127.0.0.1:${postgres.port}/postgres`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      AFN_HEALTH_CACHE: '200',
      AFN_HEALTH_TOKEN: 'token',
    }
    server = await startChild(folder, scripts.start.split(' ').slice(1), env, /http:\S+\d\n/)
    url = /http:\S+/.exec(server.said())?.[0] ?? ''
  })

  afterAll(async () => {
    await server?.stop()
    await Promise.all([redis?.stop(), postgres?.stop(), receiver?.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = (method: string, place: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(url + place, {
      method,
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
  const cli = (...args: string[]) =>
    execFileSync(process.execPath, ['node_modules/@afn/otel/dist/cli.cjs', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  type Line = Record<string, unknown>
  const log = (file: string): Line[] =>
    readFileSync(path.join(folder, 'logs', file), 'utf8').trim().split('\n').map(line => JSON.parse(line)) // biome-ignore format: one line

  /** A line of a request is written when its answer has left, which its client may notice first. */
  async function logWith(file: string, message: string): Promise<Line[]> {
    for (let tries = 0; tries < 100; tries++) {
      const lines = log(file)
      if (lines.some(({ msg }) => msg === message)) return lines
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error(`${message} never came into ${file}: ${JSON.stringify(log(file))}`)
  }

  async function readiness(wanted: number): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if ((await ask('GET', '/health/ready')).status === wanted) return
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    throw new Error(`/health/ready never answered ${wanted}: ${await (await ask('GET', '/health', undefined, { authorization: 'Bearer token' })).text()}`) // biome-ignore format: one line
  }

  it('serves from all three stores, and joins request, log lines and trace', async () => {
    expect(await (await ask('GET', '/products')).json()).toEqual([
      { id: 1, name: 'Ink', price: 900 },
      { id: 2, name: 'Paper', price: 400 },
    ])
    expect((await ask('PUT', `/carts/${ADA}`, { product: 1, quantity: 2 })).status).toBe(204)
    const placed = await ask('POST', '/orders?coupon=secret-coupon', { user: ADA }, { 'x-request-id': 'order-1' })
    expect([placed.status, placed.headers.get('x-request-id')]).toEqual([201, 'order-1'])
    const client = new pg.Client({ host: '127.0.0.1', port: postgres.port, user: 'app', database: 'postgres' })
    await client.connect()
    expect((await client.query('SELECT person, items FROM orders')).rows).toEqual([{ person: ADA, items: { 1: '2' } }])
    await client.end()

    const lines = await logWith('backend.log', 'POST /orders 201')
    expect(lines.flatMap(({ msg, duration_ms }) => (duration_ms === undefined ? [] : [msg]))).toEqual([
      'GET /products 200',
      'PUT /carts/:user 204',
      'POST /orders 201',
    ])
    const [own, request] = lines.filter(line => line.request_id === 'order-1')
    expect(own).toMatchObject({ msg: 'order placed', order: 1, trace_id: request?.trace_id })
    expect(JSON.stringify(lines)).not.toMatch(/lovelace|secret-coupon/)
    const spansOf = (by: Receiver) => by.spans().filter(({ traceId }) => traceId === request?.trace_id)
    await receiver.until(by => spansOf(by).some(({ kind }) => kind === 2))
    const [span] = spansOf(receiver).filter(({ kind }) => kind === 2)
    expect(span).toMatchObject({
      name: 'POST /orders',
      attributes: { 'http.response.header.x-request-id': ['order-1'] },
    })
    const systems = new Set(spansOf(receiver).map(({ attributes }) => attributes['db.system.name'] ?? attributes['db.system'])) // biome-ignore format: one line
    expect([...systems]).toEqual(expect.arrayContaining(['redis', 'postgresql']))
  })

  it('records who deleted whom in an audit log that verifies', async () => {
    expect((await ask('DELETE', `/users/${ADA}`)).status).toBe(204)
    const entry =
      cli('audit', 'export')
        .split('\n')
        .find(line => line.includes('user.delete')) ?? '{}'
    expect(JSON.parse(entry)).toMatchObject({ action: 'user.delete', actor: { id: 'support-7' }, subject: { id: ADA } })
    cli('audit', 'verify')
    const text = readdirSync(path.join(folder, 'audit')).map(file => readFileSync(path.join(folder, 'audit', file), 'latin1')) // biome-ignore format: one line
    expect(text.join('')).not.toContain('lovelace')
  })

  it('is not ready while Redis is away, stays alive, and is ready again when it is back', async () => {
    await readiness(200)
    const health = await ask('GET', '/health', undefined, { authorization: 'Bearer token' })
    const { checks } = (await health.json()) as { checks: Record<string, { status: string }[]> }
    for (const name of ['turso', 'redis', 'postgres'])
      expect([name, checks[`${name}:responseTime`]?.[0]?.status]).toEqual([name, 'pass'])

    const { port } = redis as Service
    await redis?.stop()
    redis = undefined
    await readiness(503)
    expect((await ask('GET', '/health/live')).status).toBe(200)
    expect((await ask('PUT', `/carts/${ADA}`, { product: 1, quantity: 2 })).status).toBe(503)
    const errors = (await logWith('error.log', 'PUT /carts/:user 503')).map(({ msg }) => msg)
    expect(errors).toEqual(['no answer', 'PUT /carts/:user 503'])

    redis = await startRedis(() => [], port)
    await readiness(200)
    expect(JSON.stringify(log('backend.log'))).not.toContain('/health')
    expect(await server.stop()).toBe(0)
    expect(server.said()).not.toContain('[@afn/otel]')
  })
})
