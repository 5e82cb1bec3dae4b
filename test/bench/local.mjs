// `npm run bench:local [-- SPANS]`: what the embedded backend takes in, needs on the disk and in memory, and how fast it finds.
// One process of `afn-otel up` with a data folder, 1 M spans of 20 attributes (or SPANS), OTLP/protobuf over eight
// connections, then searches and the explorer's views over HTTP, one at a time. Then 100,000 failing spans with a message each, groups of
// errors over them, and questions whose client goes away. Client and server share the machine; the requests are made before. At the end, or
// alone by `-- find [TRACES]`, the questions of the page that lists traces: local/find.mjs. `-- scale` is what 10 M spans cost: local/scale.mjs.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { Agent, request as post } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failing } from './local/failures.mjs'
import { searches } from './local/searches.mjs'
import { bundle, startUp, stop } from './local/up.mjs'
import { views } from './local/views.mjs'

const findTraces = fileURLToPath(new URL('local/find.mjs', import.meta.url))
if (process.argv[2] === 'find' || process.argv[2] === 'scale') {
  await import(process.argv[2] === 'find' ? findTraces : './local/scale.mjs')
  process.exit()
}
const spans = Number(process.argv[2] ?? 1_000_000)
const [connections, seconds, rounds] = [8, 3600, 5]

const here = path.dirname(fileURLToPath(import.meta.url))
const out = await bundle('local', ['test/bench/local/spans.ts'])
const { requests, spansPerRequest } = await import(path.join(out, 'spans.js'))
const end = Math.floor(Date.now() / 1000)
const bodies = requests(spans, end, seconds)
const bytes = Math.round(bodies.reduce((sum, body) => sum + body.length, 0) / spans)

const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-local-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const agent = new Agent({ keepAlive: true, maxSockets: connections })

async function startOurs() {
  const data = path.join(folder, 'ours')
  const { child, urls } = await startUp(path.join(out, 'main.js'), data, [path.join(here, 'local/delay.cjs')])
  return {
    name: 'afn-otel up',
    api: urls.explorer,
    otlp: urls.OTLP,
    pid: child.pid,
    data,
    child,
    stop: () => stop(child),
  }
}

/** For how long the server's event loop was held at most since the last request for it, in ms. */
async function held({ child }) {
  child.send('held')
  const [ms] = await once(child, 'message')
  return ms
}

const status = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
/** Seconds, of all threads. */
const cpu = pid => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
const sizeOf = data =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size, 0)

async function send({ otlp }) {
  const { hostname, port } = new URL(otlp)
  const options = {
    agent,
    host: hostname,
    port,
    path: '/v1/traces',
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  }
  let next = 0
  const sendAll = async () => {
    while (next < bodies.length) {
      const body = bodies[next++]
      await new Promise((resolve, reject) => {
        const outgoing = post(options, response => {
          response.resume().once('end', () => {
            if (response.statusCode === 200) resolve()
            // too much at once: it is sent again, as every exporter does
            else if (response.statusCode === 503) {
              bodies.push(body)
              setTimeout(resolve, 10)
            } else reject(new Error(`answered ${response.statusCode}`))
          })
        })
        outgoing.once('error', reject).end(body)
      })
    }
  }
  await Promise.all(Array.from({ length: connections }, sendAll))
}

