// Another SDK beside the preload. The oracle is the app without us: when its own SDK registers, it gets the spans that it
// would get, from OpenTelemetry's real NodeSDK and instrumentations.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const quiet = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_NODE_RESOURCE_DETECTORS: 'env' }
const modules = Object.fromEntries(
  [
    '@opentelemetry/api',
    '@opentelemetry/sdk-node',
    '@opentelemetry/sdk-trace',
    '@opentelemetry/instrumentation-http',
    '@opentelemetry/auto-instrumentations-node',
    'express',
  ].map(name => [name, name]),
)

/** A request inside of a span of a tracer that was there before the SDK; then the names of all spans, and our status. */
const work = `
  const http = require('http')
  const server = require('express')().get('/', (request, response) => {
    trace.getTracer('handler').startSpan('inside').end()
    response.send(request.headers.traceparent ? 'traced' : 'untraced')
  }).listen(0, '127.0.0.1', () => early.startActiveSpan('outer', span => {
    http.get({ host: '127.0.0.1', port: server.address().port, path: '/' }, response => response.setEncoding('utf8').on('data', body => {
      console.log(body)
      span.end()
      server.close()
      setTimeout(report, 50)
    }))
  }))`
const app = (start: string) => `
  const { trace, propagation, metrics } = require('@opentelemetry/api')
  const early = trace.getTracer('early')
  require('http')
  ${start}
  ${work}`
const nodeSdk = `
  const { NodeSDK } = require('@opentelemetry/sdk-node')
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
  const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace')
  const exporter = new InMemorySpanExporter()
  const sdk = new NodeSDK({ spanProcessors: [new SimpleSpanProcessor({ exporter })], instrumentations: [new HttpInstrumentation()] })
  sdk.start()
  const place = span => {
    const parent = exporter.getFinishedSpans().find(one => one.spanContext().spanId === span.parentSpanContext?.spanId)
    return parent ? place(parent) + ' > ' + span.name : span.name
  }
  const report = () => console.log(exporter.getFinishedSpans().map(place).sort().join('\\n'))`

describe('an SDK that the app starts itself', () => {
  const listed = { name: 'app', dependencies: { '@opentelemetry/sdk-node': '0.223.0' } }
  const say = `process.on('exit', () => console.log(require('@afn/otel/api').status().state, require('@afn/otel/api').status().reason ?? ''))`

  it('gets the spans that it gets without us, each once, and ours stands down and says for whom', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': app(nodeSdk) }, modules, packageJson: listed })
    const env = { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const bare = await run(folder, ['app.cjs'], { env })
    const both = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(bare.stdout).toBe('traced\nouter\nouter > GET\nouter > GET > GET\nouter > GET > GET > inside\n')
    expect({ ...both, stderr: '' }).toEqual({ ...bare, stderr: '' })
    expect(both.stderr).toMatch(
      /^\[@afn\/otel\] AFN103 stood down for @opentelemetry\/sdk-node; .*AFN_STAND_DOWN=false.*\n$/,
    )
    expect(receiver.spans()).toEqual([])
    await receiver.close()
  })

  it('leaves no line about a Collector that it has not, and no request of ours', async () => {
    const receiver = await startReceiver()
    const start = nodeSdk.replace('new NodeSDK({', 'new NodeSDK({ metricReaders: [], logRecordProcessors: [],')
    const folder = makeApp({ files: { 'app.cjs': app(start) }, modules })
    for (const url of [receiver.url, 'http://127.0.0.1:1']) {
      const { stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: url },
      })
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN103 [^\n]*\n$/)
    }
    expect(receiver.requests).toEqual([])
    await receiver.close()
  })

  it('is named by status() and doctor as the one for which ours stood down', async () => {
    const folder = makeApp({ files: { 'app.cjs': `${say}\n${app(nodeSdk)}` }, modules })
    const { stdout } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: quiet })
    expect(stdout).toMatch(/stood-down other SDK: @opentelemetry\/sdk-node\n$/)
  })

  it('is refused with AFN_STAND_DOWN=false: ours stays, gets the spans and names it', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': `${say}\n${app(nodeSdk)}` }, modules })
    const { stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_STAND_DOWN: 'false' },
    })
    expect(stdout).toMatch(/started \n$/)
    expect(stderr).toMatch(/AFN104 @opentelemetry\/sdk-node tried to register its own/)
    expect(receiver.spans().map(({ name }) => name)).toContain('outer')
    await receiver.close()
  })

  it('is no reason to stand down while it is only installed and listed', async () => {
    const receiver = await startReceiver()
    const start = `require('@opentelemetry/sdk-node'); const report = () => {}`
    const folder = makeApp({ files: { 'app.cjs': `${say}\n${app(start)}` }, modules, packageJson: listed })
    const { stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect({ stdout, stderr }).toEqual({ stdout: 'traced\nstarted \n', stderr: '' })
    expect(
      receiver
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET', 'GET /', 'inside', 'outer'])
    await receiver.close()
  })

  it('may bring a propagator alone: that one counts, and ours goes on', async () => {
    const receiver = await startReceiver()
    const start = `
      console.log(propagation.setGlobalPropagator({ inject(_, carrier, setter) { setter.set(carrier, 'traceparent', 'its-own') }, extract: context => context, fields: () => ['traceparent'] }))
      const report = () => {}`
    const folder = makeApp({ files: { 'app.cjs': `${say}\n${app(start)}` }, modules })
    const { stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect({ stdout, stderr }).toEqual({ stdout: 'true\ntraced\nstarted \n', stderr: '' })
    expect(receiver.spans()).toHaveLength(4)
    await receiver.close()
  })
})

describe('what reports at the end', () => {
  it('whatever was sent since, as Sentry 11 does, and is recorded by ours, lets the process end', async () => {
    const receiver = await startReceiver()
    // without us it sends one report: nobody else sends anything
    const source = `
      const http = require('http')
      let sent = 1
      require('diagnostics_channel').subscribe('http.client.request.start', ({ request }) => { if (request.path !== '/report') sent++ })
      let reports = 0
      process.on('beforeExit', () => {
        if (sent === 0) return
        sent = 0
        reports++
        http.get({ host: '127.0.0.1', port: 1, path: '/report' }).on('error', () => {})
      })
      process.on('exit', () => console.log(reports))`
    const folder = makeApp({ files: { 'app.cjs': source }, modules })
    const env = { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect((await run(folder, ['app.cjs'], { env })).stdout).toBe('1\n')
    const { code, stdout } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(code).toBe(0)
    expect(Number(stdout)).toBeGreaterThan(1)
    await receiver.close()
  })
})

describe('another preload', () => {
  const other = ['--require', '@opentelemetry/auto-instrumentations-node/register']
  const ours = ['--require', '@afn/otel']
  const files = { 'app.cjs': app(`const report = () => console.log(require('@afn/otel/api').status().reason)`) }

  it.each([
    ['before ours', [...other, ...ours], 'an SDK that registered before'],
    ['after ours', [...ours, ...other], '@opentelemetry/sdk-node'],
  ])('%s has every span once, and ours stands down', async (_, preloads, reason) => {
    const receiver = await startReceiver()
    const folder = makeApp({ files, modules })
    const env = {
      ...quiet,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_SERVICE_NAME: 'one',
    }
    const { stdout, stderr } = await run(folder, [...preloads, 'app.cjs', '--keep'], { env })
    expect(stdout).toBe(`traced\nother SDK: ${reason}\n`)
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN103 stood down for .*\n$/)
    await receiver.close()
  })
})
