// `npm run bench:pipeline [-- ROUNDS]`: what the funnel costs, compared with a plain pipeline and with two parallel tail samplers.
// The real Collector runs each of them in turn with the same load, everything on loopback. The sink is a Collector that discards
// what it receives. CPU is that of the Collector's process as the kernel counts it, so that other load of the machine matters less;
// the least of the rounds. Spans per second depend on the machine, which also generates and receives the load. The file variants.mjs
// describes the plain pipeline.
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, request as post } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { parse } from 'yaml'
import { startCollector } from './pipeline/collector.mjs'
import { variants } from './pipeline/variants.mjs'

const rounds = Number(process.argv[2] ?? 3)
const [spansToWarm, spansToMeasure, connections] = [30_000, Number(process.env.SPANS ?? 300_000), 8]

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const out = path.join(root, 'test/node_modules/.cache/afn-bench/pipeline')
await build({
  entryPoints: [path.join(here, 'pipeline/traffic.ts'), path.join(here, 'pipeline/binary.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outdir: out,
  logLevel: 'warning',
})
const { request } = await import(path.join(out, 'traffic.js'))
const { binary: find, config } = await import(path.join(out, 'binary.js'))
const binary = await find(here)

const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-pipeline-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const token = 'bench-token-of-this-run'
const [funnel, own] = [parse(config('contrib')), parse(config('afn'))]
const sink = await startCollector(binary, path.join(folder, 'sink'), {
  extensions: { health_check: funnel.extensions.health_check },
  receivers: { otlp: { protocols: { grpc: { ...funnel.receivers.otlp.protocols.grpc, max_recv_msg_size_mib: 64 } } } },
  exporters: { debug: { verbosity: 'basic' } },
  service: {
    extensions: ['health_check'],
    telemetry: { logs: { level: 'error' } },
    pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } },
  },
})
const otherStores = createServer((incoming, response) => incoming.resume().once('end', () => response.end()))
await new Promise(resolve => otherStores.listen(0, '127.0.0.1', resolve))
const stores = `http://127.0.0.1:${otherStores.address().port}`
const agent = new Agent({ keepAlive: true, maxSockets: connections })

/** Sends so many spans over all connections, each waiting for its answer. */
async function send(collector, { isMarked }, requests, spans) {
  const options = {
    agent,
    host: '127.0.0.1',
    port: isMarked ? collector.trusted : collector.http,
    path: '/v1/traces',
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${token}` },
  }
  let left = spans
  await Promise.all(
    requests.map(async one => {
      while (left > 0) {
        left -= one.spans
        one.renew()
        await new Promise((resolve, reject) => {
          const outgoing = post(options, response => {
            response.resume().once('end', () => {
              if (response.statusCode === 200) resolve()
              else reject(new Error(`the Collector answers ${response.statusCode}`))
            })
          })
          outgoing.once('error', reject).end(one.body)
        })
      }
    }),
  )
  return spans - left
}

async function measure(variant, name) {
  const collector = await startCollector(binary, path.join(folder, name), variant.config, {
    AFN_INGEST_TOKEN: token,
    AFN_TEMPO: `127.0.0.1:${sink.grpc}`,
    ...Object.fromEntries(
      ['AFN_PROMETHEUS', 'AFN_PROMETHEUS_MEDIUM', 'AFN_PROMETHEUS_LOW', 'AFN_LANGFUSE'].map(key => [key, stores]),
    ),
    AFN_DECISION_WAIT: '5s',
    AFN_AFTER_ROOT: '2s',
  })
  const requests = Array.from({ length: connections }, () => request(variant.isMarked === true))
  let sent = await send(collector, variant, requests, spansToWarm)
  const until = async () => {
    while ((await collector.delivered()) < sent) await sleep(500)
    // every trace is decided on, and kept ones are on their way
    await sleep(5_000)
  }
  await until()
  const [cpu, start] = [collector.cpu(), performance.now()]
  const spans = await send(collector, variant, requests, spansToMeasure)
  const seconds = (performance.now() - start) / 1_000
  sent += spans
  await until()
  const result = { micros: ((collector.cpu() - cpu) * 1e6) / spans, rate: spans / seconds, rss: collector.rss() }
  await collector.stop()
  rmSync(path.join(folder, name), { recursive: true, force: true })
  return result
}

const all = variants(funnel, own).filter(({ name }) => !process.argv[3] || name.includes(process.argv[3]))
const results = all.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, variant] of all.entries()) {
    results[index].push(await measure(variant, `${round}-${index}`))
    console.error(`round ${round + 1}: ${variant.name}: ${JSON.stringify(results[index].at(-1))}`)
  }
}
await sink.stop()
otherStores.close()
agent.destroy()

const least = (index, figure) => Math.min(...results[index].map(result => result[figure]))
const most = (index, figure) => Math.max(...results[index].map(result => result[figure]))
const bytes = Math.round(request(true).body.length / request(true).spans)
console.log(
  `\n${spansToMeasure} spans of ${bytes} bytes, ${rounds} rounds; least CPU and memory, most spans per second\n`,
)
console.log('| pipeline | CPU per span | of plain | spans/s | of plain | RSS at most |\n|---|---|---|---|---|---|')
for (const [index, { name }] of all.entries()) {
  const [cpu, rate, rss] = [least(index, 'micros'), most(index, 'rate'), least(index, 'rss')]
  const [cpuRatio, rateRatio] = [least(0, 'micros') / cpu, rate / most(0, 'rate')]
  console.log(
    `| ${name} | ${cpu.toFixed(1)} µs | ${cpuRatio.toFixed(2)} | ${Math.round(rate)} | ${rateRatio.toFixed(2)} | ${Math.round(rss)} MB |`,
  )
}
