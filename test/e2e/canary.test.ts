// Secrets planted in every place of a span, an event, a link, a log record and a resource: none of them is in the bytes
// that leave, in either encoding, by the preload and by ./sdk.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const planted = {
  email: 'ada.lovelace@example.com',
  card: '4111 1111 1111 1111',
  phone: '+81 90-1234-5678',
  bearer: 'Bearer abcdefghijklmnopqrstuvwxyz012345',
  key: 'sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdEFGH',
  jwt: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  url: 'https://admin:hunter2secret@db.example.com/x',
  header: 'session=0123456789abcdef0123456789abcdef',
}
/** What must not be found; of the URL and the cookie the secret part. */
const needles = [
  planted.email,
  planted.card,
  planted.phone,
  'abcdefghijklmnopqrstuvwxyz012345',
  planted.key,
  planted.jwt,
  'hunter2secret',
  '0123456789abcdef0123456789abcdef',
]
// a cookie's value is a secret by its header; in running text it is a hash like any other
const { header, ...anywhere } = planted
const all = Object.values(anywhere).join(' ; ')

const plant = `
  const { trace, metrics, ROOT_CONTEXT } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const secrets = ${JSON.stringify(all)}
  const nested = JSON.stringify({ messages: [{ role: 'user', content: secrets, tool: JSON.stringify({ arguments: JSON.stringify({ to: secrets }) }) }] })
  const attributes = {
    text: secrets, list: ['a', secrets], json: nested, 'url.full': 'https://x.example/?email=${encodeURIComponent(planted.email)}&token=${planted.key}',
    'http.request.header.cookie': [${JSON.stringify(header)}], 'http.request.header.authorization': [${JSON.stringify(planted.bearer)}],
    'db.query.text': "select * from users where mail = '${planted.email}'", 'user.id': ${JSON.stringify(planted.email)}, password: 'hunter2secret',
    'gen_ai.input.messages': nested, ${JSON.stringify(`key of ${planted.email}`)}: 1,
  }
  const tracer = trace.getTracer('scope of ' + secrets, secrets)
  const other = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
  const span = tracer.startSpan('name ' + secrets, { attributes, links: [{ context: other, attributes }] })
  span.addEvent('event ' + secrets, attributes)
  span.recordException(Object.assign(new Error('boom ' + secrets), { code: 'E ' + secrets }))
  span.setStatus({ code: 2, message: 'status ' + secrets })
  span.end()
  logs.getLogger('l ' + secrets).emit({ body: { text: secrets, deep: { list: [nested, secrets] } }, attributes: { ...attributes, map: { inner: secrets } }, severityText: 'INFO', eventName: 'e ' + secrets })
  metrics.getMeter('m').createCounter('planted', { description: 'd' }).add(1, { text: secrets })
`

function leaked(bodies: Buffer[]): string[] {
  const text = Buffer.concat(bodies).toString('latin1')
  return needles.filter(needle => [needle, encodeURIComponent(needle)].some(form => text.includes(form)))
}

const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
const env = (url: string, more: Record<string, string> = {}) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_RESOURCE_ATTRIBUTES: `owner=${encodeURIComponent(planted.email)},db.url=${encodeURIComponent(planted.url)},note=${encodeURIComponent(all)}`,
  OTEL_SERVICE_NAME: `svc ${planted.email}`,
  ...more,
})

describe('planted secrets', () => {
  it.each(['http/protobuf', 'http/json'])('are in no exported signal, %s', async protocol => {
    for (const content of ['off', 'redacted']) {
      const receiver = await startReceiver()
      const folder = makeApp({ files: { 'app.cjs': plant }, modules })
      const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: env(receiver.url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, AFN_CAPTURE_CONTENT: content }),
      })
      expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
      // metrics twice, where the app lives for more than a second
      const paths = new Set(receiver.requests.map(({ path }) => path))
      expect([...paths].sort()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])
      expect(leaked(receiver.requests.map(({ body }) => body))).toEqual([])
      const [span] = receiver.spans()
      // redacted, not emptied: what surrounds the secrets is still there
      expect(span?.name).toMatch(/^name \[EMAIL\] ; \[CARD\] ; \[PHONE\]/)
      expect(span?.attributes['gen_ai.input.messages'] === undefined).toBe(content === 'off')
      expect(span?.resource['service.name']).toBe('svc [EMAIL]')
      await receiver.close()
    }
  })

  it('are found by this test when redaction is off', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': plant }, modules })
    await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: env(receiver.url, { AFN_REDACTION: 'off' }) })
    expect(leaked(receiver.requests.map(({ body }) => body)).length).toBe(needles.length)
    await receiver.close()
  })

  it('with content in full are masked where they are secrets, and stay in messages where they are personal data', async () => {
    const receiver = await startReceiver()
    const app = `const { trace } = require('@opentelemetry/api')
      trace.getTracer('t').startSpan('chat', { attributes: { 'gen_ai.input.messages': ${JSON.stringify(all)}, other: ${JSON.stringify(all)} } }).end()`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const { stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_CAPTURE_CONTENT: 'full' },
    })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN141 [^\n]*\n$/)
    const { attributes } = receiver.spans()[0] as { attributes: Record<string, string> }
    expect(attributes['gen_ai.input.messages']).toContain(planted.email)
    expect(attributes['gen_ai.input.messages']).not.toContain(planted.key)
    expect(attributes.other).not.toContain(planted.email)
    await receiver.close()
  })
})

