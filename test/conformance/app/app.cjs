// The app of the conformance run: makes the requests of a batch, one after the other, and says after each one the trace
// that it ran in. A parent span of its own separates the spans of the calls.
const { once } = require('node:events')
const { readFileSync } = require('node:fs')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const tls = require('node:tls')
const { flush } = require('@afn/otel/api')
const { trace } = require('@opentelemetry/api')

const patience = 30_000

const clients = {
  async fetch({ url, method, headers, body }) {
    const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(patience) })
    for await (const _ of response.body ?? []);
  },
  async http({ url, method, headers, body }) {
    const options = { method, headers, signal: AbortSignal.timeout(patience) }
    const request = plain(url)
      ? http.request(url, { ...options, createConnection: () => tls.connect({}) }).end(body)
      : https.request(url, options).end(body)
    const [response] = await once(request, 'response')
    await drained(response)
  },
  async http2({ url, method, headers, body }) {
    const { origin, pathname, search } = new URL(url)
    const session = http2.connect(origin, {
      ...(plain(url) && { createConnection: () => tls.connect({ ALPNProtocols: ['h2'] }) }),
    })
    session.on('error', () => {}) // its streams tell it
    const request = session.request({ ...headers, ':method': method, ':path': pathname + search })
    try {
      request.setTimeout(patience, () => request.destroy(new Error('no answer')))
      request.end(body)
      await drained(request)
    } finally {
      session.close()
    }
  },
}

/** The route stands at TLS, so what is plain goes that way, too. */
function plain(url) {
  return new URL(url).protocol === 'http:'
}

/** By `data`, which gives each piece as it came; iterating would join them. */
function drained(stream) {
  stream.on('data', () => {})
  return once(stream, 'end')
}

async function main() {
  const calls = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  const tracer = trace.getTracer('conformance')
  for (const { id, client, ...request } of calls) {
    await tracer.startActiveSpan('recording', async span => {
      let failure
      try {
        await clients[client]({
          ...request,
          headers: { ...request.headers, 'x-afn-recording': encodeURIComponent(id) },
        })
      } catch (error) {
        failure = `${error.name}: ${error.message}`
      }
      span.end()
      console.log(JSON.stringify({ id, traceId: span.spanContext().traceId, failure }))
    })
  }
  await flush(60_000)
}

main()
