// The checks of Turso, LangFuse, LLM providers, the Collector, disks and names that hang. Where a real part is to be had it is used:
// libSQL's own client and database, tmpfs, a resolver that never answers; the others are stand-ins made from what their makers document.
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkDisk } from '../../src/app/health/checks/disk'
import { checkLlm } from '../../src/app/health/checks/llm'
import { RecentCalls } from '../../src/app/health/checks/recent-calls'
import { keyedProviders } from '../../src/app/health/model-list-endpoints'
import { collectorOfSuites } from '../collector/find'
import { freePorts, listen } from '../support/ports'
import { startReceiver } from '../support/receiver'
import { type Hrana, libsql, startHrana } from './hrana'
import { look, lookOnce } from './looking'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-health-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Answers everything, and lists its requests. */
async function standIn(answer: (request: IncomingMessage) => number) {
  const requests: { path: string; headers: IncomingMessage['headers']; method: string }[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers, method: request.method ?? '' })
    response.writeHead(answer(request), { 'content-type': 'application/json' }).end('{"status":"OK","version":"4.0.0"}')
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return { url, requests, close: () => server.close() }
}

describe('the check of Turso', () => {
  let hrana: Hrana
  beforeAll(async () => {
    hrana = await startHrana(path.join(folder, 'turso.db'), 'secret')
  })
  afterAll(() => hrana?.close())
  const turso = (url: string, token = 'secret') =>
    lookOnce('turso', { TURSO_DATABASE_URL: url, ...(token && { TURSO_AUTH_TOKEN: token }) })

  it("the stand-in is one that libSQL's own client can use", async () => {
    const client = libsql().createClient({ url: hrana.url, authToken: 'secret' })
    const { rows } = await client.execute('SELECT 1 AS one')
    expect(rows[0]?.[0]).toBe(1)
    client.close()
  })

  it('passes with its token, and sends one statement', async () => {
    hrana.statements.length = 0
    expect(await turso(hrana.url)).toBe('pass')
    expect(await turso(hrana.url.replace('http:', 'libsql:').concat('?tls=0'))).toBe('pass')
    expect(await turso(hrana.url.replace('http:', 'ws:').concat('?authToken=secret'), '')).toBe('pass')
    expect(hrana.statements).toEqual(['SELECT 1', 'SELECT 1', 'SELECT 1'])
  })

  it('a wrong token, a database that is broken, a server that is away and one that is none', async () => {
    expect(await turso(hrana.url, 'wrong')).toBe('fail auth')
    expect(await turso(hrana.url, '')).toBe('fail auth')
    expect(await turso(`${hrana.url}/elsewhere`)).toBe('fail protocol')
    hrana.state = 'broken'
    expect(await turso(hrana.url)).toBe('fail error')
    hrana.state = 503
    expect(await turso(hrana.url)).toBe('fail unavailable')
    hrana.state = 'well'
    // without TLS where the scheme means it
    expect(await turso(hrana.url.replace('http:', 'libsql:'))).toBe('fail tls')
  })

  it('makes an app unready after two failures and ready again with the next success, and never takes its liveness', async () => {
    const looking = look({ TURSO_DATABASE_URL: hrana.url, TURSO_AUTH_TOKEN: 'secret' })
    const statuses = async () => [
      (await looking.ask('/health/ready')).status,
      (await looking.ask('/health/live')).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    hrana.state = 'hang'
    expect(await looking.until('turso', 'fail timeout')).toEqual(['warn timeout', 'fail timeout'])
    expect(await statuses()).toEqual([503, 200])
    hrana.state = 'well'
    expect((await looking.until('turso', 'pass')).length).toBeLessThanOrEqual(2)
    expect(await statuses()).toEqual([200, 200])
    await looking.end()
  })

  it('a database in a file: made by libSQL it passes, as one does that is still empty', async () => {
    const file = path.join(folder, 'local database.db')
    const client = libsql().createClient({ url: `file:${file}` })
    await client.execute('CREATE TABLE t (a)')
    client.close()
    expect(await turso(`file:${file}`)).toBe('pass')
    expect(await turso(`file://${encodeURI(file)}`)).toBe('pass')
    writeFileSync(path.join(folder, 'empty.db'), '')
    expect(await turso(`file:${path.join(folder, 'empty.db')}`)).toBe('pass')
    expect(await turso(`file:${path.join(folder, 'nowhere.db')}`)).toBe('fail missing')
    writeFileSync(path.join(folder, 'text.db'), 'this is no database at all')
    expect(await turso(`file:${path.join(folder, 'text.db')}`)).toBe('fail protocol')
    expect(await turso('file::memory:')).toBe('absent')
  })
})

it.each([
  ['REDIS_URL', 'localhost:6379', 'redis'],
  ['DATABASE_URL', 'postgres://one:5432,two:5432/db', 'postgres'],
  ['POSTGRES_URL', 'mysql://host/db', 'postgres'],
  ['TURSO_DATABASE_URL', 'mydb.turso.io', 'turso'],
])('%s that cannot be used is said, without its value', async (variable, value, name) => {
  expect(await lookOnce(name, { [variable]: value })).toBe(
    `absent ${variable} is not a URL that can be checked; it is ignored`,
  )
  expect(await lookOnce('postgres', { DATABASE_URL: 'mysql://of/another/kind' })).toBe('absent')
})

describe('LangFuse in the health of an app', () => {
  it('gets a request for its own health, without a key; what fails there never takes the app out of service', async () => {
    let status = 200
    const langfuse = await standIn(() => status)
    const looking = look({ LANGFUSE_PUBLIC_KEY: 'pk', LANGFUSE_SECRET_KEY: 'sk', LANGFUSE_HOST: `${langfuse.url}/` })
    expect(await looking.check('langfuse')).toBe('pass')
    // documented: 503 when its database is away
    status = 503
    expect(await looking.until('langfuse', 'fail unavailable')).toEqual(['warn unavailable', 'fail unavailable'])
    expect([(await looking.ask()).status, (await looking.ask()).document.status]).toEqual([200, 'warn'])
    expect((await looking.ask('/health/ready')).status).toBe(200)
    expect(new Set(langfuse.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(['GET /api/public/health'])) // biome-ignore format: one line
    expect(langfuse.requests.filter(({ headers }) => headers.authorization)).toEqual([])
    await looking.end()
    langfuse.close()
  })
})

describe('LLM providers in the health of an app', () => {
  it('get a request for their list of models with the key of the environment, and for nothing that costs', async () => {
    const provider = await standIn(({ url }) => (url === '/models' ? 401 : 200))
    const env = {
      OPENAI_API_KEY: 'sk-openai',
      OPENAI_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: 'sk-anthropic',
      ANTHROPIC_BASE_URL: provider.url,
      GEMINI_API_KEY: 'gemini',
      GOOGLE_GEMINI_BASE_URL: provider.url,
    }
    const looking = look(env)
    const { document, status, text } = await looking.ask()
    expect(status).toBe(200)
    const llm = document.checks?.['llm:responseTime'] ?? []
    expect(llm.map(({ componentId, status, output }) => [componentId, status, output])).toEqual([
      ['openai', 'fail', 'auth'],
      ['anthropic', 'pass', undefined],
      ['gcp.gemini', 'pass', undefined],
    ])
    expect(text).not.toMatch(/sk-|127\.0/)
    expect((await looking.ask('/health/ready')).status).toBe(200)
    await looking.ask()
    expect(provider.requests.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /models',
      'GET /v1/models?limit=1',
      'GET /v1beta/models?pageSize=1',
    ])
    const keys = provider.requests.map(({ headers }) => headers.authorization ?? headers['x-api-key'] ?? headers['x-goog-api-key']) // biome-ignore format: one line
    expect(keys.sort()).toEqual(['Bearer sk-openai', 'gemini', 'sk-anthropic'])
    await looking.end()
    provider.close()
  })

  const call = (error?: string, status?: number) => ({
    'gen_ai.provider.name': 'openai',
    ...(error && { 'error.type': error }),
    ...(status && { 'http.response.status_code': status }),
  })
  const received: string[] = []
  const ask = async ({ url }: { url: string }) => {
    received.push(url)
    return { status: 200, body: '' }
  }
  const provider = { name: 'openai', models: { url: 'http://models', headers: {} } }
  const check = (calls: RecentCalls, one: Parameters<typeof checkLlm>[2] = provider) =>
    checkLlm(ask, calls, one, new AbortController().signal)

  it("are judged by the app's own calls where there are some, and get no request then", async () => {
    const calls = new RecentCalls()
    for (let n = 0; n < 20; n++) calls.add(call())
    expect(await check(calls)).toMatchObject({ status: 'pass', measurement: 'errorRate', observedValue: 0 })
    for (let n = 0; n < 5; n++) calls.add(call('503', 503))
    expect(await check(calls)).toMatchObject({ status: 'warn', output: 'unavailable', observedValue: 20 })
    for (let n = 0; n < 30; n++) calls.add(call('ECONNREFUSED'))
    expect(await check(calls)).toMatchObject({ status: 'fail', output: 'refused' })
    expect(received).toEqual([])
    // another provider is none of these
    expect(await check(calls, { name: 'anthropic' })).toMatchObject({ status: 'pass', observedValue: 0 })
  })

  it('a request that no provider could accept is no failure of the provider; too many requests are', async () => {
    const calls = new RecentCalls()
    for (let n = 0; n < 10; n++) calls.add(call('400', 400))
    expect(calls.of('openai')).toMatchObject({ total: 10, failed: 0 })
    calls.add(call('429', 429))
    calls.add(call('401', 401))
    expect(calls.of('openai')).toEqual({ total: 12, failed: 2, output: 'auth' })
  })

  it('a hundred providers that an app makes up take the room of fifty', () => {
    const providers: string[] = []
    const calls = new RecentCalls()
    calls.onProvider = name => providers.push(name)
    for (let n = 0; n < 100; n++) calls.add({ 'gen_ai.provider.name': `p${n}` })
    expect(providers).toHaveLength(50)
  })

  it('have a name that the conventions know, and an address over TLS', () => {
    const keys = ['OPENAI', 'ANTHROPIC', 'GEMINI', 'CO', 'MISTRAL', 'GROQ', 'DEEPSEEK', 'XAI', 'OPENROUTER', 'TOGETHER']
    const found = keyedProviders(Object.fromEntries(keys.map(key => [`${key}_API_KEY`, 'k'])))
    expect(found).toHaveLength(keys.length)
    for (const { models } of found) expect(models?.url).toMatch(/^https:\/\/[\w.]+\/[\w/]*models/)
    expect(keyedProviders({ OPENAI_API_KEY: ' ' })).toEqual([])
  })
})

describe('the check of the Collector', () => {
  it('passes for an empty export, and fails where that is refused, unauthorized or unanswered', async () => {
    let status = 200
    const receiver = await startReceiver(() => status)
    const collector = (env: Record<string, string> = {}) =>
      lookOnce('collector', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env })
    expect(await collector({ OTEL_EXPORTER_OTLP_HEADERS: 'x-key=k' })).toBe('pass')
    expect(await collector({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).toBe('pass')
    // the receiver decodes them with OpenTelemetry's own definitions
    expect([receiver.requests.length, receiver.spans()]).toEqual([2, []])
    expect(receiver.requests[0]?.headers['x-key']).toBe('k')
    status = 401
    expect(await collector()).toBe('fail auth')
    status = 503
    expect(await collector()).toBe('fail unavailable')
    await receiver.close()
    expect(await collector()).toBe('fail refused')
    expect(await collector({ OTEL_TRACES_EXPORTER: 'none' })).toBe('absent')
  })
})

const collector = await collectorOfSuites()
if ('missing' in collector) console.log(`skipped: the check on a real Collector: ${collector.missing}`)

it.runIf('binary' in collector)('a real Collector takes an export of nothing, in both encodings', async () => {
  const [port] = (await freePorts(1)) as [number]
  const config = `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}, telemetry: {metrics: {level: none}}}`
  const child = spawn('binary' in collector ? collector.binary : '', [`--config=yaml:${config}`], { stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('close', resolve))
  const check = (protocol: string) =>
    lookOnce('collector', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: protocol }) // biome-ignore format: one line
  for (let n = 0; n < 200 && (await check('http/protobuf')) !== 'pass'; n++)
    await new Promise(resolve => setTimeout(resolve, 100))
  expect([await check('http/protobuf'), await check('http/json')]).toEqual(['pass', 'pass'])
  child.kill('SIGTERM')
  await ended
})

/** Runs in mounts of its own, so that nothing of this machine changes. */
const inNamespace = (script: string) => spawnSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' })
const canMount = inNamespace(`mount -t tmpfs -o size=64k none ${folder}`).status === 0

describe('the check of disks', () => {
  it('a folder that is there and one that is not', async () => {
    expect(await checkDisk(folder)).toMatchObject({ measurement: 'utilization', observedUnit: 'percent' })
    const file = path.join(folder, 'a file')
    writeFileSync(file, '')
    const looking = look({
      AFN_SPOOL_DIR: path.join(folder, 'not/made/yet'),
      AFN_LOG_DIR: path.join(file, 'logs'),
      AFN_AUDIT_DIR: folder,
    })
    const { checks } = (await looking.ask()).document
    const found = Object.values(checks ?? {}).flat()
    expect(
      found.map(({ componentId, output }) => [componentId, output === 'space' ? undefined : output]).sort(),
    ).toEqual([
      ['audit', undefined],
      // a file stands where the folder is to be made
      ['logs', 'missing'],
      ['spool', undefined],
      ['working_directory', undefined],
    ])
    await looking.end()
  })

  it.runIf(canMount)('space, inodes and a file system that cannot be written, on real tmpfs', () => {
    const at = path.join(folder, 'mounted')
    mkdirSync(at)
    const probe = path.join(folder, 'probe.cjs')
    writeFileSync(
      probe,
      `const { buildSync } = require('esbuild')
       const { outputFiles } = buildSync({ entryPoints: ['src/app/health/checks/disk.ts', 'src/app/health/failure.ts'], bundle: true, platform: 'node', format: 'cjs', write: false, outdir: '/' })
       const load = text => { const m = { exports: {} }; new Function('module', 'exports', 'require', text)(m, m.exports, require); return m.exports }
       const [disk, failure] = outputFiles.map(({ text }) => load(text))
       disk.checkDisk(${JSON.stringify(at)}).then(({ status, output }) => console.log(status, output), error => console.log('fail', failure.wordOf(error)))`,
    )
    const check = (options: string, fill: string) =>
      inNamespace(`mount -t tmpfs -o ${options} none ${at} && cd ${at} && (${fill}) 2>/dev/null; cd ${process.cwd()} && NODE_PATH=node_modules node ${probe}`).stdout.trim() // biome-ignore format: one line
    expect(check('size=1m', 'true')).toBe('pass undefined')
    expect(check('size=1m', 'head -c 950000 /dev/zero > a')).toBe('warn space')
    expect(check('size=1m', 'head -c 2000000 /dev/zero > a')).toBe('fail space')
    expect(check('size=10m,nr_inodes=20', 'for n in $(seq 30); do touch f$n; done')).toBe('fail inodes')
    expect(check('size=1m', `mount -o remount,ro ${at}`)).toBe('fail read-only')
  })
})
if (!canMount)
  console.log('skipped: disks that are full or cannot be written: this user may not mount a tmpfs of his own')

describe('a name that is looked up for ever', () => {
  it.runIf(canMount)('is a time-out, is looked up once for all checks, and leaves the threads to the app', async () => {
    const resolver = createSocket('udp4')
    let questions = 0
    resolver.on('message', () => questions++)
    const address = '127.0.0.53'
    const bound = await new Promise<boolean>(resolve => {
      resolver.once('error', () => resolve(false)).bind(53, address, () => resolve(true))
    })
    if (!bound) return console.log(`skipped: a resolver that never answers: port 53 of ${address} is taken`)
    const conf = path.join(folder, 'resolv.conf')
    writeFileSync(conf, `nameserver ${address}\noptions timeout:30 attempts:1\n`)
    const looking = look(
      {
        REDIS_URL: 'redis://name.example',
        DATABASE_URL: 'postgres://name.example',
        TURSO_DATABASE_URL: 'http://name.example',
      },
      ['unshare', '-m', 'sh', '-c', `mount --bind ${conf} /etc/resolv.conf && exec "$@"`, 'sh'],
    )
    const outputs = async () => {
      const { document } = await looking.ask()
      return ['redis', 'postgres', 'turso'].map(name => document.checks?.[`${name}:responseTime`]?.[0]?.output)
    }
    expect(await outputs()).toEqual(['timeout', 'timeout', 'timeout'])
    for (let n = 0; n < 3; n++) {
      await new Promise(resolve => setTimeout(resolve, 110))
      expect(await outputs()).toEqual(['timeout', 'timeout', 'timeout'])
    }
    // one look-up asks for A and for AAAA
    expect(questions).toBeLessThanOrEqual(2)
    // a thread that looks a name up can't be stopped, and the process ends after it
    await looking.kill()
    resolver.close()
    return undefined
  })
})
