// Every setting of the table, through both entries: the preload and afnNodeSDK(). The oracle is what comes out of the
// process: what the Collector, LangFuse and the model's provider receive, what the API says, and what stands on stderr.
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SettingName, settings } from '../../src/shared/config/settings'
import { makeApp } from '../support/packed'
import { freePorts, listen } from '../support/ports'
import { run } from '../support/run'
import { sdkModules } from '../support/sdk-generations'

const app = `
const { trace, metrics, propagation, ROOT_CONTEXT } = require('@opentelemetry/api')
const { logs } = require('@opentelemetry/api-logs')
const sdk = process.env.ENTRY === 'sdk' ? require('@afn/otel/sdk').afnNodeSDK() : undefined
sdk?.start()
const { flush, status, recordEvaluation } = require('@afn/otel/api')
const later = ms => new Promise(resolve => setTimeout(resolve, ms))
const many = (count, name) => Object.fromEntries(Array.from({ length: count }, (_, i) => [name + '-' + i + '-', 'v']))
const other = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
async function main() {
  const seen = {}
  const tracer = trace.getTracer('t')
  const remote = propagation.extract(ROOT_CONTEXT, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'in=1' })
  seen.baggage = propagation.getBaggage(remote)?.getAllEntries().length ?? 0
  const root = tracer.startSpan('root')
  seen.recording = root.isRecording()
  const carrier = {}
  propagation.inject(trace.setSpan(ROOT_CONTEXT, root), carrier)
  seen.injected = Object.keys(carrier).sort()
  root.setAttributes(many(100, 'attribute'))
  root.setAttribute('long', 'l'.repeat(300))
  root.setAttributes({ mail: 'ada.lovelace@example.com', card: '4111 1111 1111 1111', note: 'note of bob@example.com', free: 'free@example.com', 'user.id': 'u-1', hidden: 'behind a key', word: 'forbidden-word', allowed: 'allowed@example.com' })
  tracer.startSpan('translated', { attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'some' } }).end()
  for (let i = 0; i < 20; i++) root.addEvent('at-' + i + '-', many(20, 'of-event'))
  for (let i = 0; i < 20; i++) root.addLink({ context: other, attributes: { ['number-' + i + '-']: 'v', ...many(20, 'of-link') } })
  root.end()
  for (let i = 0; i < 20; i++) tracer.startSpan('small').end()
  const logger = logs.getLogger('l')
  for (let i = 0; i < 20; i++) logger.emit({ body: 'a line', attributes: { 'log-long': 'g'.repeat(300), ...many(20, 'of-log') } })
  metrics.getMeter('m').createHistogram('app.histogram').record(1)
  metrics.getMeter('m').createCounter('app.counter').add(1)
  const body = JSON.stringify({ model: 'my-model', stream: process.env.STREAM === 'yes', messages: [{ role: 'user', content: 'hello prompt' }] })
  await fetch(process.env.MODEL + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer x' }, body }).then(response => response.text())
  recordEvaluation({ name: 'relevance', score: 1, target: root })
  if (process.env.EXIT === 'yes') process.exit()
  await later(Number(process.env.WAIT ?? 0))
  seen.before = { ...status()?.exported }
  if (process.env.SCRAPE) seen.scrape = await fetch(process.env.SCRAPE).then(r => r.status, () => 0)
  if (process.env.PROBE) seen.probe = await fetch(process.env.PROBE, { headers: { authorization: 'Bearer t' } }).then(async r => [r.status, r.headers.get('retry-after'), Object.keys((await r.json()).checks ?? {}).join()], () => undefined)
  await flush(2000)
  const { exported, diagnostics = [] } = status() ?? {}
  console.log('SEEN' + JSON.stringify({ ...seen, exported, said: diagnostics.map(({ code, message }) => code + ' ' + message) }))
  await sdk?.shutdown()
}
main()`

interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}
interface Observed {
  seen: { baggage: number; recording: boolean; injected: string[]; before?: Record<string, number>; scrape?: number; probe?: [status: number, retryAfter: string | null, checks: string]; said: string[]; exported?: Record<string, number> } // biome-ignore format: what the app prints
  requests: Received[]
  stdout: string
  stderr: string
  folder: string
}

