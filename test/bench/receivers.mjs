// `npm run bench:receivers [-- TEXT]`: what one request costs a receiver, for each body of test/support/attack-bodies.mjs whose
// name has TEXT in it: CPU of all threads and growth of the resident memory, of a real process with `afn-otel up`, with `up --redact`, and
// with `otlpHandler` behind a server of node:http. Each body comes packed by gzip, as large as the receiver takes them.
// Then 60 of the worst at once, and how long the process takes to answer another question, and to end by SIGTERM, meanwhile.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { attacks } from '../support/attack-bodies.mjs'

const only = process.argv[2] ?? ''
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const out = path.join(root, 'test/node_modules/.cache/afn-bench/receivers')
await build({
  entryPoints: { main: path.join(root, 'src/cli/main.ts'), handler: path.join(here, 'receivers/handler.ts') },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['@duckdb/node-api'],
  outdir: out,
  logLevel: 'warning',
})

const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-receivers-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @returns the process and the base of its OTLP, and of what it answers beside */
async function start(name, script, args, base) {
  const child = spawn(process.execPath, [path.join(out, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const urls = {}
  for await (const line of createInterface({ input: child.stdout })) {
    const [, key, url] = /^(\w+)\s+(http\S+)/.exec(line) ?? []
    if (key) urls[key] = url
    if (urls.explorer && urls.OTLP) break
  }
  return { name, child, pid: child.pid, otlp: urls.OTLP + base, ready: `${urls.explorer}/ready` }
}

const up = (name, ...more) =>
  start(
    name,
    'main.js',
    [
      'up',
      '--port',
      '0',
      '--otlp-port',
      '0',
      '--grpc-port',
      'none',
      '--data',
      mkdtempSync(path.join(folder, 'up-')),
      ...more,
    ],
    '/v1',
  )

/** MB. */
const memory = (pid, field) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
/** Milliseconds, of all threads. */
function cpu(pid) {
  const threads = readdirSync(`/proc/${pid}/task`)
  return (
    threads.reduce(
      (sum, id) => sum + Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
      0,
    ) / 1e6
  )
}
/** From here on VmHWM is the highest of the time to come. */
const forgetPeak = pid => writeFileSync(`/proc/${pid}/clear_refs`, '5')

const agent = new Agent({ maxSockets: 100 })
const post = ({ otlp }, { signal, type, packed }) =>
  new Promise(resolve => {
    const { origin } = new URL(otlp)
    const headers = { 'content-type': type, 'content-encoding': 'gzip', origin }
    const sent = request(`${otlp}/${signal}`, { method: 'POST', headers, agent }, response => {
      let text = ''
      response
        .on('data', chunk => (text += chunk))
        .once('end', () => {
          if (process.env.SHOW && response.statusCode === 400) console.log(text.slice(0, 200))
          resolve(response.statusCode)
        })
    })
    sent.once('error', error => resolve(error.code)).end(packed)
  })
const answered = url =>
  new Promise(resolve => {
    const begun = performance.now()
    get(url, { agent: false }, response =>
      response.resume().once('end', () => resolve(performance.now() - begun)),
    ).once('error', () => resolve(Number.POSITIVE_INFINITY))
  })

async function measureOnce(server, attack) {
  forgetPeak(server.pid)
  const [before, cpuBefore] = [memory(server.pid, 'VmRSS'), cpu(server.pid)]
  let isOver = false
  let longest = 0
  const response = post(server, attack).finally(() => (isOver = true))
  while (!isOver) {
    longest = Math.max(longest, await answered(server.ready))
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return {
    status: await response,
    cpu: cpu(server.pid) - cpuBefore,
    memory: memory(server.pid, 'VmHWM') - before,
    longest,
  }
}

/** The median by CPU of three: what the engine compiles for the first one, nobody can have again. */
async function measure(server, attack) {
  const three = []
  for (let n = 0; n < 3; n++) three.push(await measureOnce(server, attack))
  const most = name => Math.max(...three.map(one => one[name]))
  const median = three.sort((a, b) => a.cpu - b.cpu)[1]
  return { ...median, memory: most('memory'), longest: most('longest') }
}

const columns = (...parts) =>
  console.log(parts.map((part, at) => (at === 0 ? String(part).padEnd(56) : String(part).padStart(9))).join(' '))

for (const [begin, most, bar] of [
  [() => up('afn-otel up'), 16 * 2 ** 20, 1000],
  [() => up('afn-otel up --redact', '--redact'), 16 * 2 ** 20, 1000],
  [() => start('otlpHandler', 'handler.js', [], '/api/otel/v1'), 2 ** 17, 50],
]) {
  let server = await begin()
  const chosen = Object.entries(attacks(most))
    .filter(
      ([name, { type, signal }]) =>
        name.includes(only) && (server.name !== 'otlpHandler' || (type === 'application/json' && signal !== 'metrics')),
    )
    .map(([name, { body, ...more }]) => ({ name, size: body.length, packed: gzipSync(body), ...more }))
  console.log(`\n${server.name}: ${chosen.length} bodies`)
  columns('', 'packed KB', 'status', 'CPU ms', 'RSS +MB', 'other ms')
  // the first request compiles what all need
  for (let n = 0; n < 3; n++)
    for (const attack of chosen.filter(({ name }) => /small|prose/.test(name)).slice(0, 3)) await post(server, attack)
  const results = []
  for (const attack of chosen) {
    const result = await measure(server, attack)
    results.push({ attack, ...result })
    columns(
      attack.name,
      (attack.packed.length / 1024).toFixed(1),
      result.status,
      result.cpu.toFixed(0),
      result.memory.toFixed(0),
      result.longest.toFixed(0),
    )
  }
  const worst = results.toSorted((a, b) => b.cpu - a.cpu)[0]
  console.log(
    `over ${bar} ms or 300 MB: ${results.filter(({ cpu, memory }) => cpu > bar || memory > 300).length} of ${results.length}; highest ${worst.cpu.toFixed(0)} ms (${worst.attack.name}), ${Math.max(...results.map(({ memory }) => memory)).toFixed(0)} MB`,
  )
  server.child.kill()

  server = await begin()
  forgetPeak(server.pid)
  const before = memory(server.pid, 'VmRSS')
  const all = Promise.all(Array.from({ length: 60 }, () => post(server, worst.attack)))
  await new Promise(resolve => setTimeout(resolve, 300))
  const other = await answered(server.ready)
  const begun = performance.now()
  const ended = new Promise(resolve => server.child.once('exit', resolve))
  const grown = memory(server.pid, 'VmHWM') - before
  server.child.kill('SIGTERM')
  while ((await answered(server.ready)) < Number.POSITIVE_INFINITY) await new Promise(resolve => setTimeout(resolve, 5))
  const deaf = performance.now() - begun
  await ended
  const counts = new Map()
  for (const status of await all) counts.set(status, (counts.get(status) ?? 0) + 1)
  console.log(
    `60 of the worst at once: ${[...counts].map(([status, count]) => `${count} × ${status}`).join(', ')}; another question ${other.toFixed(0)} ms, RSS +${grown.toFixed(0)} MB, takes nothing more ${deaf.toFixed(0)} ms after SIGTERM, gone ${(performance.now() - begun).toFixed(0)} ms after it`,
  )
}
