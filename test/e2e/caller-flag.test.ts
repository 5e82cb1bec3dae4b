// A service of ours in a fleet whose callers sample: it records all, and below it the caller's decision holds.
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const sdk = '@modelcontextprotocol/sdk'
const modules = {
  [sdk]: path.join(peers, sdk),
  zod: path.join(peers, 'zod'),
  '@opentelemetry/api': '@opentelemetry/api',
}

/** `/` sends on by every way there is; the other end of each is a service that says what it got. */
const app = `
const http = require('node:http')
const { setTimeout: later } = require('node:timers/promises')
const { context, propagation, trace } = require('@opentelemetry/api')
const { Client } = require('${sdk}/client/index.js')
const { Server } = require('${sdk}/server/index.js')
const { InMemoryTransport } = require('${sdk}/inMemory.js')
const { ListToolsRequestSchema } = require('${sdk}/types.js')

const get = url => new Promise(resolve => http.get(url, { agent: false }, response => {
  let body = ''
  response.on('data', chunk => { body += chunk }).on('end', () => resolve(JSON.parse(body)))
}))

async function mcp() {
  let meta
  const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, request => {
    meta = request.params._meta
    return { tools: [] }
  })
  const client = new Client({ name: 'c', version: '1' })
  const [one, other] = InMemoryTransport.createLinkedPair()
  await server.connect(one)
  await client.connect(other)
  await client.listTools()
  await client.close()
  return meta
}

/** As producers of queues write the headers of a message. */
const message = () => trace.getTracer('queue').startActiveSpan('send', span => {
  const headers = {}
  propagation.inject(context.active(), headers)
  span.end()
  return headers
})

const server = http.createServer(async (request, response) => {
  if (request.url === '/below') return response.end(JSON.stringify(request.headers))
  const below = 'http://127.0.0.1:' + server.address().port + '/below'
  await later(5)
  const active = propagation.setBaggage(context.active(), propagation.createBaggage({ 'user.id': { value: 'ann' } }))
  const sent = { http: await get(below), fetch: await (await fetch(below)).json(), message: message(), mcp: await context.with(active, mcp) }
  response.end(JSON.stringify(sent))
}).listen(0, '127.0.0.1', () => console.log('ready ' + server.address().port))`

const traceId = '5b8efff798038103d269b633813fc60c'
const spanId = 'eee19b7ec3c1b174'
const xrayRoot = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`

/** What a caller sends who has decided, and how the flag is read from headers. */
const formats: Record<string, [headers: (flag: 0 | 1) => Record<string, string>, flag: RegExp, header: string]> = {
  tracecontext: [
    flag => ({ traceparent: `00-${traceId}-${spanId}-0${flag}`, tracestate: 'vendor=1' }),
    /-0(\d)$/,
    'traceparent',
  ],
  b3: [flag => ({ b3: `${traceId}-${spanId}-${flag}` }), /-(\d)$/, 'b3'],
  b3multi: [
    flag => ({ 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': String(flag) }),
    /^(\d)$/,
    'x-b3-sampled',
  ],
  jaeger: [flag => ({ 'uber-trace-id': `${traceId}:${spanId}:0:${flag}` }), /:0?(\d)$/, 'uber-trace-id'],
  xray: [
    flag => ({ 'x-amzn-trace-id': `Root=${xrayRoot};Parent=${spanId};Sampled=${flag}` }),
    /Sampled=(\d)/,
    'x-amzn-trace-id',
  ],
}

it.each(Object.entries(formats))(
  'what a caller says of sampling is sent on, and all is recorded: %s',
  async (name, [headers, flag, header]) => {
    const receiver = await startReceiver()
    const answers: Record<string, Record<string, string>>[] = []
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_PROPAGATORS: `${name},baggage`,
      },
      // from here: a caller under our own preload would write a context of its own
      onReady: async child => {
        const url = `http://127.0.0.1:${/ready (\d+)/.exec(child.stdout())?.[1]}/`
        for (const flag of [0, 1] as const) answers.push(await (await fetch(url, { headers: headers(flag) })).json())
        child.kill('SIGTERM')
      },
    })
    const spans = receiver.spans()
    await receiver.close()
    expect(outcome).toMatchObject({ signal: 'SIGTERM', stderr: '' })
    expect(answers).toHaveLength(2)
    for (const [expected, sent] of answers.entries()) {
      for (const [way, carried] of Object.entries(sent)) {
        const found = Object.entries(carried).find(([key]) => key.toLowerCase() === header)?.[1]
        expect([way, found && flag.exec(found)?.[1]]).toEqual([way, String(expected)])
        // nothing of ours but that
        expect(carried.tracestate).toBe(name === 'tracecontext' ? 'vendor=1' : undefined)
      }
      // who the user is goes to no server of strangers
      expect(Object.keys(sent.mcp!).filter(key => /baggage|uberctx/.test(key))).toEqual([])
    }
    const ours = spans.filter(span => span.traceId === traceId)
    // ours below ours too: by http and by fetch
    expect(ours.filter(({ kind, name }) => kind === 2 && name.startsWith('GET'))).toHaveLength(6)
    expect(ours.filter(({ name }) => name === 'tools/list')).toHaveLength(4)
    expect(new Set(ours.map(({ flags }) => flags & 0xff))).toEqual(new Set([1]))
  },
)