type Signal = 'traces' | 'metrics' | 'logs'
const to = (o: Observed, what: string) => o.requests.filter(({ path }) => path.includes(what))
const bytes = (o: Observed, signal: Signal) => Buffer.concat(to(o, signal).map(({ body }) => body)).toString('latin1')
const has = (text: string, signal: Signal = 'traces') => ((o: Observed) => bytes(o, signal).includes(text)) as Probe
const header = (signal: Signal, name: string) => ((o: Observed) => to(o, signal)[0]?.headers[name] ?? 'none') as Probe
const address = (signal: Signal) => ((o: Observed) => to(o, signal)[0]?.path ?? 'none') as Probe
const says = (text: string) => ((o: Observed) => o.seen.said.some(line => line.includes(text))) as Probe
const largest = (signal: Signal, text: string) => ((o: Observed) => Math.max(0, ...to(o, signal).map(({ body }) => body.toString('latin1').split(text).length - 1)) <= 5) as Probe // biome-ignore format: one line

type Probe = (observed: Observed) => unknown
/** In which run it is set, to what, and what is different then: the value that is seen in both entries. */
type Case = [run: string, value: string, probe: Probe, expected: unknown]
/** Where NodeSDK gets its instrumentations as objects. */
type OfThePreload = { preload: string }
/** No telemetry of an app changes by it: another test has its effect. */
type Elsewhere = { test: string }

const timedOut = (signal: Signal) => says(`${signal} could not be delivered`)
const file = (name: string) => `/nowhere/${name}.pem`
const unread = (name: string) => says(file(name))

