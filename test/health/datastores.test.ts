// The checks of Redis and PostgreSQL against the real servers, in each way in which they can fail. The oracle is the server.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addCheck } from '../../src/app/health/define'
import { Health } from '../../src/app/health/health'
import { listen } from '../support/ports'
import {
  hasPostgres,
  hasRedis,
  type PostgresOptions,
  type Service,
  startPostgres,
  startRedis,
} from '../support/services'
import { type Certificates, makeCertificates } from './certificates'
import { look, lookOnce } from './looking'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})
afterAll(() => certificates.remove())

/** Accepts, and never answers. */
async function halfOpen(): Promise<{ server: Server; port: number }> {
  const server = createServer(socket => socket.on('error', () => {}))
  return { server, port: await listen(server) }
}

const redis = (url: string, env: Record<string, string> = {}) => lookOnce('redis', { REDIS_URL: url, ...env })
const postgres = (url: string, env: Record<string, string> = {}) => lookOnce('postgres', { DATABASE_URL: url, ...env })

describe('a check of a dependency that is not there', () => {
  it.each([
    ['redis', 'REDIS_URL', 'redis'],
    ['postgres', 'DATABASE_URL', 'postgres'],
    ['turso', 'TURSO_DATABASE_URL', 'http'],
  ])('fails for %s: refused, an unknown name, an answer that never comes', async (name, variable, scheme) => {
    const { server, port } = await halfOpen()
    const ask = (at: string, limit?: number) => lookOnce(name, { [variable]: `${scheme}://${at}` }, limit)
    expect(await ask('127.0.0.1:1')).toBe('fail refused')
    expect(await ask('no-such-host.invalid:1')).toBe('fail dns')
    expect(await ask(`127.0.0.1:${port}`, 300)).toBe('fail timeout')
    server.close()
  })

  it.each([
    ['redis', 'REDIS_URL', 'redis'],
    ['postgres', 'DATABASE_URL', 'postgres'],
  ])('fails for %s where the server speaks another protocol', async (name, variable, scheme) => {
    const server = createServer(socket => socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await listen(server)
    expect(await lookOnce(name, { [variable]: `${scheme}://u:p@127.0.0.1:${port}` })).toMatch(
      /^fail (protocol|auth|tls)$/,
    )
    server.close()
  })

  it.each([
    ['redis', 'REDIS_URL', 'redis'],
    ['postgres', 'DATABASE_URL', 'postgres'],
  ])('reads no more than it needs for %s, where the server sends without end', async (name, variable, scheme) => {
    const server = createServer(socket => {
      const more = () => socket.writable && socket.write('S'.repeat(65_536), more)
      socket.on('error', () => {}).on('close', () => {})
      more()
    })
    const port = await listen(server)
    expect(await lookOnce(name, { [variable]: `${scheme}://u:p@127.0.0.1:${port}` })).toMatch(/^fail (protocol|tls)$/)
    server.close()
  })
})

describe.runIf(hasRedis)('the check of Redis', () => {
  let open: Service
  let locked: Service
  let secure: Service
  let wrong: Service
  const acl = ['--user', 'default', 'on', '>pw!%', '~*', '+@all', '--user', 'pinger', 'on', '>p2', '+ping', '--user', 'mute', 'on', '>p3', '-@all'] // biome-ignore format: pairs
  const tls = ({ cert, key }: { cert: string; key: string }) => (port: number) => ['--port', '0', '--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'] // biome-ignore format: one line

  beforeAll(async () => {
    open = await startRedis()
    locked = await startRedis(() => acl)
    secure = await startRedis(tls(certificates.server))
    wrong = await startRedis(tls(certificates.wrongName))
  })
  afterAll(() => Promise.all([open, locked, secure, wrong].map(service => service?.stop())))

  it('passes without a password, with one, and with users of an ACL', async () => {
    expect(await redis(`redis://127.0.0.1:${open.port}`)).toBe('pass')
    expect(await redis(`redis://localhost:${open.port}/3`)).toBe('pass')
    expect(await redis(`redis://:${encodeURIComponent('pw!%')}@127.0.0.1:${locked.port}`)).toBe('pass')
    expect(await redis(`redis://pinger:p2@127.0.0.1:${locked.port}`)).toBe('pass')
    // who may not even ping is known to a server that is well
    expect(await redis(`redis://mute:p3@127.0.0.1:${locked.port}`)).toBe('pass')
  })

  it('says `auth` for a missing, a wrong and a needless password, and shows nothing of the address', async () => {
    for (const url of [
      `redis://127.0.0.1:${locked.port}`,
      `redis://:wrong@127.0.0.1:${locked.port}`,
      `redis://nobody:p2@127.0.0.1:${locked.port}`,
      `redis://:needless@127.0.0.1:${open.port}`,
    ]) {
      const looking = look({ REDIS_URL: url })
      const { text } = await looking.ask()
      expect(text).toContain('"output":"auth"')
      expect(text).not.toMatch(/127\.0|wrong|needless|nobody|redis:\/\//)
      await looking.end()
      expect(looking.stderr()).toBe('')
    }
  })

  it('wants a certificate over TLS that is trusted and names the host', async () => {
    const trusting = { NODE_EXTRA_CA_CERTS: certificates.ca }
    expect(await redis(`rediss://localhost:${secure.port}`, trusting)).toBe('pass')
    expect(await redis(`rediss://127.0.0.1:${secure.port}`, trusting)).toBe('pass')
    expect(await redis(`rediss://localhost:${secure.port}`)).toBe('fail tls')
    expect(await redis(`rediss://localhost:${wrong.port}`, trusting)).toBe('fail tls')
    // Redis takes the beginning of a handshake for a command that goes on
    expect(await redis(`rediss://127.0.0.1:${open.port}`, trusting)).toBe('fail timeout')
    // who speaks without TLS to a server that wants it gets no answer that he can read
    expect(await redis(`redis://127.0.0.1:${secure.port}`)).toMatch(/^fail (closed|protocol|timeout)$/)
  })

  it('warns, then fails, while Redis is stopped, and passes again when it goes on', async () => {
    const looking = look({ REDIS_URL: `redis://127.0.0.1:${open.port}`, AFN_HEALTH_REQUIRED: 'redis' })
    expect(await looking.check('redis')).toBe('pass')
    process.kill(open.pid, 'SIGSTOP')
    try {
      expect(await looking.until('redis', 'fail timeout')).toEqual(['warn timeout', 'fail timeout'])
      expect((await looking.ask('/health/ready')).status).toBe(503)
      expect((await looking.ask('/health/live')).status).toBe(200)
    } finally {
      process.kill(open.pid, 'SIGCONT')
    }
    const seen = await looking.until('redis', 'pass')
    expect(seen.length).toBeLessThanOrEqual(2)
    expect((await looking.ask('/health/ready')).status).toBe(200)
    await looking.end()
  })

  it('says `exhausted` where Redis takes no more clients', async ({ onTestFinished }) => {
    const full = await startRedis(() => ['--maxclients', '1'])
    onTestFinished(full.stop)
    // Redis may still count the connection by which it was seen to be up
    const place = async (): Promise<Socket> => {
      const client = connect(full.port, '127.0.0.1')
        .on('error', () => {})
        .resume()
      await once(client, 'connect')
      const closed = await Promise.race([once(client, 'close').then(() => true), later(200).then(() => false)])
      return closed ? place() : client
    }
    const client = await place()
    expect(await redis(`redis://:p@127.0.0.1:${full.port}`)).toMatch(/^fail (exhausted|closed)$/)
    client.destroy()
  })
})

describe.runIf(hasPostgres)('the check of PostgreSQL', () => {
  const password = 'päss wörd/@'
  const url = (port: number, { host = '127.0.0.1', pw = password, more = '' } = {}) =>
    `postgres://app${pw ? `:${encodeURIComponent(pw)}` : ''}@${host}:${port}/postgres${more}`
  const withServer = async (options: PostgresOptions, work: (service: Service) => Promise<void>) => {
    const service = await startPostgres(options)
    try {
      await work(service)
    } finally {
      await service.stop()
    }
  }

  it('passes without a password, and says `missing` for an unknown database', () =>
    withServer({}, async ({ port }) => {
      expect(await postgres(`postgresql://app@localhost:${port}/postgres`)).toBe('pass')
      expect(await lookOnce('postgres', { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'app', PGDATABASE: 'postgres' })).toBe('pass') // biome-ignore format: one line
      expect(await postgres(`postgres://app@127.0.0.1:${port}/nowhere`)).toBe('fail missing')
    }))

  it('SCRAM-SHA-256 over TLS: right, wrong and missing password; the certificate is looked at where sslmode asks for it', () =>
    withServer({ auth: 'scram-sha-256', password, tls: certificates.wrongName }, async ({ port }) => {
      expect(await postgres(url(port))).toBe('pass')
      expect(await postgres(url(port, { more: '?sslmode=disable' }))).toBe('pass')
      expect(await postgres(url(port, { more: '?sslmode=require' }))).toBe('pass')
      expect(await postgres(url(port, { more: '?sslmode=verify-full' }))).toBe('fail tls')
      const trusting = { NODE_EXTRA_CA_CERTS: certificates.ca }
      expect(await postgres(url(port, { host: 'localhost', more: '?sslmode=verify-full' }), trusting)).toBe('fail tls')
      expect(await postgres(url(port, { pw: 'wrong' }))).toBe('fail auth')
      expect(await postgres(url(port, { pw: '' }))).toBe('fail auth')
    }))

  it('md5 and clear passwords; sslmode=require refuses a server without TLS; verify-full takes a right certificate', async () => {
    // a password that is hashed as SCRAM cannot be checked by md5: the server falls back to SCRAM
    await withServer({ auth: 'md5', password }, async ({ port }) => {
      expect(await postgres(url(port))).toBe('pass')
      const client = new pg.Client({ connectionString: url(port) })
      await client.connect()
      await client.query(`SET password_encryption = 'md5'`)
      await client.query(`CREATE ROLE old LOGIN PASSWORD 'pw'`)
      await client.end()
      expect(await postgres(`postgres://old:pw@127.0.0.1:${port}/postgres`)).toBe('pass')
      expect(await postgres(`postgres://old:no@127.0.0.1:${port}/postgres`)).toBe('fail auth')
      expect(await postgres(url(port, { more: '?sslmode=require' }))).toBe('fail tls')
    })
    await withServer({ auth: 'password', password, tls: certificates.server }, async ({ port }) => {
      const trusting = { NODE_EXTRA_CA_CERTS: certificates.ca }
      expect(await postgres(url(port, { host: 'localhost', more: '?sslmode=verify-full' }), trusting)).toBe('pass')
    })
  })

  it('says `exhausted` where no connection is left', () =>
    withServer({ maxConnections: 5 }, async ({ port }) => {
      // three of them are for superusers, as which the test runs
      const clients = Array.from({ length: 5 }, () => new pg.Client({ connectionString: url(port, { pw: '' }) }))
      for (const client of clients)
        await client
          .on('error', () => {})
          .connect()
          .catch(() => {})
      expect(await postgres(url(port, { pw: '' }))).toBe('fail exhausted')
      for (const client of clients) await client.end().catch(() => {})
      expect(await postgres(url(port, { pw: '' }))).toBe('pass')
    }))

  it("a pool of the app that is exhausted while the server is well: a check of the app's own sees it", () =>
    withServer({}, async ({ port }) => {
      const pool = new pg.Pool({ connectionString: url(port, { pw: '' }), max: 1 })
      // end() resolves before its connections are closed, and the server that ends next says so on them
      pool.on('error', () => {})
      const held = await pool.connect()
      const health = new Health({ isolated: false, apart: work => work(), ran() {}, misbehaved() {} })
      const check = () => pool.query('SELECT 1').then(() => true)
      addCheck(
        () => health,
        { name: 'pool', timeoutMs: 300, periodMs: 1, check },
        () => {},
      )
      const own = async () => (await health.look()).entries[0]?.result
      expect(await postgres(url(port, { pw: '' }))).toBe('pass')
      expect(await own()).toMatchObject({ status: 'fail', output: 'timeout' })
      held.release()
      await later(50)
      expect(await own()).toMatchObject({ status: 'pass' })
      await pool.end()
    }))
})
