// `npm run bench:local -- find [TRACES]`: how fast the explorer finds traces, with prompts and answers in them. 100,000 traces of five spans (or
// TRACES) in a data folder, then each question of the page that lists traces, for nothing typed and for words that many, few or no traces say,
// over HTTP, one at a time. How many traces say a word is what the generator counted.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundle, startUp } from './up.mjs'

const [traces, rounds, seconds, bar] = [Number(process.argv[3] ?? 100_000), 7, 3600, 400]
const out = await bundle('find', ['test/bench/local/conversations.ts', 'src/backend/explorer/traceql/search-text.ts'])
const { requests, said, spansPerTrace } = await import(path.join(out, 'conversations.js'))
const { readSearch } = await import(path.join(out, 'search-text.js'))

const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-find-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const { child, urls } = await startUp(path.join(out, 'main.js'), folder)

/** Seconds, of all threads of the server. */
const cpu = () => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
const sizeOf = data =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size, 0)

const end = Math.floor(Date.now() / 1000)
let bytes = 0
for (const body of requests(traces, end, seconds)) {
  bytes += body.length
  const send = () =>
    fetch(`${urls.OTLP}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body })
  let response = await send()
  for (; response.status === 503; response = await send()) await sleep(20)
  if (!response.ok) throw new Error(`answered ${response.status}`)
  await response.arrayBuffer()
}
// the index of words is made behind the writer: it is done when the server rests
for (let before = -1; cpu() - before > 0.05; await sleep(1500)) before = cpu()
const ingest = cpu()

async function ask(route, parameters) {
  const url = new URL(urls.explorer + route)
  for (const [name, value] of Object.entries({ start: end - seconds - 60, end: end + 60, ...parameters }))
    url.searchParams.set(name, value)
  const before = performance.now()
  const response = await fetch(url)
  const answer = await response.text()
  if (!response.ok) throw new Error(`${url}: ${response.status} ${answer}`)
  return { ms: performance.now() - before, answer: JSON.parse(answer) }
}

const list = { limit: 100, spss: 1, afn: 'true' }
const questions = {
  'search box': q => ['/api/search', { q, ...list }],
  facets: q => ['/api/afn/facets', { q }],
  'sort by cost': q => ['/api/search', { q, ...list, sort: 'cost', order: 'desc', offset: 0 }],
  'sort by duration': q => ['/api/search', { q, ...list, sort: 'duration', order: 'desc', offset: 0 }],
  'traces over time': q => ['/api/metrics/query_range', { q: `${q} | count_over_time() by (status)`, step: '60s' }],
  heatmap: q => ['/api/afn/heatmap', { q, y: 'duration' }],
}
const typed = ['', 'refund', 'chargeback', 'zeppelin', 'nothing-says-this', 'model-7', 'status = error']
const queryOf = text => readSearch(text).query

console.log(`${traces} traces of ${spansPerTrace} spans, ${(bytes / traces / 1000).toFixed(1)} KB each; ${(sizeOf(folder) / 1e6).toFixed(0)} MB on the disk, ${((ingest * 1e6) / traces / spansPerTrace).toFixed(0)} µs of CPU a span with the index of words\n`) // biome-ignore format: a line
console.log(`| question | p50, ms | p95, ms | CPU, ms | bar, p95 |\n|---|---|---|---|---|`)
for (const [name, question] of Object.entries(questions)) {
  const times = []
  const before = cpu()
  for (const text of typed) {
    const own = []
    await ask(...question(queryOf(text)))
    for (let round = 0; round < rounds; round++) own.push((await ask(...question(queryOf(text)))).ms)
    times.push(...own)
    console.error(
      `${Math.min(...own)
        .toFixed(0)
        .padStart(5)} to ${Math.max(...own).toFixed(0)} ms  ${name}: ${text}`,
    )
  }
  times.sort((a, b) => a - b)
  const used = ((cpu() - before) * 1000) / (typed.length * (rounds + 1))
  const at = share => times[Math.floor(times.length * share)].toFixed(0)
  console.log(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${used.toFixed(0)} | ≤ ${bar} |`)
}
for (const [word, count] of Object.entries(said)) {
  const { answer } = await ask('/api/afn/facets', { q: queryOf(word) })
  const service = answer.facets.find(({ name }) => name === 'service')
  const found = service.values.reduce((sum, each) => sum + each.traces, 0)
  console.log(`${word}: ${found} traces found, ${count} made`)
}
const ended = new Promise(resolve => child.once('exit', resolve))
child.kill('SIGTERM')
await ended