const cases: Record<SettingName, Case | OfThePreload | Elsewhere> = {
  disabled: ['disabled', 'true', o => o.requests.filter(({ path }) => !path.includes('chat')).length, 0],
  serviceName: ['a', 'service-a', has('service-a'), true],
  resourceAttributes: ['a', 'team=team-a', has('team-a'), true],
  resourceDetectors: ['a', 'env,host', has('os.type'), false],
  propagators: ['a', 'b3', o => o.seen.injected, ['b3']],
  trustBaggage: ['b', 'true', o => o.seen.baggage, 1],
  mcpBaggageHosts: { preload: '127.0.0.1' },
  sampler: ['never', 'always_off', o => o.seen.recording, false],
  samplerArg: ['ratio', '0', o => o.seen.recording, false],
  tracesExporter: ['console', 'console', o => o.stdout.includes("name: 'root'"), true],
  metricsExporter: ['console', 'console', o => o.stdout.includes("name: 'app.counter'"), true],
  logsExporter: ['console', 'console', o => o.stdout.includes("body: 'a line'"), true],
  otlpEndpoint: ['a', '{url}/base', address('logs'), '/base/v1/logs'],
  otlpHeaders: ['a', 'x-common=c', header('logs', 'x-common'), 'c'],
  otlpProtocol: ['a', 'http/json', header('logs', 'content-type'), 'application/json'],
  otlpCompression: ['a', 'none', header('logs', 'content-encoding'), 'none'],
  otlpTimeout: ['late', '150', timedOut('logs'), true],
  otlpCertificate: ['ratio', file('ca'), unread('ca'), true],
  otlpClientCertificate: ['never', file('cert'), unread('cert'), true],
  otlpClientKey: ['tls 1', file('key'), unread('key'), true],
  tracesEndpoint: ['b', '{url}/own/traces', address('traces'), '/own/traces'],
  tracesHeaders: ['a', 'x-own=t', header('traces', 'x-own'), 't'],
  tracesProtocol: ['b', 'http/json', header('traces', 'content-type'), 'application/json'],
  tracesCompression: ['b', 'none', header('traces', 'content-encoding'), 'none'],
  tracesTimeout: ['late', '150', timedOut('traces'), true],
  tracesCertificate: ['tls 1', file('traces-ca'), unread('traces-ca'), true],
  tracesClientCertificate: ['tls 2', file('traces-cert'), unread('traces-cert'), true],
  tracesClientKey: ['tls 3', file('traces-key'), unread('traces-key'), true],
  metricsEndpoint: ['b', '{url}/own/metrics', address('metrics'), '/own/metrics'],
  metricsHeaders: ['a', 'x-own=m', header('metrics', 'x-own'), 'm'],
  metricsProtocol: ['b', 'http/json', header('metrics', 'content-type'), 'application/json'],
  metricsCompression: ['b', 'none', header('metrics', 'content-encoding'), 'none'],
  metricsTimeout: ['late', '150', timedOut('metrics'), true],
  metricsCertificate: ['tls 3', file('metrics-ca'), unread('metrics-ca'), true],
  metricsClientCertificate: ['tls 1', file('metrics-cert'), unread('metrics-cert'), true],
  metricsClientKey: ['tls 2', file('metrics-key'), unread('metrics-key'), true],
  logsEndpoint: ['b', '{url}/own/logs', address('logs'), '/own/logs'],
  logsHeaders: ['a', 'x-own=l', header('logs', 'x-own'), 'l'],
  logsProtocol: ['b', 'http/json', header('logs', 'content-type'), 'application/json'],
  logsCompression: ['b', 'none', header('logs', 'content-encoding'), 'none'],
  logsTimeout: ['late 2', '150', timedOut('logs'), true],
  logsCertificate: ['tls 2', file('logs-ca'), unread('logs-ca'), true],
  logsClientCertificate: ['tls 3', file('logs-cert'), unread('logs-cert'), true],
  logsClientKey: ['quiet', file('logs-key'), unread('logs-key'), true],
  metricsTemporality: ['b', 'delta', has('"aggregationTemporality":1', 'metrics'), true],
  metricsHistogram: ['b', 'base2_exponential_bucket_histogram', has('exponentialHistogram', 'metrics'), true],
  contentEvents: { test: 'test/e2e/llm.test.ts' },
  exceptionSignal: { test: 'test/e2e/exceptions.test.ts' },
  semconvCompat: ['b', 'v1.41', has('gen_ai.client.token.usage', 'metrics'), true],
  evaluators: ['a', '{folder}/none.yaml', says("none.yaml can't be read"), true],
  sloFiles: ['a', '{folder}/slos.yaml', has('0.123', 'metrics'), true],
  prometheusHost: ['prometheus', '127.0.0.2', o => o.seen.scrape, 200],
  prometheusPort: ['prometheus', '{port}', o => o.seen.scrape, 200],
  // without it there are one after a second, one at the flush and one at the end; with it 40 on a quiet machine
  metricInterval: ['often', '100', o => to(o, 'metrics').length > 5, true],
  metricTimeout: ['late 3', '150', timedOut('metrics'), true],
  spanDelay: ['often', '50', o => (o.seen.before?.spans ?? 0) > 0, true],
  spanTimeout: ['late 3', '150', timedOut('traces'), true],
  spanQueue: ['queues', '5', largest('traces', 'small'), true],
  spanBatch: ['batches', '5', largest('traces', 'small'), true],
  logDelay: ['often', '60000', o => o.seen.before?.logs, 0],
  logTimeout: ['late 3', '150', timedOut('logs'), true],
  logQueue: ['queues', '5', largest('logs', 'a line'), true],
  logBatch: ['batches', '5', largest('logs', 'a line'), true],
  spanValueLength: ['prometheus', '12', has('l'.repeat(13)), false],
  spanAttributes: ['prometheus', '10', has('attribute-10-'), false],
  spanEvents: [
    'prometheus',
    '3',
    o => [0, 16, 17, 18, 19].filter(i => bytes(o, 'traces').includes(`at-${i}-`)),
    [17, 18, 19],
  ],
  spanLinks: ['prometheus', '3', has('number-0-'), false],
  eventAttributes: ['prometheus', '4', has('of-event-5-'), false],
  linkAttributes: ['prometheus', '4', has('of-link-5-'), false],
  logValueLength: ['prometheus', '12', has('g'.repeat(13), 'logs'), false],
  logAttributes: ['prometheus', '4', has('of-log-5-', 'logs'), false],
  enabledInstrumentations: { preload: 'http' },
  disabledInstrumentations: { preload: 'http' },
  middlewareSpans: { preload: 'true' },
  serverRequestHeaders: { preload: 'x-a' },
  serverResponseHeaders: { preload: 'x-a' },
  clientRequestHeaders: { preload: 'x-a' },
  clientResponseHeaders: { preload: 'x-a' },
  logCorrelation: { preload: 'false' },
  captureContent: ['b', 'redacted', has('hello prompt'), true],
  dialectOriginals: ['b', 'drop', has('llm.model_name'), false],
  record: { test: 'test/e2e/replay.test.ts' },
  includeUsage: ['often', 'on', o => to(o, 'chat').some(({ body }) => body.includes('include_usage')), true],
  providerTraceHosts: ['often', '127.0.0.1', o => to(o, 'chat').some(({ headers }) => 'traceparent' in headers), true],
  redaction: ['batches', 'false', has('ada.lovelace@example.com'), true],
  redactionNames: { test: 'test/e2e/redaction-ner.test.ts' },
  redactionMode: ['modes', 'pseudonym', o => /\[EMAIL:[0-9a-f]{16}\]/.test(bytes(o, 'traces')), true],
  redactionTypes: ['modes', 'CARD=partial', has('[CARD:*1111]'), true],
  redactionKeys: ['modes', 'note=drop', has('note of'), false],
  redactionAllow: ['modes', 'allowed@example.com', has('allowed@example.com'), true],
  redactionAllowKeys: ['modes', 'free', has('free@example.com'), true],
  redactionDeny: ['modes', 'forbidden-word', has('forbidden-word'), false],
  redactionDenyKeys: ['modes', 'hidden', has('behind a key'), false],
  pseudonymizeUserId: ['modes', 'true', has('u-1'), false],
  hmacKey: ['modes', '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', o => /\[EMAIL:[0-9a-f]{16}\]/.exec(bytes(o, 'traces'))?.[0] === pseudonym, true], // biome-ignore format: one line
  hmacKeyFile: ['queues', '{folder}/key', o => /\[EMAIL:[0-9a-f]{16}\]/.exec(bytes(o, 'traces'))?.[0] === pseudonym, true], // biome-ignore format: one line
  guard: { test: 'unit/guard' },
  loops: { test: 'e2e/loops' },
  loopsAllow: { test: 'e2e/loops' },
  prices: ['b', '{folder}/prices.json', has('afn.llm.cost'), true],
  langfuseAttributes: ['b', 'false', has('langfuse.observation.usage_details'), false],
  langfuseHost: ['often', '{url}/langfuse', o => to(o, 'langfuse').length > 0, true],
  langfusePublicKey: ['often', 'pk-1', o => to(o, 'langfuse')[0]?.headers.authorization, `Basic ${Buffer.from('pk-1:sk-1').toString('base64')}`], // biome-ignore format: one line
  langfuseSecretKey: ['often', 'sk-1', o => to(o, 'langfuse')[0]?.headers.authorization, `Basic ${Buffer.from('pk-1:sk-1').toString('base64')}`], // biome-ignore format: one line
  auditDir: { test: 'e2e/audit' },
  auditKeys: { test: 'e2e/audit' },
  suppressionList: { test: 'e2e/suppression' },
  suppressionKeyFile: { test: 'e2e/suppression' },
  suppressionInterval: { test: 'e2e/suppression' },
  gdprDir: { test: 'unit/gdpr/command' },
  gdprKey: { test: 'unit/gdpr/command' },
  auditCheckpoints: { test: 'e2e/audit' },
  logDir: { test: 'e2e/logs' },
  logConfig: { test: 'e2e/logs' },
  appLogLevel: { test: 'e2e/logs' },
  health: ['health', 'true', o => o.seen.probe?.[0], 503],
  healthPort: ['health', '{port}', o => o.seen.probe?.[0], 503],
  healthHost: ['health', '127.0.0.2', o => o.seen.probe?.[0], 503],
  healthToken: ['health', 't', o => o.seen.probe?.[2], 'redis:responseTime'],
  healthChecks: ['health', 'redis', o => o.seen.probe?.[2], 'redis:responseTime'],
  healthRequired: ['health', 'redis', o => o.seen.probe?.[0], 503],
  healthCache: ['health', '60000', o => Number(o.seen.probe?.[1]) > 5, true],
  healthDrain: { preload: '1000' },
  shutdownTimeout: { preload: '1000' },
  standDown: { preload: 'false' },
  workers: { preload: 'true' },
  spool: { test: 'e2e/spool' },
  spoolDir: ['exit', '{folder}/spool', o => readdirSync(o.folder).includes('spool'), true],
  localMaxBytes: { test: 'unit/backend/store-bound' },
  logLevel: ['quiet', 'none', o => o.stderr, ''],
}

