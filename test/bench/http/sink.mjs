// A Collector and an agent of Datadog at once. Keeps what comes, and counts it when it is asked, so that its work does not
// fall into the time that is measured: a line of stdin names the kind, the answer is a line of JSON.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'

const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js')
const typeOf = name => getProtoRoot().lookupType(`opentelemetry.proto.collector.${name}`)
const types = {
  '/v1/traces': typeOf('trace.v1.ExportTraceServiceRequest'),
  '/v1/metrics': typeOf('metrics.v1.ExportMetricsServiceRequest'),
}

let kept = []
const server = createServer((request, response) => {
  const chunks = []
  request
    .on('data', chunk => chunks.push(chunk))
    .on('end', () => {
      kept.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks) })
      response.setHeader('content-type', 'application/json').end('{}')
    })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))

/** By who sent it: spans of servers, the count of their histogram's last points, and bytes. */
function count() {
  const senders = {}
  for (const one of kept) {
    const [, name, path] = /^\/([^/]+)(\/v1\/.*)$/.exec(one.path) ?? [undefined, 'dd-trace', one.path]
    senders[name] ??= []
    senders[name].push({ ...one, path })
  }
  kept = []
  return Object.fromEntries(Object.entries(senders).map(([name, requests]) => [name, countOf(requests)]))
}

function countOf(requests) {
  let [spans, bytes] = [0, 0]
  const points = new Map()
  for (const { path, headers, body } of requests) {
    bytes += body.length
    // each trace of the measured app has one span of a server
    if (path.endsWith('/traces') && headers['x-datadog-trace-count']) spans += Number(headers['x-datadog-trace-count'])
    const type = types[path]
    if (!type) continue
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const message = headers['content-type'].includes('json') ? JSON.parse(plain) : type.decode(plain)
    for (const { scopeSpans } of message.resourceSpans ?? []) {
      spans += scopeSpans.flatMap(scope => scope.spans).filter(({ kind }) => kind === 2).length
    }
    for (const { scopeMetrics } of message.resourceMetrics ?? []) {
      for (const { name, histogram } of scopeMetrics.flatMap(scope => scope.metrics)) {
        if (name !== 'http.server.request.duration') continue
        for (const { attributes, count: total } of histogram.dataPoints)
          points.set(JSON.stringify(attributes), Number(total))
      }
    }
  }
  return { spans, bytes, measured: [...points.values()].reduce((sum, total) => sum + total, 0) }
}

process.stdin.on('data', () => console.log(JSON.stringify(count())))
process.stdin.on('end', () => process.exit(0))
