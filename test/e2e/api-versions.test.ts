// An app may bring any copy of @opentelemetry/api from 1.9 on, or several: all of them find our providers.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const old = 'opentelemetry-api-1.9'
const newest = '@opentelemetry/api'

const cases: [string, Record<string, string>, string[]][] = [
  ['1.9.1', { '@opentelemetry/api': old }, ['1.9.1']],
  ['1.10.0', { '@opentelemetry/api': newest }, ['1.10.0']],
  [
    '1.9.1 with 1.10.0 below a dependency',
    { '@opentelemetry/api': old, 'other/node_modules/@opentelemetry/api': newest },
    ['1.9.1', '1.10.0'],
  ],
  [
    '1.10.0 with 1.9.1 below a dependency',
    { '@opentelemetry/api': newest, 'other/node_modules/@opentelemetry/api': old },
    ['1.10.0', '1.9.1'],
  ],
]

const app = `
  const { trace, context, propagation, metrics, logs } = require('@opentelemetry/api')
  let other
  try { other = require('other') } catch {}
  trace.getTracer('app').startActiveSpan('outer', outer => {
    const headers = {}
    propagation.inject(context.active(), headers)
    console.log(headers.traceparent === '00-' + outer.spanContext().traceId + '-' + outer.spanContext().spanId + '-01')
    other?.inner()
    metrics.getMeter('app').createCounter('app.counted').add(1)
    // from 1.10 on
    logs?.getLogger('app').emit({ body: 'said to jane@example.com' })
    outer.setAttribute('who', { email: 'jane@example.com', friends: [{ note: 'call joe@example.com' }] })
    outer.end()
  })`
const dependency = `exports.inner = () => require('@opentelemetry/api').trace.getTracer('other').startSpan('inner').end()`

describe('spans of the app arrive with several copies of @opentelemetry/api', () => {
  it.each(cases)('%s', async (_, modules, versions) => {
    const receiver = await startReceiver()
    const files: Record<string, string> = { 'app.cjs': app }
    if (versions.length > 1) {
      files['node_modules/other/package.json'] = '{"name":"other","main":"index.js"}'
      files['node_modules/other/index.js'] = dependency
    }
    const folder = makeApp({ files, modules })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'true\n', stderr: '' })
    const [inner, outer] = versions.length > 1 ? receiver.spans() : [undefined, receiver.spans()[0]]
    expect(outer).toMatchObject({ name: 'outer', scope: 'app' })
    if (inner) expect(inner).toMatchObject({ name: 'inner', scope: 'other', parentSpanId: outer?.spanId })
    expect(receiver.metricNames()).toContain('app.counted')
    const hasLogs = versions[0] !== '1.9.1'
    expect(receiver.logs().map(({ body }) => body)).toEqual(hasLogs ? ['said to [EMAIL]'] : [])
    // complex attributes are redacted wherever their texts are
    expect(JSON.stringify(receiver.spans().map(({ attributes }) => attributes))).not.toContain('@example.com')
    expect(outer?.attributes.who).toEqual({ email: '[EMAIL]', friends: [{ note: 'call [EMAIL]' }] })
    await receiver.close()
  })

  it.each([
    ['1.9.1', old],
    ['1.10.0', newest],
  ])('a registration through %s counts, whichever version ours was made under', async (_, api) => {
    const folder = makeApp({ files: lateSdk, modules: { '@opentelemetry/api': api } })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: nowhere })
    expect(result).toMatchObject({ code: 0, stdout: 'true theirs\n' })
    expect(result.stderr).toMatch(/^\[@afn\/otel\] AFN103 stood down for late-sdk; .*\n$/)
  })

  it.each([
    ['1.9.1', old],
    ['1.10.0', newest],
  ])('a registration through %s in a bundle that is minified counts', async (_, api) => {
    const folder = makeApp({ files: lateSdk, modules: { '@opentelemetry/api': api } })
    const outfile = path.join(folder, 'bundle.cjs')
    buildSync({ entryPoints: [path.join(folder, 'app.cjs')], outfile, bundle: true, minify: true, platform: 'node' })
    rmSync(path.join(folder, 'node_modules/@opentelemetry'), { recursive: true })
    const result = await run(folder, ['--require', '@afn/otel', 'bundle.cjs'], { env: nowhere })
    expect(result).toMatchObject({ code: 0, stdout: 'true theirs\n' })
    expect(result.stderr).toMatch(/^\[@afn\/otel\] AFN103 stood down for the app; .*\n$/)
  })

  it('a registration is refused and named where AFN_STAND_DOWN is off', async () => {
    const folder = makeApp({ files: lateSdk, modules: { '@opentelemetry/api': old } })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...nowhere, AFN_STAND_DOWN: 'false' },
    })
    expect(result).toMatchObject({ code: 0, stdout: 'false ours\n' })
    expect(result.stderr).toMatch(/^\[@afn\/otel\] AFN104 late-sdk .*trace.*\n$/)
  })

  it('a registration after trace.disable() is noticed too', async () => {
    const files = { ...lateSdk, 'app.cjs': `require('@opentelemetry/api').trace.disable(); require('late-sdk')` }
    const folder = makeApp({ files, modules: { '@opentelemetry/api': old } })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: nowhere })
    expect(result.stdout).toBe('true theirs\n')
    expect(result.stderr).toMatch(/AFN103 stood down for late-sdk/)
  })

  it('an SDK among the dependencies is no reason to stand down', async () => {
    const files = { 'app.cjs': `console.log(require('@afn/otel/api').status().state)` }
    const folder = makeApp({
      files,
      packageJson: { name: 'app', dependencies: { '@sentry/node': '10', 'dd-trace': '5' } },
    })
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: nowhere })).toMatchObject({
      stdout: 'started\n',
      stderr: '',
    })
  })
})

const nowhere = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
/** A tracer that was there before the registration is the other SDK's after it. */
const lateSdk = {
  'app.cjs': `require('late-sdk')`,
  'node_modules/late-sdk/package.json': '{"name":"late-sdk","main":"index.js"}',
  'node_modules/late-sdk/index.js': `
    const { trace } = require('@opentelemetry/api')
    const early = trace.getTracer('early')
    const done = trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: () => 'theirs' }) })
    console.log(done, early.startSpan('x') === 'theirs' ? 'theirs' : 'ours')`,
}
