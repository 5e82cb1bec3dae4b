// `npm run bench:delivery [-- ROUNDS]`: how spans reach a Collector, beside OpenTelemetry's BatchSpanProcessor with its OTLP
// exporter (protobuf), in turn in one run, each in a process of its own with its defaults. `ours` is the room src/app/delivery
// behind OpenTelemetry's TracerProvider, `preload` the whole product: copies, normalising, redaction and all.
// CPU is what the kernel counts for the process, the least of the rounds; latency is from the end of a span to the arrival of
// its request. The black-holed address has a full backlog (test/support/black-hole.ts).
// `npm run bench:delivery -- outages [SECONDS] [FOLDER …]` prints the last table alone: a Collector that is away (test/support/outage.ts),
// beside @opentelemetry/auto-instrumentations-node as its users start it, and builds of this package in other folders.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { createServer as createTcpServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'

const isOutagesAlone = process.argv[2] === 'outages'
const rounds = isOutagesAlone ? 0 : Number(process.argv[2] ?? 3)
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const cache = path.join(root, 'test/node_modules/.cache/afn-bench/delivery')
const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js')
const requestType = getProtoRoot().lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest')

if (!existsSync(path.join(root, 'dist/start.cjs'))) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root })
rmSync(cache, { recursive: true, force: true })
mkdirSync(cache, { recursive: true })
symlinkSync(path.join(root, 'dist/chunks'), path.join(cache, 'chunks'))
const entryPoints = ['delivery/ours.ts', '../support/black-hole.ts', '../support/outage.ts'].map(file =>
  path.join(here, file),
)
await build({ entryPoints, bundle: true, platform: 'node', outdir: cache, entryNames: '[name]', logLevel: 'warning' })
const { startBlackHole } = createRequire(import.meta.url)(path.join(cache, 'black-hole.js'))
const { outages, whileAway } = createRequire(import.meta.url)(path.join(cache, 'outage.js'))

const kinds = { upstream: 'OpenTelemetry', ours: 'src/app/delivery', preload: 'the preload' }

/** A Collector that answers after some time, and notes when what came. */
async function collector(answerMs) {
  const requests = []
  const server = createServer((request, response) => {
    const chunks = []
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        const body = Buffer.concat(chunks)
        requests.push({ at: Date.now(), body, gzip: request.headers['content-encoding'] === 'gzip' })
        setTimeout(() => response.end(), answerMs)
      })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
    /** What was received, decoded. */
    received() {
      const spans = requests.flatMap(({ at, body, gzip }) =>
        requestType
          .decode(gzip ? gunzipSync(body) : body)
          .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)
          .flatMap(({ spans }) => spans)
          .map(({ endTimeUnixNano }) => at - Number(endTimeUnixNano) / 1e6),
      )
      const latencies = spans.sort((a, b) => a - b)
      return {
        requests: requests.length,
        spans: spans.length,
        bytes: requests.reduce((sum, { body }) => sum + body.length, 0),
        median: Math.round(latencies[Math.floor(latencies.length / 2)] ?? 0),
        largest: Math.round(latencies.at(-1) ?? 0),
      }
    },
  }
}

/** A process that has not ended by then is killed. */
const longestMs = 60_000

