// `npm run bench:clients [-- ROUNDS]`: what a query of pg and a command of redis and ioredis cost on real servers, for ours and three
// peers. Each call has its own span, and all spans are recorded and exported. One process of each runs in turn. Prints the CPU of the
// client's process, the least of the rounds.
import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { install } from '../../scripts/install.mjs'
import { installPeers } from './install.mjs'
import { npmOptions, peers, quiet } from './peers.mjs'

const rounds = Number(process.argv[2] ?? 5)
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const out = path.join(root, 'test/node_modules/.cache/afn-bench/clients/services.mjs')
install('test')
await build({
  entryPoints: [path.join(root, 'test/support/services.ts')],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  outfile: out,
  logLevel: 'warning',
})
const { hasPostgres, hasRedis, startPostgres, startRedis } = await import(out)
if (!hasPostgres || !hasRedis)
  throw new Error('bench:clients needs the servers of PostgreSQL and Redis: apt-get install postgresql redis-server')

const folder = installPeers(path.join(here, 'clients/package.json'), 'bench-clients', npmOptions)
// a package of its own: beside the peers in its package.json ours would stand down
const app = path.join(folder, 'app')
cpSync(path.join(here, 'clients/app.cjs'), path.join(app, 'app.cjs'), { recursive: true })
writeFileSync(path.join(app, 'package.json'), '{"name":"clients-bench","private":true}')

const candidates = {
  bare: [],
  '@afn/otel': ['--require', '@afn/otel'],
  ...peers,
}
/** Bytes of exports since the last process began; a tool that exports nothing has not been measured. */
let exported = 0
const receiver = createServer((request, response) => {
  request.on('data', chunk => {
    exported += chunk.length
  })
  request.on('end', () => {
    response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain')
    response.end()
  })
})
await new Promise(resolve => receiver.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${receiver.address().port}`
const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
const env = {
  PATH: process.env.PATH,
  POSTGRES: String(postgres.port),
  REDIS: String(redis.port),
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  ...quiet,
  OTEL_TRACES_SAMPLER: 'always_on',
  DD_TRACE_AGENT_URL: url,
  DD_TRACE_OTEL_ENABLED: 'true',
}

/** In a process beside this one, whose event loop takes the exports meanwhile. */
function once(name, args) {
  exported = 0
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args, 'app.cjs'], { cwd: app, env }, (error, stdout) => {
      const line = stdout.split('\n').find(text => text.startsWith('{"span"'))
      if (error || !line) return reject(error ?? new Error(`${name} has printed no figures: ${stdout}`))
      if (exported > 0 !== args.length > 0) return reject(new Error(`${name} has exported ${exported} bytes`))
      resolve(JSON.parse(line))
    })
  })
}

const results = Object.fromEntries(Object.keys(candidates).map(name => [name, []]))
try {
  for (let round = 0; round < rounds; round++)
    for (const [name, args] of Object.entries(candidates)) results[name].push(await once(name, args))
} finally {
  receiver.close()
  await Promise.all([postgres.stop(), redis.stop()])
}

const least = (name, figure, of) => Math.min(...results[name].map(result => result[figure][of]))
const clients = ['pg', 'redis', 'ioredis']
const added = (name, figure, of) => least(name, figure, of) - least('bare', figure, of)
const bare = clients.map(client => `${client} ${least('bare', client, 'call').toFixed(0)}`)
console.log(`Node ${process.versions.node}, ${rounds} rounds interleaved; bare, µs of CPU: ${bare.join(', ')}`)
for (const [of, title] of Object.entries({ call: 'without exports', sent: 'with their exports' })) {
  console.log(
    `| + µs of CPU, ${title} | a span alone | with a query of pg | a command of redis | of ioredis |\n|---|---|---|---|---|`,
  )
  for (const name of Object.keys(candidates).slice(1))
    console.log(`| ${name} | ${['span', ...clients].map(figure => added(name, figure, of).toFixed(1)).join(' | ')} |`)
  const ratios = clients.map(client => {
    const lowest = Math.min(...Object.keys(peers).map(name => added(name, client, of)))
    return `${client} ${(added('@afn/otel', client, of) / lowest).toFixed(2)}`
  })
  console.log(`\nours / lowest of the peers, ${title}: ${ratios.join(', ')}`)
}
