// `npm run bench:soak [-- REQUESTS]`: the load of an hour at 20 requests per second (72,000, or REQUESTS), sent as fast as the machine
// can, first to a bare app and then to one with the preload. Each request calls a model once; one in ten streams, one in fifty fails.
// Prints what the process holds after each twentieth of the load, how much that grows over the last three quarters, whether all
// spans arrived, and a histogram of the turns of the event loop. A turn is measured in CPU time of its thread, so that other load
// of the machine does not count.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { installPeers } from './install.mjs'

const requests = Number(process.argv[2] ?? 72_000)
const [samples, connections, requestsOfTurns] = [20, 16, 4000]
const here = path.dirname(fileURLToPath(import.meta.url))
const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js')
const spansType = getProtoRoot().lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest')
const folder = installPeers(path.join(here, 'llm/package.json'), 'bench-llm')
// a package of its own: beside the peers in its package.json ours would stand down
const app = path.join(folder, 'soak-app')
cpSync(path.join(here, 'soak'), app, { recursive: true })
writeFileSync(path.join(app, 'package.json'), '{"name":"soak-bench","private":true}')

const provider = spawn(process.execPath, [path.join(here, 'llm/provider.mjs')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.once('exit', () => provider.kill())
const [address] = await once(provider.stdout, 'data')

/** Spans by the kind of their first word, as a Collector has taken them. */
async function startReceiver() {
  const bodies = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.url === '/v1/traces') bodies.push([request.headers['content-encoding'], Buffer.concat(chunks)])
    response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain')
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
    count(kind) {
      let count = 0
      for (const [encoding, body] of bodies)
        for (const { scopeSpans } of spansType.decode(encoding === 'gzip' ? gunzipSync(body) : body).resourceSpans)
          for (const { spans } of scopeSpans) count += spans.filter(span => span.kind === kind).length
      return count
    },
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: connections })
async function ask(url) {
  const [response] = await once(get(url, { agent }), 'response')
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return text
}

/** Requests `from` to `to`, some of them at once. */
async function load(url, from, to, atOnce = connections) {
  let next = from
  const one = async () => {
    while (next < to) await ask(`${url}/orders/${next++}`)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function measure(args) {
  const receiver = await startReceiver()
  const child = spawn(process.execPath, ['--expose-gc', ...args, 'app.cjs'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PROVIDER: String(address).trim(),
      AFN_CAPTURE_CONTENT: 'redacted',
      AFN_LOG_LEVEL: 'warn',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_METRIC_EXPORT_INTERVAL: '2000',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  })
  const [line] = await once(child.stdout, 'data')
  const url = String(line).trim()
  await load(url, 0, requests / samples) // until the engine has optimised, and pools are filled
  await ask(`${url}/turns/start`)
  await load(url, 0, requestsOfTurns, 1) // or a turn has the work of several requests
  const turns = JSON.parse(await ask(`${url}/turns/stop`))
  const held = []
  for (let i = 0; i < samples; i++) {
    await load(url, (i * requests) / samples, ((i + 1) * requests) / samples)
    held.push(JSON.parse(await ask(`${url}/sample`)))
  }
  child.kill('SIGTERM')
  await once(child, 'exit')
  const asked = requests + requests / samples + requestsOfTurns + samples + 2
  const [servers, clients] = args.length ? [receiver.count(2), receiver.count(3)] : []
  receiver.close()
  return { turns, held, asked, servers, clients }
}

/** Slope of the least squares over the last three quarters of the samples, for 10,000 requests. */
function growth(held, figure) {
  const values = held.slice(samples / 4).map(sample => sample[figure])
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [above, below] = values.reduce(
    ([xy, xx], value, x) => [xy + (x - middle) * (value - mean), xx + (x - middle) ** 2],
    [0, 0],
  )
  return (above / below) * (10_000 / (requests / samples))
}

const results = { bare: await measure([]), '@afn/otel': await measure(['--require', '@afn/otel']) }
provider.kill()
agent.destroy()

const mb = bytes => (bytes / 1048576).toFixed(1)
console.log(`Node ${process.versions.node}, ${requests} requests over ${connections} connections, content redacted.`)
console.log(
  '| | after | heap MB | external MB | RSS MB | descriptors | timers | resources |\n|---|---|---|---|---|---|---|---|',
)
for (const [name, { held }] of Object.entries(results)) {
  for (const part of [1, 5, 10, 15, 20]) {
    const { heap, external, rss, descriptors, timers, resources } = held[part - 1]
    console.log(
      `| ${name} | ${(part * requests) / samples} | ${mb(heap)} | ${mb(external)} | ${mb(rss)} | ${descriptors} | ${timers} | ${resources} |`,
    )
  }
}
console.log('\n| growth for 10,000 requests | heap kB | external kB | RSS kB | descriptors |\n|---|---|---|---|---|')
for (const [name, { held }] of Object.entries(results)) {
  const [heap, external, rss] = ['heap', 'external', 'rss'].map(figure => (growth(held, figure) / 1024).toFixed(1))
  console.log(`| ${name} | ${heap} | ${external} | ${rss} | ${growth(held, 'descriptors').toFixed(2)} |`)
}
console.log(
  '\n| turns of the event loop, ms of CPU | turns | p50 | p99 | p99.9 | p99.99 | longest | above 10 ms |\n|---|---|---|---|---|---|---|---|',
)
for (const [name, { turns }] of Object.entries(results)) {
  const cells = [turns.p50, turns.p99, turns.p999, turns.p9999, turns.max].map(us => (us / 1000).toFixed(2))
  console.log(`| ${name} | ${turns.count} | ${cells.join(' | ')} | ${turns.above} |`)
}
const { asked, servers, clients } = results['@afn/otel']
const failed = [requests, requests / samples, requestsOfTurns].reduce((sum, count) => sum + Math.ceil(count / 50), 0)
console.log(
  `\nspans of ${asked} requests: ${servers} of the server; of ${asked - failed - samples - 2} calls of the model: ${clients}`,
)