let pseudonym: string
/** What else a run needs. */
const nobody = 'https://127.0.0.1:1'
const also: Record<string, Record<string, string>> = {
  default: { OTEL_BSP_SCHEDULE_DELAY: 'soon', WAIT: '1500' },
  never: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody },
  ratio: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_EXPORTER_OTLP_ENDPOINT: nobody },
  often: { WAIT: '4000', STREAM: 'yes' },
  prometheus: { OTEL_METRICS_EXPORTER: 'prometheus', SCRAPE: 'http://127.0.0.2:{port}/metrics' },
  health: { REDIS_URL: 'redis://127.0.0.1:1', PROBE: 'http://127.0.0.2:{port}/health' },
  exit: { EXIT: 'yes', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  quiet: { OTEL_BSP_SCHEDULE_DELAY: 'soon', OTEL_EXPORTER_OTLP_ENDPOINT: nobody },
  queues: { AFN_REDACTION_MODE: 'pseudonym' },
  ...Object.fromEntries(
    ['late', 'late 2', 'late 3'].map(name => [name, { OTEL_EXPORTER_OTLP_ENDPOINT: '{url}/hang' }]),
  ),
  ...Object.fromEntries([1, 2, 3].map(n => [`tls ${n}`, { OTEL_EXPORTER_OTLP_ENDPOINT: nobody }])),
}

