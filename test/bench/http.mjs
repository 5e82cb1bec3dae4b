// `npm run bench:http [-- --rounds 15] [--requests 2000] [--frameworks express,node] [--candidates bare,ours]`: what recording each
// request costs a server at 32 connections, with all spans and metrics exported, compared with stock OpenTelemetry, EDOT and dd-trace.
// All servers run at the same time and receive requests in turn, one slice each, so that a machine whose speed drifts affects all of
// them alike. Each ratio is the median of the ratios of the rounds. Exported spans and measurements are compared with the number of
// requests that the generator sent. `-- --against FOLDER` compares ours with another built checkout of ours, without the peers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installOnce } from '../support/install.mjs'
import { load } from './http/load.mjs'
import { npmOptions, peers, quiet } from './peers.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    requests: { type: 'string', default: '2000' },
    frameworks: { type: 'string', default: 'express,fastify,hono,node' },
    candidates: { type: 'string' },
    against: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const requests = Number(values.requests)
const warmUp = 5_000
const here = path.join(path.dirname(fileURLToPath(import.meta.url)), 'http')
const root = path.resolve(here, '../../..')
const folder = installOnce(path.join(here, 'package.json'), 'bench-http', npmOptions)
// a package of its own: beside the peers in its package.json ours would stand down
const app = path.join(folder, 'app')
mkdirSync(app, { recursive: true })
cpSync(path.join(here, 'app.cjs'), path.join(app, 'app.cjs'))
writeFileSync(path.join(app, 'package.json'), '{"name":"http-bench","private":true}')

const ours = checkout => ['--require', path.join(checkout, 'dist/index.cjs')]
const all = {
  bare: { args: [] },
  ours: { args: ours(root) },
  ...Object.fromEntries(Object.entries(peers).map(([name, args]) => [name, { args }])),
  ...(values.against && { against: { args: ours(path.resolve(values.against)) } }),
}
const names =
  values.candidates?.split(',') ??
  (values.against ? ['bare', 'ours', 'against'] : ['bare', 'ours', ...Object.keys(peers)])

/** A process that answers lines with lines of JSON. */
function start(args, options) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    for (;;) {
      const { value, done } = await answers.next()
      if (done) throw new Error(`node ${args.join(' ')} ended with ${child.exitCode}`)
      if (value.startsWith('{')) return JSON.parse(value)
    }
  }
  return {
    said: next,
    ask() {
      child.stdin.write('?\n')
      return next()
    },
    async end() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

const sink = start([path.join(here, 'sink.mjs')])
const { port: sinkPort } = await sink.said()
const url = `http://127.0.0.1:${sinkPort}`
const common = {
  PATH: process.env.PATH,
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: '2000',
  OTEL_METRIC_EXPORT_TIMEOUT: '2000',
  OTEL_LOGS_EXPORTER: 'none',
  ...quiet,
  OTEL_SERVICE_NAME: 'shop',
  AFN_LOG_LEVEL: 'none',
  DD_TRACE_RATE_LIMIT: '-1',
  DD_TRACE_SAMPLE_RATE: '1',
}
/** From the last answer on, for the last batch and the last metrics. */
const exportMs = 6_000

async function startServer(framework, name) {
  // by its path the sink knows from whom something comes: the last points of a server that ends are none of the next framework's
  const env = {
    ...common,
    FRAMEWORK: framework,
    OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/${framework}-${name}`,
    DD_TRACE_AGENT_URL: url,
  }
  const server = start([...all[name].args, 'app.cjs'], { cwd: app, env })
  const { port } = await server.said()
  await load(port, warmUp)
  return { ...server, port, begun: await server.ask(), slices: [] }
}

async function slice(server) {
  const before = await server.ask()
  const figures = await load(server.port, requests)
  const { cpu } = await server.ask()
  server.slices.push({ ...figures, cpu: (cpu - before.cpu) / requests })
}

const middle = numbers => numbers.sort((a, b) => a - b)[numbers.length >> 1]
const sent = rounds * requests

console.log(
  `Node ${process.versions.node}, 32 connections, ${rounds} slices of ${requests} requests each in turn, after ${warmUp}.`,
)
console.log(
  '| | | CPU µs a request, least | median | with all of its export | CPU / bare | requests/s / bare | p99 / bare | spans / requests | measured / requests | B a request | RSS MB |\n|---|---|---|---|---|---|---|---|---|---|---|---|',
)
const verdicts = []
for (const framework of values.frameworks.split(',')) {
  const servers = {}
  for (const name of names) servers[name] = await startServer(framework, name)
  for (let round = 0; round < rounds; round++) {
    // each round begins with another one
    for (let i = 0; i < names.length; i++) await slice(servers[names[(i + round) % names.length]])
  }
  await new Promise(resolve => setTimeout(resolve, exportMs))
  const exported = await sink.ask()
  const least = {}
  for (const name of names) {
    const { slices, begun, ask, end } = servers[name]
    const ratio = figure =>
      servers.bare
        ? middle(slices.map((one, round) => one[figure] / servers.bare.slices[round][figure])).toFixed(2)
        : ''
    const cpu = slices.map(one => one.cpu).sort((a, b) => a - b)
    least[name] = cpu[0]
    const after = await ask()
    const { spans = 0, measured = 0, bytes = 0 } = exported[`${framework}-${name}`] ?? exported[name] ?? {}
    const cells = [
      cpu[0].toFixed(1),
      cpu[cpu.length >> 1].toFixed(1),
      ((after.cpu - begun.cpu) / sent).toFixed(1),
      ratio('cpu'),
      `${ratio('perSecond')} (${middle(slices.map(one => one.perSecond)).toFixed(0)})`,
      `${ratio('p99')} (${middle(slices.map(one => one.p99)).toFixed(1)} ms)`,
      (spans / (sent + warmUp)).toFixed(4),
      (measured / (sent + warmUp)).toFixed(4),
      (bytes / (sent + warmUp)).toFixed(0),
      (after.rss / 1_048_576).toFixed(0),
    ]
    console.log(`| ${framework} | ${name} | ${cells.join(' | ')} |`)
    await end()
  }
  const added = Object.entries(least).flatMap(([name, us]) =>
    name === 'bare' ? [] : [`${name} ${(us - least.bare).toFixed(1)}`],
  )
  if (least.bare !== undefined) verdicts.push(`${framework}: ${added.join(', ')}`)
}
if (verdicts.length > 0) console.log(`\nAdded CPU µs a request, least: ${verdicts.join('; ')}.`)
await sink.end()
