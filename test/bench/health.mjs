// `npm run bench:health [-- SECONDS]`: what 1,000 probes a second cost an app and its Redis, how long a probe waits for a dependency
// that is broken in each way, and what one collection of the system metrics takes. Exits with 1 where a bar is not met.
import { execFileSync, fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { bundleSource } from '../support/bundle-source.mjs'

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const seconds = Number(process.argv[2] ?? 5)
const perSecond = 1_000
const cacheMs = 1_000
const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-health-'))
const otel = path.join(root, 'dist/index.cjs')
let failed = false

/** @param {string} what @param {boolean} met */
function line(what, met) {
  if (!met) failed = true
  console.log(`${met ? 'ok ' : 'BAR NOT MET '}${what}`)
}

/** @param {net.Server | http.Server} server */
async function listen(server) {
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}

async function freePort() {
  const server = net.createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Redis's own count of one command. */
function commandCount(port, command) {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = net.connect(port, '127.0.0.1', () => socket.write('INFO commandstats\r\nQUIT\r\n'))
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0)))
  })
}

async function startRedis(...args) {
  const port = await freePort()
  const child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...args], { stdio: 'ignore' }) // biome-ignore format: one line
  for (let n = 0; n < 100; n++) {
    if (await commandCount(port, 'ping').then(() => true, () => false)) break // biome-ignore format: one line
    await sleep(50)
  }
  return { port, pid: child.pid, stop: () => child.kill() }
}

/** An app that tells how much CPU time its process has taken, in s. On a busy machine a loop is busy while it waits for a core. */
const app = path.join(folder, 'app.cjs')
writeFileSync(
  app,
  `process.on('message', () => {
     const { user, system } = process.cpuUsage()
     process.send((user + system) / 1e6)
   })
   if (process.env.BARE) require('node:http').createServer((request, response) => {
     const body = '{"status":"pass"}'
     response.writeHead(200, { 'content-type': 'application/health+json', 'content-length': String(body.length), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).end(body)
   }).listen(Number(process.env.BARE), '127.0.0.1')`,
)
const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }

async function startApp(env) {
  const port = await freePort()
  const isBare = env === undefined
  const ours = { ...quiet, AFN_HEALTH: 'on', AFN_HEALTH_PORT: `${port}`, AFN_HEALTH_TOKEN: 't', AFN_HEALTH_CACHE: `${cacheMs}`, ...env } // biome-ignore format: one line
  const child = fork(app, {
    execArgv: isBare ? [] : ['--require', otel],
    env: { PATH: process.env.PATH, ...(isBare ? { BARE: `${port}` } : ours) },
  })
  for (let n = 0; n < 200; n++) {
    if (await ask(port, '/health/live').then(() => true, () => false)) break // biome-ignore format: one line
    await sleep(25)
  }
  const cpu = () =>
    new Promise(resolve => {
      child.once('message', resolve)
      child.send('busy?')
    })
  return { port, cpu, stop: () => child.kill('SIGKILL') }
}

function ask(port, place, agent, headers = {}) {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    http
      .get({ port, host: '127.0.0.1', path: place, agent: agent ?? false, headers }, response => {
        let body = ''
        response.on('data', chunk => {
          body += chunk
        })
        response.on('end', () => resolve({ ms: performance.now() - begun, status: response.statusCode, body }))
      })
      .on('error', reject)
  })
}

/** So many probes a second, whether they are answered or not. */
async function load({ port }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 50 })
  const pending = []
  await ask(port, '/health', agent)
  const begun = performance.now()
  for (let sent = 0; sent < seconds * perSecond; ) {
    const due = Math.min(seconds * perSecond, Math.floor(((performance.now() - begun) * perSecond) / 1_000))
    for (; sent < due; sent++) pending.push(ask(port, '/health', agent))
    await sleep(1)
  }
  const answers = await Promise.all(pending)
  agent.destroy()
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const took = (performance.now() - begun) / 1_000
  return { took, p99: times[Math.floor(times.length * 0.99)], wrong: answers.filter(({ status }) => status !== 200).length } // biome-ignore format: one line
}

/** CPU time of one probe, in µs, once the code is warm: so many in turns of ten, since a process that sleeps in between wakes at a cost. */
async function costOf({ port, cpu }, probes = 5_000) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 10 })
  const inTurns = async count => {
    for (let n = 0; n < count; n += 10) await Promise.all(Array.from({ length: 10 }, () => ask(port, '/health', agent)))
  }
  await inTurns(1_000)
  const before = await cpu()
  await inTurns(probes)
  const spent = (await cpu()) - before
  agent.destroy()
  return (spent / probes) * 1e6
}

const ms = value => `${value.toFixed(1)} ms`
const percent = value => `${(value * 100).toFixed(2)} %`

