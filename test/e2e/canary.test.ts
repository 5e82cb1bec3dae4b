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
  it.each(['http/protobuf', 'http/json'])('leave in no signal, %s', async protocol => {
    for (const content of ['off', 'redacted']) {
      const receiver = await startReceiver()
      const folder = makeApp({ files: { 'app.cjs': plant }, modules })
      const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: env(receiver.url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, AFN_CAPTURE_CONTENT: content }),
      })
      expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
      expect(receiver.requests.map(({ path }) => path).sort()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])
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

  it('content full: personal data stays in messages alone, secrets go', async () => {
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

describe('./sdk', () => {
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

  it('delivers redacted, without any processor of the user', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': app('{}') }, modules: withSdk })
    const result = await run(folder, ['app.cjs'], { env: env(receiver.url) })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(receiver.spans()).toHaveLength(1)
    expect(receiver.logs()).toHaveLength(1)
    expect(leaked(receiver.requests.map(({ body }) => body))).toEqual([])
    await receiver.close()
  })

  it("wraps the user's own processors: they see redacted copies", async () => {
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
})
