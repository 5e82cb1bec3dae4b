// A Collector that has outages: takes traces over OTLP/HTTP and keeps how often each span came. A process of its own, so that
// it can be stopped (SIGSTOP): the kernel then takes connections and requests for it, which it answers when it goes on.
// Its parent says the mode, and asks for what came.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'

const { getProtoRoot } = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js')
const requestType = getProtoRoot().lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest')

/** By span: in how many requests that were answered with success. */
const taken = new Map()
/** When requests with spans came, and with what they were answered. */
const requests = []
let mode = 'up'
let port = 0
let server

function take(body) {
  for (const { scopeSpans } of requestType.decode(body).resourceSpans)
    for (const { spans } of scopeSpans)
      for (const { spanId } of spans) {
        const id = Buffer.from(spanId).toString('hex')
        taken.set(id, (taken.get(id) ?? 0) + 1)
      }
}

function onRequest(request, response) {
  const chunks = []
  request
    .on('error', () => {})
    .on('data', chunk => chunks.push(chunk))
    .on('end', () => {
      const body = Buffer.concat(chunks)
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      if (request.url === '/v1/traces' && plain.length > 0) requests.push({ at: Date.now(), mode })
      const answers = {
        up() {
          if (request.url === '/v1/traces') take(plain)
          response.end()
        },
        hanging() {},
        reset: () => request.socket.resetAndDestroy(),
        503: () => response.writeHead(503).end(),
        429: () => response.writeHead(429, { 'retry-after': '2' }).end(),
      }
      answers[mode]()
    })
}

function listen() {
  server = createServer({ keepAliveTimeout: 60_000 }, onRequest)
  return new Promise(resolve => {
    server.listen(port, '127.0.0.1', () => {
      port = server.address().port
      resolve()
    })
  })
}

async function become(wanted) {
  if (wanted === 'refused') {
    await new Promise(resolve => {
      server.close(resolve)
      server.closeAllConnections()
    })
  } else if (mode === 'refused') await listen()
  mode = wanted
}

process.on('message', async message => {
  if (message.mode) await become(message.mode)
  process.send({ port, requests, taken: message.mode ? undefined : [...taken] })
})
process.on('disconnect', () => process.exit())
await listen()
process.send({ port })