describe('what afnNodeSDK() exports', () => {
  const app = (sdk: string) => `
    const { afnNodeSDK } = require('@afn/otel/sdk')
    const seen = []
    const raw = { onStart() {}, onEnd: span => seen.push(JSON.stringify([span.name, span.attributes, span.events, span.status, span.links, span.resource.attributes])), async forceFlush() {}, async shutdown() {} }
    const rawLogs = { onEmit: record => seen.push(JSON.stringify([record.body, record.attributes, record.eventName])), async forceFlush() {}, async shutdown() {} }
    const sdk = afnNodeSDK(${sdk})
    sdk.start()
    ;(() => {${plant}})()
    sdk.shutdown().then(() => process.stdout.write(seen.join('\\n')))`
  const withSdk = { ...modules, '@opentelemetry/sdk-node': '@opentelemetry/sdk-node' }

  it('is redacted where the user has no processor', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': app('{}') }, modules: withSdk })
    const result = await run(folder, ['app.cjs'], { env: env(receiver.url) })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(receiver.spans()).toHaveLength(1)
    expect(receiver.logs()).toHaveLength(1)
    expect(leaked(receiver.requests.map(({ body }) => body))).toEqual([])
    await receiver.close()
  })

  it("is redacted also for the user's own processors", async () => {
    const folder = makeApp({
      files: { 'app.cjs': app('{ spanProcessors: [raw], logRecordProcessors: [rawLogs], metricReaders: [] }') },
      modules: withSdk,
    })
    const { stdout, stderr, code } = await run(folder, ['app.cjs'], { env: env('http://127.0.0.1:1') })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stdout).toContain('[EMAIL]')
    expect(leaked([Buffer.from(stdout)])).toEqual([])
  })

  // Every way out that OpenTelemetry itself offers, with its own exporters: what leaves through them is what counts.
  const everything = `
    const { afnNodeSDK } = require('@afn/otel/sdk')
    const { resourceFromAttributes, defaultResource } = require('@opentelemetry/resources')
    const T = require('@opentelemetry/sdk-trace'), L = require('@opentelemetry/sdk-logs'), M = require('@opentelemetry/sdk-metrics')
    const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto')
    const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-http')
    const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-proto')
    const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus')
    const all = ${JSON.stringify(all)}
    const url = process.env.RECEIVER
    const spans = new T.InMemorySpanExporter(), records = new L.InMemoryLogRecordExporter()
    const points = new M.InMemoryMetricExporter(M.AggregationTemporality.CUMULATIVE)
    const prometheus = new PrometheusExporter({ preventServerStart: true })
    // keeps what runs, and exports it before it ends
    const running = []
    const early = {
      onStart: span => { running.push(span); span.setAttribute('enriched', all) },
      onEnding: span => running.push(span),
      onEnd() {}, forceFlush: async () => new T.ConsoleSpanExporter().export(running, () => {}), async shutdown() {},
    }
    const enriching = { onEmit: record => record.setAttribute('enriched', all).setBody([record.body, all]), async forceFlush() {}, async shutdown() {} }
    const scope = { name: 'bridge ' + all }
    const bridge = { collect: async () => ({ errors: [], resourceMetrics: { resource: defaultResource(), scopeMetrics: [{ scope, metrics: [{
      descriptor: { name: 'bridged', description: all, unit: '', valueType: 0 }, aggregationTemporality: 1, dataPointType: 3, isMonotonic: true,
      dataPoints: [{ startTime: [1, 0], endTime: [2, 0], attributes: { text: all }, value: 1 }],
    }] }] } }) }
    const periodic = (exporter, more) => new M.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, ...more })
    const sdk = afnNodeSDK({
      serviceName: 'svc ${planted.email}',
      resource: defaultResource().merge(resourceFromAttributes({ 'app.owner': ${JSON.stringify(planted.email)}, note: all, later: Promise.resolve(all), [${JSON.stringify(`key of ${planted.email}`)}]: 'x' })),
      resourceDetectors: [{ detect: () => ({ attributes: { detected: all, awaited: Promise.resolve(all) } }) }],
      spanProcessors: [early, new T.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: url + '/v1/traces' }) }),
        new T.SimpleSpanProcessor({ exporter: new T.ConsoleSpanExporter() }), new T.SimpleSpanProcessor({ exporter: spans })],
      logRecordProcessors: [enriching, new L.BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: url + '/v1/logs' }) }),
        new L.SimpleLogRecordProcessor({ exporter: new L.ConsoleLogRecordExporter() }), new L.SimpleLogRecordProcessor({ exporter: records })],
      metricReaders: [periodic(new OTLPMetricExporter({ url: url + '/v1/metrics' }), { metricProducers: [bridge] }),
        periodic(new M.ConsoleMetricExporter()), periodic(points), prometheus],
      views: [{ instrumentName: 'planted', description: all }],
    })
    sdk.start()
    ;(() => {${plant}})()
    require('@opentelemetry/api').metrics.getMeter('scope ' + all, all).createObservableGauge('seen').addCallback(result => result.observe(1, { who: all }))
    const kept = name => one => JSON.stringify([name, one.attributes, one.body, one.events, one.links, one.status, one.resource?.attributes, one.instrumentationScope])
    ;(async () => {
      await new Promise(resolve => setTimeout(resolve, 50))
      await prometheus.getMetricsRequestHandler({}, { setHeader() {}, end: text => console.log(text) })
      await new Promise(resolve => setTimeout(resolve, 50))
      await early.forceFlush()
      await points.forceFlush()
      const { resourceMetrics } = await prometheus.collect()
      console.log(JSON.stringify(resourceMetrics), JSON.stringify(resourceMetrics.resource.attributes))
      await require('@afn/otel/api').flush()
      console.log(spans.getFinishedSpans().map(kept('kept span')).join('\\n'))
      console.log(records.getFinishedLogRecords().map(kept('kept record')).join('\\n'))
      console.log('kept metrics', JSON.stringify(points.getMetrics()))
      await sdk.shutdown()
    })()`

  const packages = ['sdk-node', 'resources', 'sdk-trace', 'sdk-logs', 'sdk-metrics', 'exporter-trace-otlp-proto', 'exporter-logs-otlp-http', 'exporter-metrics-otlp-proto', 'exporter-prometheus'] // biome-ignore format: a list
  const more = Object.fromEntries(packages.map(name => [`@opentelemetry/${name}`, `@opentelemetry/${name}`]))

  it("leave through none of the user's own ways: processors, readers, exporters, resource, detectors and views", async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': everything }, modules: { ...modules, ...more } })
    for (const content of ['off', 'redacted']) {
      const { stdout, stderr, code } = await run(folder, ['app.cjs'], {
        env: { ...env('http://127.0.0.1:1'), RECEIVER: receiver.url, AFN_CAPTURE_CONTENT: content },
      })
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
      // all of it came, and with what surrounds the secrets
      for (const part of [
        'kept span',
        'kept record',
        'kept metrics',
        'planted_total{',
        'bridged',
        'app.owner',
        'detected',
        'enriched',
      ])
        expect(stdout + receiver.requests.map(({ body }) => body.toString('latin1')).join('')).toContain(part)
      expect(receiver.requests.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['/v1/traces', '/v1/logs', '/v1/metrics']),
      )
      expect(receiver.spans()[0]?.resource).toMatchObject({ 'service.name': 'svc [EMAIL]', 'app.owner': '[EMAIL]' })
      expect(leaked([Buffer.from(stdout)])).toEqual([])
      expect(leaked(receiver.requests.map(({ body }) => body))).toEqual([])
    }
    await receiver.close()
  })

  it("are found by this test in the user's own ways when redaction is off", async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': everything }, modules: { ...modules, ...more } })
    const { stdout } = await run(folder, ['app.cjs'], {
      env: { ...env('http://127.0.0.1:1'), RECEIVER: receiver.url, AFN_REDACTION: 'off' },
    })
    expect(leaked([Buffer.from(stdout)]).length).toBe(needles.length)
    expect(leaked(receiver.requests.map(({ body }) => body)).length).toBe(needles.length)
    await receiver.close()
  })
})
