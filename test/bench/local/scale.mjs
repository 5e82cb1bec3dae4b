// `npm run bench:local -- scale [SPANS] [FOLDER]`: how fast `afn-otel up` answers with 10 M spans (or SPANS) of a day in the store while 5,000
// spans a second come in. What is in FOLDER stays there for the next run; without it a folder of its own is filled and removed. MAIN is another
// build of `src/cli/main.ts`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundle, startUp, stop } from './up.mjs'

const spans = Number(process.argv[3] ?? 10_000_000)
const [seconds, rounds, rate, bar] = [86_400, 12, 5_000, 400]
const out = await bundle('scale', ['test/bench/local/spans.ts'])
const { requests, spansPerRequest } = await import(path.join(out, 'spans.js'))

const SLICE = 100_000
const own = process.argv[4] ? undefined : mkdtempSync(path.join(tmpdir(), 'afn-bench-scale-'))
if (own) process.once('exit', () => rmSync(own, { recursive: true, force: true }))
const folder = own ?? process.argv[4]

async function start() {
  const begun = performance.now()
  const server = await startUp(process.env.MAIN ?? path.join(out, 'main.js'), folder)
  console.error(`started in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  return server
}

/** What one process has stored as the newest slice of the day, once more for each slice before it. */
async function multiply(slices) {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { storage_compatibility_version: 'v1.5.0' })
  const connection = await instance.connect()
  const run = sql => connection.run(sql)
  await run(`ATTACH '${path.join(folder, 'afn.duckdb')}' AS store (ROW_GROUP_SIZE 61440)`)
  await run('USE store')
  const step = BigInt(Math.round((seconds * 1e9) / slices))
  const shifted = {
    spans: ['seq', 'start_ns', 'received_ns'],
    trace_parts: [
      'first_seq',
      'root_seq',
      'first_ns',
      'last_start_ns',
      'last_ns',
      'fresh_ns',
      'newest_ns',
      'received_ns',
    ],
  }
  for (const [table, columns] of Object.entries(shifted)) {
    await run(`CREATE TABLE slice AS FROM ${table}`)
    await run(`DELETE FROM ${table}`)
    for (let n = 0; n < slices; n++) {
      const back = step * BigInt(slices - 1 - n)
      const moved = columns.map(
        column => `${column} ${column.endsWith('seq') ? `+ ${n * SLICE}` : `- ${back}`} AS ${column}`,
      )
      await run(`INSERT INTO ${table} SELECT * REPLACE (trace_id + ${n} AS trace_id, ${moved.join(', ')}) FROM slice`)
    }
    await run('DROP TABLE slice')
  }
  await run('CHECKPOINT store')
  connection.closeSync()
  instance.closeSync()
}

const memory = field =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) / 1024

async function send(body) {
  for (;;) {
    const response = await fetch(`${server.urls.OTLP}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body,
    }).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok) return
    // a connection that has rested while requests were made may be closed: what comes twice is stored once
    if (response && response.status !== 503) throw new Error(`answered ${response.status}`)
    await sleep(20)
  }
}

let server = await start()
const stats = await (await fetch(`${server.urls.explorer}/api/afn/stats`)).json()
let end = Math.floor(Date.now() / 1000)
if (stats.spans < spans) {
  for (const body of requests(SLICE, end, (seconds * SLICE) / spans)) await send(body)
  await sleep(2000)
  await stop(server.child)
  await multiply(spans / SLICE)
  server = await start()
} else end = Math.floor(stats.newest)

const list = { limit: 100, spss: 1, afn: 'true' }
const questions = {
  'search box: newest': ['/api/search', { q: '{}', ...list }],
  'search box: model': ['/api/search', { q: '{ span.gen_ai.request.model = "model-7" }', ...list }],
  'search box: errors': ['/api/search', { q: '{ status = error }', ...list }],
  'search box: a user': ['/api/search', { q: '{ span.user.id = "user-77" }', ...list }],
  'list by cost': ['/api/search', { q: '{}', ...list, sort: 'cost' }],
  'list by duration': ['/api/search', { q: '{}', ...list, sort: 'duration' }],
  overview: ['/api/afn/overview', {}],
  'overview of an hour': ['/api/afn/overview', { start: end - 3_600 }],
  'tier errors': ['/api/search', { q: '{}', ...list }, { 'x-scope-orgid': 'afn-errors' }],
  'tier sampled': [
    '/api/search',
    { q: '{ span.gen_ai.request.model = "model-7" }', ...list },
    { 'x-scope-orgid': 'afn-sampled' },
  ],
  sessions: ['/api/afn/sessions', { limit: 200 }],
  stats: ['/api/afn/stats', {}],
}

let isEnding = false
const sending = (async () => {
  const start = performance.now()
  for (let sent = 0; !isEnding; ) {
    for (const body of requests(rate / 2, Date.now() / 1000, 0.5)) {
      if (isEnding) return sent
      await send(body)
      sent += spansPerRequest
      const due = start + (sent / rate) * 1000
      if (due > performance.now()) await sleep(due - performance.now())
    }
  }
})()
await sleep(3000)
console.log(`\n${spans} spans of a day, ${rate} spans/s come in\n`)
console.log('| question | p50, ms | p95, ms | most, ms | bar, p95 |\n|---|---|---|---|---|')
for (const [name, [route, parameters, headers]] of Object.entries(questions)) {
  const times = []
  for (let round = 0; round <= rounds; round++) {
    const url = new URL(server.urls.explorer + route)
    const window = { start: end - seconds - 60, end: Math.floor(Date.now() / 1000) + 60 }
    for (const [key, value] of Object.entries({ ...window, ...parameters })) url.searchParams.set(key, value)
    const before = performance.now()
    const response = await fetch(url, { headers })
    const answer = await response.text()
    if (!response.ok) console.error(`${url}: ${response.status} ${answer}`)
    else if (round > 0) times.push(performance.now() - before)
    await sleep(100)
  }
  times.sort((a, b) => a - b)
  const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(0) ?? 'none'
  console.log(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ≤ ${bar} |`)
}
isEnding = true
await sending
console.log(`\nRSS ${memory('VmRSS').toFixed(0)} MB, at most ${memory('VmHWM').toFixed(0)} MB`)
await stop(server.child)
