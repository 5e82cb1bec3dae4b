// Every OTEL_* variable of the specification, set for a real process whose exports a real receiver takes: each has the
// effect that the specification gives it, or is named as one that is not honoured.
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import { notHonoured, passedOn } from '../../src/shared/config/otel-variables'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'

/** Spans with everything that has a limit, a log record and metrics, in one process. */
const app = `
  const { trace, metrics, context, propagation, ROOT_CONTEXT } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const tracer = trace.getTracer('t')
  const other = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  const many = { a: 'abcdefgh', b: 'ijklmnop', c: 3 }
  const links = [1, 2, 3].map(() => ({ context: other, attributes: many }))
  const span = tracer.startSpan('one', { attributes: many, links })
  for (const name of ['x', 'y', 'z']) span.addEvent(name, many)
  span.end()
  logs.getLogger('t').emit({ body: 'two', attributes: many })
  for (let i = 0; i < Number(process.env.MANY ?? 0); i++) {
    tracer.startSpan('more').end()
    logs.getLogger('t').emit({ body: 'more' })
  }
  metrics.getMeter('t').createCounter('c').add(1)
  metrics.getMeter('t').createHistogram('h').record(1)
  const headers = JSON.parse(process.env.INBOUND ?? '{}')
  const inbound = propagation.extract(ROOT_CONTEXT, headers)
  context.with(inbound, () => {
    const child = tracer.startSpan('child')
    const outbound = {}
    propagation.inject(trace.setSpan(context.active(), child), outbound)
    child.end()
    console.log(JSON.stringify(outbound))
  })
  if (process.env.LIVES) {
    setTimeout(() => {}, Number(process.env.LIVES))
    console.log('ready')
  }`

const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
let folder: string
beforeAll(() => {
  folder = makeApp({ files: { 'app.cjs': app }, modules })
})

interface Result extends Run {
  readonly receiver: Receiver
  readonly outbound: Record<string, string>
  readonly paths: string[]
}

async function start(
  env: Record<string, string>,
  answer?: (request: ReceivedRequest) => number | 'hang',
): Promise<Result> {
  const receiver = await startReceiver(answer)
  const filled = Object.entries(env).map(([name, value]) => [name, value.replace('URL', receiver.url)])
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...Object.fromEntries(filled) }
  const ended = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: all })
  await receiver.close()
  expect(ended.code).toBe(0)
  const outbound = JSON.parse(/^\{.*\}$/m.exec(ended.stdout)?.[0] ?? '{}')
  return { ...ended, receiver, outbound, paths: pathsOf(receiver) }
}

/** Metrics may come more than once. */
const pathsOf = ({ requests }: Receiver) => [...new Set(requests.map(({ path }) => path))].sort()

/** A header of the requests, of each path. */
const headerOf = ({ receiver }: Result, name: string) =>
  pathsOf(receiver).map(path => receiver.requests.find(request => request.path === path)?.headers[name])

const named = ({ receiver }: Result, name: string) => receiver.spans().find(span => span.name === name)
const v1 = ['/v1/logs', '/v1/metrics', '/v1/traces']

/** Variables whose effect a test below has shown. */
const shown = new Set<string>()
function effect(names: string, title: string, test: () => Promise<void>): void {
  it(`${names}: ${title}`, async () => {
    await test()
    for (const name of names.split(', ')) shown.add(name)
  })
}

