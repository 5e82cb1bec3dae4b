// `npm run bench:lambda [-- ROUNDS [WAIT_MS]]`: what a function of AWS Lambda takes until its first invocation is asked for, for its first answer,
// and for each answer after that, in milliseconds of the clock: bare, with ours and with stock OpenTelemetry, whose process is stopped
// between two invocations. Each round starts one process of each. The handler makes one request by fetch, which is answered after
// WAIT_MS (0), and a Collector on this machine takes what is exported. Needs `npm run build`.

import { once } from 'node:events'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../support/install.mjs'
import { runtimeClients, startFunction } from '../support/lambda-runtime-api.mjs'
import { npmOptions, peers, quiet } from './peers.mjs'

const rounds = Number(process.argv[2] ?? 5)
const waitMs = Number(process.argv[3] ?? 0)
const warm = waitMs > 0 ? 10 : 200
const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const installed = installOnce(path.join(root, 'test/bench/http/package.json'), 'bench-http', npmOptions)
const folder = path.join(installed, 'lambda')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
cpSync(path.join(root, 'test/bench/lambda/app.cjs'), path.join(folder, 'app.js'))
writeFileSync(path.join(folder, 'package.json'), '{"name":"lambda-bench","private":true}')

let spans = 0
const server = http.createServer(async (request, response) => {
  for await (const _ of request);
  if (request.url === '/v1/traces') spans++
  if (request.url === '/') await setTimeout(waitMs)
  response.setHeader('content-type', 'application/json').end('{}')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}`

const all = {
  bare: '',
  ours: `--require ${path.join(root, 'dist/index.cjs')}`,
  ...Object.fromEntries(Object.entries(peers).map(([name, args]) => [name, args.join(' ')])),
}
const names = ['bare', 'ours', 'stock']
const figures = Object.fromEntries(names.map(name => [name, { start: [], first: [], warm: [], requests: 0 }]))
const since = begun => performance.now() - begun
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

for (let round = 0; round < rounds; round++)
  for (const name of names) {
    spans = 0
    const begun = performance.now()
    const env = { ...quiet, NODE_OPTIONS: all[name], URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url, AFN_SPOOL: 'false' }
    const line = process.versions.node.startsWith('20.') ? 20 : 24
    const shop = await startFunction({ folder, handler: 'app.handler', client: runtimeClients[line], env })
    await shop.ready
    figures[name].start.push(since(begun))
    for (let n = 0; n <= warm; n++) {
      const asked = performance.now()
      await shop.invoke({})
      figures[name][n === 0 ? 'first' : 'warm'].push(since(asked))
    }
    figures[name].requests = spans
    await shop.close()
  }
server.closeAllConnections()
server.close()

console.log(`Node ${process.versions.node}, ${rounds} rounds of ${warm} warm invocations; medians in ms`)
console.log('| | start | first invocation | warm invocation | exports of spans / invocations |\n|---|---|---|---|---|')
for (const name of names) {
  const { start, first, warm: each, requests } = figures[name]
  const cells = [start, first, each].map(values => median(values).toFixed(1))
  console.log(`| ${name} | ${cells.join(' | ')} | ${(requests / (warm + 1)).toFixed(2)} |`)
}
const added = key => name => median(figures[name][key]) - median(figures.bare[key])
const cold = name => added('start')(name) + added('first')(name)
console.log(`ours / stock, added to start and first invocation: ${(cold('ours') / cold('stock')).toFixed(2)}`)
console.log(
  `ours adds ${added('warm')('ours').toFixed(2)} ms to a warm invocation, stock ${added('warm')('stock').toFixed(2)}`,
)