console.log(`node ${process.version}; ${perSecond} probes a second for ${seconds} s; results hold for ${cacheMs} ms`)
const redis = await startRedis()
// in turns, so that both have the same machine
const rounds = []
for (let round = 0; round < 3; round++) {
  const bare = await startApp()
  const without = { ...(await load(bare)), cost: await costOf(bare) }
  bare.stop()
  const ours = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}` })
  const before = await commandCount(redis.port, 'ping')
  const within = await load(ours)
  const pings = (await commandCount(redis.port, 'ping')) - before
  rounds.push({ ...within, pings, cost: await costOf(ours), bare: without })
  ours.stop()
}
for (const { took, p99, pings, cost, bare, wrong } of rounds)
  console.log(
    `   ours p99 ${ms(p99)}, ${cost.toFixed(1)} µs of CPU a probe, ${pings} PING in ${took.toFixed(1)} s, ${wrong} not 200; a bare node:http p99 ${ms(bare.p99)}, ${bare.cost.toFixed(1)} µs`,
  )
const most = rounds.map(({ took }) => Math.ceil((took * 1_000) / cacheMs) + 1)
line(`one PING a period at most: ${rounds.map(({ pings }) => pings).join(', ')} of ${most.join(', ')}`, rounds.every(({ pings }, at) => pings <= most[at])) // biome-ignore format: one line
const p99 = Math.min(...rounds.map(round => round.p99))
const bareP99 = Math.min(...rounds.map(({ bare }) => bare.p99))
line(`p99 of the endpoint ${ms(p99)} (at most 20, or half more than the bare server's ${ms(bareP99)} on a busy machine)`, p99 <= Math.max(20, bareP99 * 1.5)) // biome-ignore format: one line
const least = of => Math.min(...rounds.map(of))
const share = ((least(({ cost }) => cost) - least(({ bare }) => bare.cost)) * perSecond) / 1e6
line(`event loop: ${percent(share)} of a core more than a server that answers a constant (at most 1 %)`, share <= 0.01)
line(
  'every probe was answered with 200',
  rounds.every(({ wrong }) => wrong === 0),
)

// how long a probe waits for what is broken
const halfOpen = net.createServer(() => {})
const silent = await listen(halfOpen)
const locked = await startRedis('--requirepass', 'right')
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=elsewhere.example', '-days', '1'], { cwd: folder, stdio: 'pipe' }) // biome-ignore format: one line
const pem = name => readFileSync(path.join(folder, name))
const tlsServer = createTlsServer({ cert: pem('cert.pem'), key: pem('key.pem') }, socket =>
  socket.on('error', () => {}),
)
const tlsPort = await listen(tlsServer)
process.kill(redis.pid, 'SIGSTOP')
const broken = [
  ['nobody listens', 'redis://127.0.0.1:1', 'refused'],
  ['accepts and never answers', `redis://127.0.0.1:${silent}`, 'timeout'],
  ['stopped by SIGSTOP', `redis://127.0.0.1:${redis.port}`, 'timeout'],
  ['a name that does not exist', 'redis://no-such-host.invalid:1', 'dns'],
  ['a wrong password', `redis://:wrong@127.0.0.1:${locked.port}`, 'auth'],
  ['a certificate of another name', `rediss://localhost:${tlsPort}`, 'tls'],
]
for (const [what, url, expected] of broken) {
  const one = await startApp({ REDIS_URL: url, AFN_HEALTH_REQUIRED: 'redis' })
  const { ms: waited, status, body } = await ask(one.port, '/health', undefined, { authorization: 'Bearer t' })
  const output = JSON.parse(body).checks?.['redis:responseTime']?.[0]?.output
  line(`${what}: ${status} ${output} after ${ms(waited)} (at most 1500)`, waited <= 1_500 && status === 503 && output === expected) // biome-ignore format: one line
  const ready = await ask(one.port, '/health/ready')
  if (ready.ms > 1_000) line(`readiness took ${ms(ready.ms)} (at most 1000, after which Kubernetes gives up)`, false)
  one.stop()
}
process.kill(redis.pid, 'SIGCONT')
redis.stop()
locked.stop()
halfOpen.close()
tlsServer.close()

// system metrics
const outfile = path.join(folder, 'system.cjs')
await bundleSource(
  `import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
      import { measureSystem } from './src/app/system/metrics'
      class Reader extends MetricReader { async onForceFlush() {} async onShutdown() {} }
      const reader = new Reader()
      measureSystem(new MeterProvider({ readers: [reader] }).getMeter('bench'), ['/', process.cwd()])
      async function main() {
        for (let n = 0; n < 20; n++) await reader.collect()
        const before = process.cpuUsage()
        for (let n = 0; n < 200; n++) await reader.collect()
        const { user, system } = process.cpuUsage(before)
        console.log((user + system) / 200 / 1000)
      }
      main()`,
  outfile,
)
const collection = Number(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }))
line(`one collection of the system metrics takes ${ms(collection)} of CPU (at most 5; once a minute)`, collection <= 5)

rmSync(folder, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