describe('variables of the specification', () => {
  effect('OTEL_SDK_DISABLED', 'only true disables, in any case', async () => {
    expect((await start({ OTEL_SDK_DISABLED: 'TRUE' })).paths).toEqual([])
    const other = await start({ OTEL_SDK_DISABLED: '1' })
    expect(other.paths).toEqual(v1)
    expect(other.stderr).toContain('AFN110 OTEL_SDK_DISABLED: "1" counts as false')
  })

  effect('OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES', 'stand in the resource, decoded; the name wins', async () => {
    const env = {
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,service.namespace=two%20words%2C,deployment.environment.name=prod',
    }
    expect(named(await start(env), 'one')?.resource).toMatchObject({
      'service.name': 'shop',
      'service.namespace': 'two words,',
      'deployment.environment.name': 'prod',
    })
  })

  effect(
    'OTEL_NODE_RESOURCE_DETECTORS',
    'the known ones of the list are used, one that is not known is said',
    async () => {
      const result = await start({ OTEL_NODE_RESOURCE_DETECTORS: 'env,host,heroku', OTEL_RESOURCE_ATTRIBUTES: 'x.y=1' })
      const resource = named(result, 'one')!.resource
      expect(resource).toMatchObject({ 'x.y': '1', 'host.name': expect.any(String) })
      expect(resource).not.toHaveProperty('process.pid')
      expect(result.stderr).toContain('OTEL_NODE_RESOURCE_DETECTORS: "heroku" is left out')
    },
  )

  effect('OTEL_LOG_LEVEL', 'none keeps our lines from stderr', async () => {
    const wrong = { OTEL_BSP_SCHEDULE_DELAY: 'soon' }
    expect((await start({ ...wrong, OTEL_LOG_LEVEL: 'None' })).stderr).toBe('')
    expect((await start({ ...wrong, OTEL_LOG_LEVEL: 'error' })).stderr).toContain('AFN110')
  })

  describe('propagation', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const spanId = 'b7ad6b7169203331'
    const cases: [list: string, inbound: Record<string, string>, outbound: RegExp[]][] = [
      ['tracecontext,b3', { b3: `${traceId}-${spanId}-1` }, [/^traceparent$/, /^b3$/]],
      ['b3multi', { 'X-B3-TraceId': traceId, 'X-B3-SpanId': spanId, 'X-B3-Sampled': '1' }, [/x-b3-traceid/i]],
      ['jaeger', { 'uber-trace-id': `${traceId}:${spanId}:0:1` }, [/^uber-trace-id$/]],
      [
        'xray',
        { 'x-amzn-trace-id': `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=1` },
        [/amzn/i],
      ],
    ]
    for (const [list, inbound, outbound] of cases)
      effect('OTEL_PROPAGATORS', `${list} takes a trace over and passes it on`, async () => {
        const headers = Object.fromEntries(Object.entries(inbound).map(([name, value]) => [name.toLowerCase(), value]))
        const result = await start({ OTEL_PROPAGATORS: list, INBOUND: JSON.stringify({ ...inbound, ...headers }) })
        expect(named(result, 'child')).toMatchObject({ traceId, parentSpanId: spanId })
        for (const name of outbound) expect(Object.keys(result.outbound).some(key => name.test(key))).toBe(true)
        expect(result.stderr).toBe('')
      })

    it('takes no baggage from outside by any of them, unless it is trusted', async () => {
      const inbound = { 'uber-trace-id': `${traceId}:${spanId}:0:1`, 'uberctx-tenant': 'evil', baggage: 'tenant=evil' }
      const env = { OTEL_PROPAGATORS: 'jaeger,baggage', INBOUND: JSON.stringify(inbound) }
      expect(JSON.stringify((await start(env)).outbound)).not.toContain('evil')
      expect(JSON.stringify((await start({ ...env, AFN_TRUST_BAGGAGE: 'true' })).outbound)).toContain('evil')
    })

    it('passes nothing on for none, and the known ones of a list', async () => {
      expect((await start({ OTEL_PROPAGATORS: 'none' })).outbound).toEqual({})
      const result = await start({ OTEL_PROPAGATORS: 'ottrace,b3' })
      expect(Object.keys(result.outbound)).toEqual(['b3'])
      expect(result.stderr).toContain('OTEL_PROPAGATORS: "ottrace" is left out')
    })
  })

  effect('OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG', 'decide which spans are recorded', async () => {
    expect((await start({ OTEL_TRACES_SAMPLER: 'always_off' })).receiver.spans()).toEqual([])
    const ratio = { OTEL_TRACES_SAMPLER: 'TraceIdRatio' }
    expect((await start({ ...ratio, OTEL_TRACES_SAMPLER_ARG: '0' })).receiver.spans()).toEqual([])
    expect((await start({ ...ratio, OTEL_TRACES_SAMPLER_ARG: '2' })).receiver.spans()).toHaveLength(2)
  })

  effect('OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER', 'none sends nothing', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }
    expect((await start(env)).paths).toEqual(['/v1/logs'])
    expect((await start({ ...env, OTEL_LOGS_EXPORTER: 'none' })).paths).toEqual([])
  })

  effect(
    'OTEL_TRACES_EXPORTER, OTEL_LOGS_EXPORTER',
    'a list sends to each, one that is not known is said',
    async () => {
      const result = await start({
        OTEL_TRACES_EXPORTER: 'otlp,console,zipkin',
        OTEL_LOGS_EXPORTER: 'console,otlp',
        OTEL_METRICS_EXPORTER: 'none',
      })
      expect(result.paths).toEqual(['/v1/logs', '/v1/traces'])
      expect(result.receiver.spans()).toHaveLength(2)
      expect(result.stdout).toContain("name: 'one'")
      expect(result.stdout).toContain("body: 'two'")
      expect(result.stderr).toContain('OTEL_TRACES_EXPORTER: "zipkin" is left out')
    },
  )

  const signals = ['TRACES', 'METRICS', 'LOGS'] as const
  const ofSignals = (name: string) => signals.map(signal => `OTEL_EXPORTER_OTLP_${signal}_${name}`).join(', ')

  effect(
    `OTEL_EXPORTER_OTLP_ENDPOINT, ${ofSignals('ENDPOINT')}`,
    'the common one gets a path, that of a signal is whole',
    async () => {
      expect((await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'URL/base/' })).paths).toEqual(v1.map(path => `/base${path}`))
      const own = signals.map(signal => [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, `URL/${signal}`])
      expect((await start(Object.fromEntries(own))).paths).toEqual(['/LOGS', '/METRICS', '/TRACES'])
    },
  )

  effect(
    `OTEL_EXPORTER_OTLP_HEADERS, ${ofSignals('HEADERS')}`,
    "reach the Collector, a signal's own over the common ones, without the pair that is wrong",
    async () => {
      const own = signals.map(signal => [`OTEL_EXPORTER_OTLP_${signal}_HEADERS`, `own=${signal}`])
      const common = { OTEL_EXPORTER_OTLP_HEADERS: 'own=0,all=two%20words,broken=100%' }
      const { receiver, stderr } = await start({ ...common, ...Object.fromEntries(own) })
      for (const { path, headers } of receiver.requests)
        expect(headers).toMatchObject({ own: path.slice('/v1/'.length).toUpperCase(), all: 'two words' })
      expect(stderr).toMatch(
        /^\[@afn\/otel\] AFN110 OTEL_EXPORTER_OTLP_HEADERS: pair 3 \(broken\) is not percent-encoded/,
      )
    },
  )

  effect(`OTEL_EXPORTER_OTLP_PROTOCOL, ${ofSignals('PROTOCOL')}`, 'protobuf or JSON, of each signal', async () => {
    const types = (result: Result) => headerOf(result, 'content-type')
    const all = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })
    expect(types(all)).toEqual(Array(3).fill('application/json'))
    for (const { body } of all.receiver.requests) expect(() => JSON.parse(body.toString())).not.toThrow()
    const own = signals.map(signal => [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'http/protobuf'])
    const back = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...Object.fromEntries(own) })
    expect(types(back)).toEqual(Array(3).fill('application/x-protobuf'))
  })

  effect(`OTEL_EXPORTER_OTLP_COMPRESSION, ${ofSignals('COMPRESSION')}`, 'gzip or none, of each signal', async () => {
    const encodings = (result: Result) => headerOf(result, 'content-encoding')
    expect(encodings(await start({ OTEL_EXPORTER_OTLP_COMPRESSION: 'none' }))).toEqual(Array(3).fill(undefined))
    const own = signals.map(signal => [`OTEL_EXPORTER_OTLP_${signal}_COMPRESSION`, 'gzip'])
    const back = await start({ OTEL_EXPORTER_OTLP_COMPRESSION: 'none', ...Object.fromEntries(own) })
    expect(encodings(back)).toEqual(Array(3).fill('gzip'))
  })

  effect(
    'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, OTEL_SPAN_EVENT_COUNT_LIMIT, OTEL_SPAN_LINK_COUNT_LIMIT, OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT, OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
    'bound a span, 0 as well',
    async () => {
      const limits = (of: (name: string) => string) =>
        Object.fromEntries(
          ['SPAN_ATTRIBUTE', 'SPAN_EVENT', 'SPAN_LINK', 'EVENT_ATTRIBUTE', 'LINK_ATTRIBUTE'].map(name => [
            `OTEL_${name}_COUNT_LIMIT`,
            of(name),
          ]),
        )
      const some = named(await start(limits(name => (name.startsWith('SPAN_') ? '2' : '1'))), 'one')!
      expect(Object.keys(some.attributes).filter(key => 'abc'.includes(key))).toEqual(['a', 'b'])
      expect(some.events.map(({ attributes }) => Object.keys(attributes))).toEqual([['a'], ['a']])
      expect(some.links.map(({ attributes }) => Object.keys(attributes))).toEqual([['a'], ['a']])
      const nothing = named(await start(limits(() => '0')), 'one')!
      expect(Object.keys(nothing.attributes).filter(key => 'abc'.includes(key))).toEqual([])
      expect([nothing.events, nothing.links]).toEqual([[], []])
    },
  )

  effect(
    'OTEL_ATTRIBUTE_COUNT_LIMIT, OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
    'bound spans and log records, that of log records alone wins there',
    async () => {
      const result = await start({ OTEL_ATTRIBUTE_COUNT_LIMIT: '1', OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '2' })
      expect(Object.keys(named(result, 'one')!.attributes).filter(key => 'abc'.includes(key))).toEqual(['a'])
      expect(Object.keys(result.receiver.logs()[0]!.attributes)).toEqual(['a', 'b'])
    },
  )

  effect(
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT, OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'cut values, to nothing at 0',
    async () => {
      const common = await start({ OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3' })
      expect(named(common, 'one')!.attributes).toMatchObject({ a: 'abc', b: 'ijk', c: 3 })
      expect(common.receiver.logs()[0]!.attributes).toMatchObject({ a: 'abc' })
      const own = await start({
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
        OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '0',
        OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '5',
      })
      expect(named(own, 'one')!.attributes).toMatchObject({ a: '', b: '', c: 3 })
      expect(own.receiver.logs()[0]!.attributes).toMatchObject({ a: 'abcde' })
    },
  )

  effect(
    'OTEL_BSP_SCHEDULE_DELAY, OTEL_BLRP_SCHEDULE_DELAY, OTEL_METRIC_EXPORT_INTERVAL',
    'send while the process lives, without a wait for 0',
    async () => {
      const receiver = await startReceiver()
      const delays = { OTEL_BSP_SCHEDULE_DELAY: '0', OTEL_BLRP_SCHEDULE_DELAY: '0', OTEL_METRIC_EXPORT_INTERVAL: '50' }
      await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, LIVES: '30000', ...delays },
        onReady: async child => {
          await receiver.until(({ requests }) => v1.every(one => requests.some(({ path }) => path === one)))
          child.kill('SIGKILL')
        },
      })
      await receiver.close()
    },
  )

  effect(
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
    'bound what one request holds',
    async () => {
      const env = { MANY: '4', OTEL_METRICS_EXPORTER: 'none' }
      const sizes = { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1' }
      const { receiver } = await start({ ...env, ...sizes })
      expect(receiver.spans()).toHaveLength(6)
      const paths = receiver.requests.map(({ path }) => path).sort()
      expect(paths).toEqual([...Array(5).fill('/v1/logs'), ...Array(3).fill('/v1/traces')])
    },
  )

  effect(
    'OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BLRP_MAX_QUEUE_SIZE',
    'bound what waits, and what is dropped is said',
    async () => {
      const sizes = { OTEL_BSP_MAX_QUEUE_SIZE: '3', OTEL_BLRP_MAX_QUEUE_SIZE: '3' }
      const { receiver, stderr } = await start({ MANY: '40', ...sizes })
      expect(receiver.spans().length).toBeLessThan(42)
      expect(receiver.logs().length).toBeLessThan(41)
      expect(stderr).toMatch(/AFN131 traces .*OTEL_BSP_MAX_QUEUE_SIZE/)
      expect(stderr).toMatch(/AFN131 logs .*OTEL_BLRP_MAX_QUEUE_SIZE/)
    },
  )

  const ofBatches = ['OTEL_BSP_EXPORT_TIMEOUT', 'OTEL_BLRP_EXPORT_TIMEOUT', 'OTEL_METRIC_EXPORT_TIMEOUT']
  const short = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, '300']))
  const timeouts: [string, Record<string, string>][] = [
    ['OTEL_EXPORTER_OTLP_TIMEOUT', short(['OTEL_EXPORTER_OTLP_TIMEOUT'])],
    [ofSignals('TIMEOUT'), short(signals.map(signal => `OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`))],
    [ofBatches.join(', '), short(ofBatches)],
  ]
  for (const [names, env] of timeouts)
    effect(names, 'end an export that nobody answers', async () => {
      const delays = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_BLRP_SCHEDULE_DELAY: '1', OTEL_METRIC_EXPORT_INTERVAL: '400' }
      const { stderr } = await start({ ...env, ...delays, LIVES: '2500' }, () => 'hang')
      for (const signal of signals) expect(stderr).toContain(`AFN130 ${signal.toLowerCase()} could not be delivered`)
    })

  effect(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'delta sends what was added since the last export',
    async () => {
      const sums = async (preference: string) => {
        const env = {
          OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
          OTEL_METRIC_EXPORT_INTERVAL: '200',
        }
        const { receiver } = await start({ ...env, LIVES: '1000' })
        return receiver.metrics().filter(({ name }) => name === 'c').length
      }
      expect(await sums('Delta')).toBe(1)
      expect(await sums('cumulative')).toBeGreaterThan(1)
    },
  )

  effect('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', 'sends exponential histograms', async () => {
    const name = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'
    const body = async (value: string) => {
      const env = { [name]: value, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }
      return (await start(env)).receiver.requests.find(({ path }) => path === '/v1/metrics')?.body.toString()
    }
    expect(await body('base2_exponential_bucket_histogram')).toContain('"exponentialHistogram"')
    expect(await body('explicit_bucket_histogram')).not.toContain('"exponentialHistogram"')
  })

  effect(
    'OTEL_EXPORTER_PROMETHEUS_HOST, OTEL_EXPORTER_PROMETHEUS_PORT',
    'say where metrics can be scraped',
    async () => {
      const [port] = await freePorts(1)
      let answer = ''
      await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: {
          OTEL_METRICS_EXPORTER: 'prometheus',
          OTEL_TRACES_EXPORTER: 'none',
          OTEL_LOGS_EXPORTER: 'none',
          OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.2',
          OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
          LIVES: '30000',
        },
        onReady: async child => {
          answer = await (await fetch(`http://127.0.0.2:${port}/metrics`)).text()
          child.kill('SIGKILL')
        },
      })
      expect(answer).toContain('c_total')
    },
  )

  describe('certificates', () => {
    let files: string
    const pem = (name: string) => path.join(files, `${name}.pem`)
    beforeAll(() => {
      files = mkdtempSync(path.join(tmpdir(), 'afn-tls-'))
      for (const name of ['server', 'client']) {
        const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
        const keys = ['-newkey', 'rsa:2048', '-nodes', '-keyout', pem(`${name}-key`), '-out', pem(name)]
        execFileSync('openssl', ['req', '-x509', '-days', '2', ...keys, ...subject], { stdio: 'ignore' })
      }
    })

    /** The paths that a Collector gets from a client with our certificate, up to so many. */
    async function paths(env: Record<string, string>, enough: number): Promise<string[]> {
      const seen = new Set<string>()
      const identity = { cert: readFileSync(pem('server')), key: readFileSync(pem('server-key')) }
      const server = createServer(
        { ...identity, requestCert: true, rejectUnauthorized: false },
        (request, response) => {
          if ((request.socket as TLSSocket).getPeerCertificate().raw) seen.add(request.url ?? '')
          request.resume().on('end', () => response.end())
        },
      )
      server.on('tlsClientError', () => {})
      await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
      const url = `https://localhost:${(server.address() as AddressInfo).port}`
      const delays = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_BLRP_SCHEDULE_DELAY: '1', OTEL_METRIC_EXPORT_INTERVAL: '50' }
      await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, LIVES: enough > 0 ? '20000' : '1000', ...delays, ...env },
        onReady: async child => {
          while (enough > 0 && seen.size < enough) await new Promise(resolve => setTimeout(resolve, 20))
          if (enough > 0) child.kill('SIGKILL')
        },
      })
      server.closeAllConnections()
      server.close()
      return [...seen].sort()
    }

    const names = ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'] as const
    const fileOf = { CERTIFICATE: 'server', CLIENT_CERTIFICATE: 'client', CLIENT_KEY: 'client-key' }
    const envOf = (prefix: string) => Object.fromEntries(names.map(name => [`${prefix}${name}`, pem(fileOf[name])]))

    effect(
      names.map(name => `OTEL_EXPORTER_OTLP_${name}`).join(', '),
      'make the Collector known and us known to it',
      async () => {
        expect(await paths({}, 0)).toEqual([])
        expect(await paths(envOf('OTEL_EXPORTER_OTLP_'), 3)).toEqual(v1)
      },
    )

    for (const signal of signals)
      effect(names.map(name => `OTEL_EXPORTER_OTLP_${signal}_${name}`).join(', '), 'do so for one signal', async () =>
        expect(await paths(envOf(`OTEL_EXPORTER_OTLP_${signal}_`), 1)).toEqual([`/v1/${signal.toLowerCase()}`]),
      )
  })

  describe('instrumentations', () => {
    const server = `
      const http = require('node:http')
      const completion = { id: 'c', object: 'chat.completion', model: 'gpt-4o', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }
      const server = http.createServer((request, response) => {
        request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(completion)))
      }).listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + server.address().port
        const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'tell me' }] })
        await (await fetch(url + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()
        server.close()
        server.closeAllConnections()
      })`
    async function spansOf(env: Record<string, string>) {
      const receiver = await startReceiver()
      const other = makeApp({ files: { 'app.cjs': server } })
      await run(other, ['--require', '@afn/otel', 'app.cjs'], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
      })
      await receiver.close()
      return receiver.spans()
    }
    const ofServer = async (env: Record<string, string>) => (await spansOf(env)).filter(({ kind }) => kind === 2).length

    effect('OTEL_NODE_ENABLED_INSTRUMENTATIONS', 'leaves on only those that it names', async () => {
      expect(await ofServer({ OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http, pg' })).toBe(1)
      expect(await ofServer({ OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'pg' })).toBe(0)
    })

    effect('OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'turns off those that it names', async () => {
      expect(await ofServer({ OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg,http' })).toBe(0)
    })

    effect('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'lets content out', async () => {
      const content = async (env: Record<string, string>) =>
        JSON.stringify((await spansOf(env)).map(({ attributes }) => attributes)).includes('tell me')
      expect(await content({})).toBe(false)
      expect(await content({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY' })).toBe(true)
    })
  })

  it('are said one by one when they are not honoured', async () => {
    const env = { OTEL_ENTITIES: 'a', OTEL_CONFIG_FILE: 'b', OTEL_METRICS_EXEMPLAR_FILTER: 'always_on' }
    const lines = (await start(env)).stderr.trim().split('\n')
    expect(lines.sort()).toEqual(
      Object.keys(env)
        .map(name => `[@afn/otel] AFN112 ${name} is not honoured: ${notHonoured[name]}`)
        .sort(),
    )
  })
})

describe('the table of OTEL_* variables', () => {
  const perSignal = 'ENDPOINT HEADERS COMPRESSION TIMEOUT PROTOCOL CERTIFICATE CLIENT_KEY CLIENT_CERTIFICATE INSECURE'
  const prefixed = (prefix: string, names: string) => names.split(' ').map(name => `${prefix}${name}`)
  /** By the two pages above, at version 1.60 of the specification, and what OpenTelemetry's SDK for Node.js adds. */
  const defined = [
    ...['', 'TRACES_', 'METRICS_', 'LOGS_'].flatMap(signal => prefixed(`OTEL_EXPORTER_OTLP_${signal}`, perSignal)),
    ...prefixed('OTEL_', 'SDK_DISABLED ENTITIES RESOURCE_ATTRIBUTES SERVICE_NAME LOG_LEVEL PROPAGATORS'),
    ...prefixed('OTEL_', 'TRACES_SAMPLER TRACES_SAMPLER_ARG TRACES_EXPORTER METRICS_EXPORTER LOGS_EXPORTER'),
    ...['OTEL_BSP_', 'OTEL_BLRP_'].flatMap(prefix =>
      prefixed(prefix, 'SCHEDULE_DELAY EXPORT_TIMEOUT MAX_QUEUE_SIZE MAX_EXPORT_BATCH_SIZE'),
    ),
    ...['OTEL_', 'OTEL_SPAN_', 'OTEL_LOGRECORD_'].flatMap(prefix =>
      prefixed(prefix, 'ATTRIBUTE_VALUE_LENGTH_LIMIT ATTRIBUTE_COUNT_LIMIT'),
    ),
    ...prefixed('OTEL_', 'SPAN_EVENT_COUNT_LIMIT SPAN_LINK_COUNT_LIMIT'),
    ...prefixed('OTEL_', 'EVENT_ATTRIBUTE_COUNT_LIMIT LINK_ATTRIBUTE_COUNT_LIMIT'),
    ...prefixed('OTEL_EXPORTER_', 'ZIPKIN_ENDPOINT ZIPKIN_TIMEOUT ZIPKIN_PROTOCOL PROMETHEUS_HOST PROMETHEUS_PORT'),
    ...prefixed('OTEL_EXPORTER_OTLP_', 'SPAN_INSECURE METRIC_INSECURE METRICS_TEMPORALITY_PREFERENCE'),
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    ...prefixed('OTEL_', 'METRICS_EXEMPLAR_FILTER METRIC_EXPORT_INTERVAL METRIC_EXPORT_TIMEOUT'),
    ...prefixed('OTEL_', 'CONFIG_FILE EXPERIMENTAL_CONFIG_FILE SEMCONV_STABILITY_OPT_IN'),
    'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
    ...prefixed('OTEL_NODE_', 'RESOURCE_DETECTORS ENABLED_INSTRUMENTATIONS DISABLED_INSTRUMENTATIONS'),
    'OTEL_NODE_EXPERIMENTAL_SDK_METRICS',
  ]

  it.each(defined)('%s has a test that shows its effect, is passed on, or is named as not honoured', name => {
    const places = [shown.has(name), name in passedOn, name in notHonoured].filter(Boolean)
    expect(places).toHaveLength(1)
  })
})