const names = Object.keys(cases) as SettingName[]
const isCase = (one: Case | OfThePreload | Elsewhere): one is Case => Array.isArray(one)
const tested = names.filter(name => isCase(cases[name]))
const runs = [...new Set(tested.map(name => (cases[name] as Case)[0]))]
const observed: Record<string, Observed> = {}
const entries = ['preload', 'sdk', 'sdk of 0.223'] as const
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const [, key, url] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const raw = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    received.get(key ?? '')?.push({ path: url ?? '', headers: request.headers, body })
    if (url?.includes('/hang/')) return
    response.setHeader('content-type', 'application/json')
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
    const message = { role: 'assistant', content: 'hello answer' }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    response.end(url?.includes('chat') ? JSON.stringify({ id: 'c', object: 'chat.completion', model: 'my-model', choices, usage }) : url?.includes('langfuse') ? '{"successes":[],"errors":[]}' : '') // biome-ignore format: one line
  })
})
const received = new Map<string, Received[]>()

async function observe(entry: (typeof entries)[number], name: string, env: Record<string, string>): Promise<Observed> {
  const key = `${entry}-${name}`.replace(/ /g, '-')
  received.set(key, [])
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}/${key}`
  const [free] = await freePorts(1)
  const modules = sdkModules(entry === 'sdk of 0.223' ? '0.223' : '0.301')
  const folder = makeApp({ files: { 'app.cjs': app }, modules })
  writeFileSync(path.join(folder, 'key'), '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef')
  writeFileSync(path.join(folder, 'slos.yaml'), 'version: prometheus/v1\nservice: app\nslos: [{name: fast, objective: 95, sli: {latency: {metric: app.histogram, unit: "1", threshold: 0.123}}}]') // biome-ignore format: one line
  writeFileSync(path.join(folder, 'prices.json'), JSON.stringify({ 'openai/my-model': { input: 1, output: 1 } })) // biome-ignore format: one line
  const filled = Object.fromEntries(
    Object.entries({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env }).map(([variable, value]) => [
      variable,
      value.replaceAll('{url}', url).replaceAll('{port}', String(free)).replaceAll('{folder}', folder),
    ]),
  )
  const args = entry === 'preload' ? ['--require', '@afn/otel', 'app.cjs'] : ['app.cjs']
  const { stdout, stderr } = await run(folder, args, {
    env: { MODEL: url, ENTRY: entry.split(' ', 1)[0] as string, ...filled },
  })
  const printed = stdout.split('SEEN')[1]
  const seen = printed ? JSON.parse(printed.split('\n', 1)[0] as string) : { said: [], injected: [] }
  return { seen, requests: received.get(key) as Received[], stdout, stderr, folder }
}

describe('every setting', () => {
  beforeAll(async () => {
    await listen(server)
    const all = ['default', ...runs].flatMap(name => entries.map(entry => ({ name, entry })))
    const next = async (): Promise<void> => {
      const one = all.shift()
      if (!one) return
      const set = tested.flatMap(name => {
        const [of, value] = cases[name] as Case
        return of === one.name ? [[settings[name].env[0] as string, value]] : []
      })
      observed[`${one.entry} ${one.name}`] = await observe(one.entry, one.name, {
        ...also[one.name],
        ...Object.fromEntries(set),
      })
      await next()
    }
    await Promise.all([next(), next(), next()])
    pseudonym = /\[EMAIL:[0-9a-f]{16}\]/.exec(bytes(observed['preload modes'] as Observed, 'traces'))?.[0] ?? 'none'
  }, 300_000)
  afterAll(() => void server.close())

  it.each(tested)('%s has its effect in each entry, and only when it is set', name => {
    const [of, , probe, expected] = cases[name] as Case
    const results = entries.map(entry => probe(observed[`${entry} ${of}`] as Observed))
    expect(results).toEqual(entries.map(() => expected))
    for (const entry of entries) expect(probe(observed[`${entry} default`] as Observed)).not.toEqual(expected)
  })

  it('of the preload alone is named by afnNodeSDK()', async () => {
    const set = names.flatMap(name => {
      const one = cases[name]
      return 'preload' in one ? [[settings[name].env[0] as string, one.preload]] : []
    })
    const { seen } = await observe('sdk', 'of the preload', Object.fromEntries(set))
    const line = seen.said.find(text => text.startsWith('AFN113'))
    expect(set.filter(([variable]) => !line?.includes(variable as string))).toEqual([])
  })
})