/** Groups of errors over failures with a message each, and what waits behind questions that nobody waits for any more. */
async function fail(backend) {
  const path = `/api/afn/errors?limit=1`
  for (const body of failing(100_000, end)) {
    const response = await fetch(`${backend.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    if (!response.ok) throw new Error(await response.text())
  }
  await sleep(3000)
  await held(backend)
  const errors = await look(backend, path)
  const heldMs = await held(backend)
  const controller = new AbortController()
  const window = `start=${end - seconds}&end=${end + 60}`
  const left = Array.from({ length: 4 }, () =>
    fetch(`${backend.api}${path}&${window}`, { signal: controller.signal }).catch(() => {}),
  )
  await sleep(50)
  controller.abort()
  await Promise.all(left)
  const { ms: behind } = await ask(backend, '/api/search', { q: '{ name = "nobody" }', start: end, end: end + 1 })
  return { errors, held: heldMs, behind }
}

async function ask({ api }, path, parameters = {}) {
  const url = new URL(api + path)
  for (const [name, value] of Object.entries({ start: end - seconds - 60, end: end + 60, ...parameters }))
    url.searchParams.set(name, value)
  const before = performance.now()
  const response = await fetch(url)
  const answer = await response.text()
  if (!response.ok) throw new Error(`${url}: ${response.status} ${answer}`)
  return { ms: performance.now() - before, answer }
}

async function find(backend, q) {
  const { ms, answer } = await ask(backend, '/api/search', { q, limit: 20 })
  return { ms, traces: JSON.parse(answer).traces?.length ?? 0 }
}

/** The median, and the CPU of the server in ms. */
async function look(backend, path) {
  await ask(backend, path)
  const before = cpu(backend.pid)
  const times = []
  for (let round = 0; round < rounds; round++) times.push((await ask(backend, path)).ms)
  times.sort((a, b) => a - b)
  return { ms: times[rounds >> 1], cpu: ((cpu(backend.pid) - before) * 1000) / rounds }
}

async function measure(backend) {
  const [cpuBefore, start] = [cpu(backend.pid), performance.now()]
  await held(backend)
  await send(backend)
  const heldByIngest = await held(backend)
  const took = (performance.now() - start) / 1000
  const ingest = { rate: spans / took, micros: ((cpu(backend.pid) - cpuBefore) * 1e6) / spans }
  await sleep(5000)
  const found = {}
  for (const [kind, list] of Object.entries(searches)) {
    const times = []
    for (const q of list) {
      await find(backend, q)
      const own = []
      for (let round = 0; round < rounds; round++) own.push(await find(backend, q))
      const ms = own.map(one => one.ms)
      times.push(...ms)
      console.error(
        `${Math.min(...ms)
          .toFixed(0)
          .padStart(5)} to ${Math.max(...ms).toFixed(0)} ms, ${own[0].traces} traces  ${q}`,
      )
    }
    times.sort((a, b) => a - b)
    found[kind] = { p50: times[Math.floor(times.length / 2)], p95: times[Math.floor(times.length * 0.95)] }
  }
  const heldBySearches = await held(backend)
  const looked = {}
  for (const [name, path] of Object.entries(views)) looked[name] = await look(backend, path)
  const heldByViews = await held(backend)
  const failed = await fail(backend)
  return {
    ...ingest,
    found,
    looked,
    failed,
    held: { ingest: heldByIngest, searches: heldBySearches, views: heldByViews, 'groups of errors': failed.held },
    disk: sizeOf(backend.data) / 1e6,
    rss: status(backend.pid, 'VmRSS'),
    peak: status(backend.pid, 'VmHWM'),
  }
}

const ours = await startOurs()
const result = await measure(ours)
await ours.stop()
agent.destroy()

console.log(
  `\n${spans} spans of 20 attributes, ${bytes} bytes each, ${spansPerRequest} a request, ${connections} connections\n`,
)
console.log('| | afn-otel up | bar |\n|---|---|---|')
const row = (name, value, bar) => console.log(`| ${name} | ${value} | ${bar} |`)
row('ingest, spans/s', Math.round(result.rate), '≥ 60000')
row('CPU of the server, µs a span', result.micros.toFixed(1), '')
row('disk, MB', result.disk.toFixed(0), '≤ 150')
for (const [kind, { p50, p95 }] of Object.entries(result.found)) {
  row(`search ${kind}, p95 (p50), ms`, `${p95.toFixed(0)} (${p50.toFixed(0)})`, kind === 'promoted' ? '≤ 60' : '≤ 400')
}
for (const [name, { ms, cpu }] of Object.entries(result.looked))
  row(`view: ${name}, p50 (CPU), ms`, `${ms.toFixed(0)} (${cpu.toFixed(0)})`, '')
row(
  '100,000 different failures: errors?limit=1, p50 (CPU), ms',
  `${result.failed.errors.ms.toFixed(0)} (${result.failed.errors.cpu.toFixed(0)})`,
  '≤ 300',
)
row('a question behind four that were given up, ms', result.failed.behind.toFixed(0), '≤ 100')
for (const [name, ms] of Object.entries(result.held))
  row(`event loop held by ${name}, at most, ms`, ms.toFixed(0), name === 'ingest' ? '' : '≤ 50')
row('RSS after (most), MB', `${result.rss.toFixed(0)} (${result.peak.toFixed(0)})`, '≤ 600')
spawnSync(process.execPath, [findTraces], { stdio: 'inherit' })