/** @returns what the app says, and how long the process took to end after it */
function app(kind, mode, url, env = {}) {
  const preload = kind === 'preload' ? ['--require', path.join(root, 'dist/index.cjs')] : []
  const child = spawn(process.execPath, [...preload, path.join(here, 'delivery/app.cjs'), kind, mode], {
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_METRICS_EXPORTER: 'none',
      AFN_STAND_DOWN: 'false',
      AFN_LOG_LEVEL: 'none',
      OURS: path.join(cache, 'ours.js'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  let saidAt = 0
  child.stdout.on('data', chunk => {
    said += chunk
    saidAt = performance.now()
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), longestMs)
  return new Promise((resolve, reject) => {
    child.on('close', (_, signal) => {
      clearTimeout(limit)
      try {
        resolve({ ...JSON.parse(said), endMs: Math.round(performance.now() - saidAt), isKilled: signal !== null })
      } catch {
        reject(new Error(`${kind} ${mode}: ${said}`))
      }
    })
  })
}

const best = (results, key) => results.reduce((least, one) => (one[key] < least[key] ? one : least))

async function inTurn(mode, answerMs, print) {
  const results = Object.fromEntries(Object.keys(kinds).map(kind => [kind, []]))
  for (let round = 0; round < rounds; round++) {
    for (const kind of Object.keys(kinds)) {
      const { url, close, received } = await collector(answerMs)
      const said = await app(kind, mode, url)
      results[kind].push({ ...said, ...received() })
      close()
    }
  }
  for (const [kind, all] of Object.entries(results)) console.log(print(kinds[kind], all))
}

/** Each build's at the same time: they wait most of it, and what is printed are counts. */
async function away(seconds, others) {
  console.log(
    `\nA Collector that is away for ${seconds} s, 100 spans/s with prompts of 2 kB: lost of made; arrived twice; MB of memory grown`,
  )
  const folder = mkdtempSync(path.join(cache, 'outages-'))
  const builds = {
    OpenTelemetry: undefined,
    ...Object.fromEntries(others.map(other => [other, path.resolve(other)])),
    'this build': path.join(root, 'dist'),
  }
  const row = async ([name, dist]) => {
    const cells = outages.map(async outage => {
      const TMPDIR = path.join(folder, `${path.basename(name)}-${outage}`)
      mkdirSync(TMPDIR)
      const { made, lost, doubled, grownBytes } = await whileAway({
        outage,
        ms: seconds * 1_000,
        support: path.join(root, 'test/support'),
        preload: dist ? path.join(dist, 'index.cjs') : '@opentelemetry/auto-instrumentations-node/register',
        cwd: root,
        env: { TMPDIR, OTEL_BSP_SCHEDULE_DELAY: '5000', ...(dist && { FLUSH_BY: path.join(dist, 'api.cjs') }) },
      })
      const sum = counts => counts.reduce((all, count) => all + count, 0)
      return `${sum(lost)} of ${sum(made)}; ${doubled}; ${Math.round(grownBytes / 2 ** 20)}`
    })
    return `| ${name} | ${(await Promise.all(cells)).join(' | ')} |`
  }
  console.log(`| | ${outages.join(' | ')} |\n|---|${'---|'.repeat(outages.length)}`)
  for (const build of Object.entries(builds)) console.log(await row(build))
}

if (isOutagesAlone) {
  await away(Number(process.argv[3] ?? 20), process.argv.slice(4))
  process.exit()
}

console.log(`least of ${rounds} rounds, Node ${process.version}\n`)

console.log('200 spans/s for 20 s, a Collector that answers after 20 ms')
console.log('| | spans | requests | CPU ms | bytes | latency ms, median | largest |\n|---|---|---|---|---|---|---|')
await inTurn('steady', 20, (name, all) => {
  const { spans, requests, cpuMs, bytes, median, largest } = best(all, 'cpuMs')
  return `| ${name} | ${spans} | ${requests} | ${cpuMs} | ${bytes} | ${median} | ${largest} |`
})

console.log('\n100,000 spans of 12 attributes, 512 in each tick, a Collector that answers at once')
console.log('| | CPU µs for each that arrived | requests | arrived |\n|---|---|---|---|')
await inTurn('busy', 0, (name, all) => {
  const { requests, cpuMs, spans } = best(all, 'cpuMs')
  return `| ${name} | ${((cpuMs * 1_000) / spans).toFixed(1)} | ${requests} | ${spans} |`
})

console.log('\nflush() at 4,000 spans/s, a Collector that answers after 100 ms')
console.log('| | ms | ended before the call | of them arrived at its end |\n|---|---|---|---|')
await inTurn('flush', 100, (name, all) => {
  const { flushMs, before, delivered } = best(all, 'flushMs')
  return `| ${name} | ${flushMs} | ${before} | ${delivered ?? 'unknown'} |`
})

console.log('\nA Collector that takes requests and answers none: what a span costs that finds the queue full')
const queues = [2_048, 20_000, 100_000]
console.log(`| CPU µs a span | queue of ${queues.join(' | ')} |\n|---|${'---|'.repeat(queues.length)}`)
{
  const silent = createTcpServer(() => {})
  await new Promise(resolve => silent.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${silent.address().port}`
  for (const kind of Object.keys(kinds)) {
    const figures = []
    for (const queue of queues) {
      const all = []
      for (let round = 0; round < rounds; round++)
        all.push(await app(kind, 'full', url, { OTEL_BSP_MAX_QUEUE_SIZE: String(queue) }))
      figures.push(best(all, 'usOfOne').usOfOne)
    }
    console.log(`| ${kinds[kind]} | ${figures.join(' | ')} |`)
  }
  silent.close()
}

console.log('\nA black-holed address, an app that works for 3 s and leaves nothing to do')
console.log('| | ms from the end of its work to the end of the process |\n|---|---|')
for (const kind of Object.keys(kinds)) {
  const { url, close } = await startBlackHole()
  const { endMs, isKilled } = await app(kind, 'end', url, { OTEL_BSP_SCHEDULE_DELAY: '200' })
  console.log(`| ${kinds[kind]} | ${isKilled ? `more than ${endMs}` : endMs} |`)
  close()
}

await away(20, [])
