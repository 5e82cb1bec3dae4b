import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { listen } from '../support/ports'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { describeCollector, linesOf, type Running, scratchFolder, spanIdsIn, startCollector, until } from './support'
import { exportRequest, type OtlpSpan } from './traces'

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Outside the baseline. */
const traceId = (n: number) => n.toString(16).padStart(32, '0')

function span(n: number, part: Partial<OtlpSpan> = {}): OtlpSpan {
  const spanId = n.toString(16).padStart(16, '0')
  const time = '1790000000000000000'
  return {
    traceId: traceId(1),
    spanId,
    name: 'work',
    kind: 1,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    status: { code: 0 },
    attributes: [],
    events: [],
    ...part,
  }
}
const operation = { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }
const localRoot = { key: 'afn.llm.local_root', value: { boolValue: true } }

describeCollector('the stores', () => {
  /** Path and authorization of each request. */
  const seen = new Set<string>()
  const http = createServer((request, response) => {
    seen.add(`${request.url} ${request.headers.authorization ?? ''}`.trim())
    response.end()
  })
  let tempo: FakeTempo
  let collector: Running
  beforeAll(async () => {
    const url = `http://127.0.0.1:${await listen(http)}`
    tempo = await startFakeTempo()
    const shortly = path.join(folder, 'shortly.yaml')
    const processors = Object.fromEntries(['interval/medium', 'interval/low'].map(id => [id, { interval: '1s' }]))
    writeFileSync(shortly, stringify({ processors }))
    collector = await startCollector(folder, ['--overlay', shortly], {
      AFN_TEMPO: tempo.address,
      AFN_PROMETHEUS: `${url}/prometheus`,
      AFN_PROMETHEUS_MEDIUM: `${url}/prometheus-medium`,
      AFN_PROMETHEUS_LOW: `${url}/prometheus-low`,
      AFN_LOG_DIR: path.join(folder, 'logs'),
      LANGFUSE_HOST: `${url}/langfuse/`,
      LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
      LANGFUSE_SECRET_KEY: 'sk-lf-2',
      AFN_DECISION_WAIT: '1s',
      AFN_AFTER_ROOT: '1s',
      AFN_SPANMETRICS_FLUSH: '1s',
    })
  })
  afterAll(async () => {
    await collector.stop()
    http.close()
    await tempo.away()
  })

  it('each get what is theirs, a tenant a tier', async () => {
    const failed = span(1, { status: { code: 2 }, attributes: [operation] })
    expect(await collector.send('traces', exportRequest([failed]))).toBe(200)
    const record = { body: { stringValue: 'hello' } }
    expect(await collector.send('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })).toBe(200)
    const expected = [
      'afn-detailed',
      'afn-sampled',
      'afn-errors',
      `/langfuse/api/public/otel/v1/traces Basic ${Buffer.from('pk-lf-1:sk-lf-2').toString('base64')}`,
      '/prometheus/api/v1/otlp/v1/metrics',
      '/prometheus-medium/api/v1/otlp/v1/metrics',
      '/prometheus-low/api/v1/otlp/v1/metrics',
    ]
    const all = () => [...tempo.tenants, ...seen]
    await until('all stores to be written to', () => expected.every(it => all().includes(it))).catch(() => {})
    expect(all().sort()).toEqual(expected.sort())
  })
})

describeCollector('log records', () => {
  const logs = path.join(folder, 'log-classes')
  let collector: Running | undefined
  afterEach(() => collector?.stop())

  it('go to the file of their class, each once', async () => {
    collector = await startCollector(folder, [], { AFN_LOG_DIR: logs })
    const record = (text: string, severityNumber: number, audit = false) => ({
      severityNumber,
      body: { stringValue: text },
      attributes: audit ? [{ key: 'afn.audit', value: { boolValue: true } }] : [],
    })
    const logRecords = [
      record('trace', 1),
      record('debug', 8),
      record('unspecified', 0),
      record('info', 9),
      record('warn', 13),
      record('error', 17),
      record('fatal', 24),
      record('audited', 9, true),
      record('audited debug', 5, true),
    ]
    expect(await collector.send('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })).toBe(200)
    await until('the files to be written', () => linesOf(logs, 'audit').length > 0)
    await collector.stop()
    const bodies = (name: string) =>
      linesOf(logs, name).flatMap(line => [...line.matchAll(/"stringValue":"([^"]*)"/g)].map(([, text]) => text))
    expect(Object.fromEntries(['debug', 'info', 'warn', 'error', 'audit'].map(name => [name, bodies(name)]))).toEqual({
      debug: ['trace', 'debug'],
      info: ['unspecified', 'info'],
      warn: ['warn'],
      error: ['error', 'fatal'],
      audit: ['audited', 'audited debug'],
    })
  })
})

describeCollector('the LLM leg', () => {
  const llmOnly = path.join(folder, 'llm')
  let collector: Running | undefined
  afterEach(() => collector?.stop())

  it('takes LLM spans and the marked local root, and no plain request', async () => {
    collector = await startCollector(folder, ['--files', llmOnly])
    const spans = [
      span(1, { attributes: [localRoot] }),
      span(2, { parentSpanId: span(1).spanId, attributes: [operation] }),
      span(3, { parentSpanId: span(1).spanId }),
      span(4, { traceId: traceId(2), kind: 2 }),
    ]
    expect(await collector.send('traces', exportRequest(spans))).toBe(200)
    await until('the leg to be written', () => linesOf(llmOnly, 'llm').length > 0)
    await collector.stop()
    expect(spanIdsIn(llmOnly, 'llm')).toEqual(new Map([[traceId(1), [span(1).spanId, span(2).spanId]]]))
  })

  it('hangs each span under what LangFuse has of those above it, and says in its words what happened', async () => {
    const words = path.join(folder, 'words')
    collector = await startCollector(folder, ['--files', words])
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    const number = (key: string, value: Record<string, unknown>) => ({ key, value })
    const spans = [
      // a server whose caller's span LangFuse does not get
      span(1, { parentSpanId: 'aaaaaaaaaaaaaaaa', kind: 2, attributes: [localRoot] }),
      span(2, {
        parentSpanId: 'bbbbbbbbbbbbbbbb',
        attributes: [
          operation,
          text('afn.llm.parent_id', span(1).spanId),
          text('error.type', 'timeout'),
          number('gen_ai.response.time_to_first_chunk', { doubleValue: 1.5 }),
          text('gen_ai.prompt.name', 'greet'),
        ],
      }),
      // nobody counted its tokens
      span(4, { parentSpanId: span(1).spanId, attributes: [operation] }),
      span(5, {
        parentSpanId: span(1).spanId,
        attributes: [operation, number('gen_ai.usage.prompt_tokens', { intValue: '7' })],
      }),
      span(6, {
        parentSpanId: span(1).spanId,
        status: { code: 2 },
        attributes: [
          operation,
          text('error.type', '429'),
          number('afn.llm.retried', { boolValue: true }),
          text('langfuse.release', 'its own'),
        ],
      }),
      span(3, {
        parentSpanId: span(2).spanId,
        attributes: [
          text('gen_ai.operation.name', 'retrieval'),
          text('gen_ai.request.model', 'text-embedding-3'),
          number('gen_ai.usage.input_tokens', { intValue: '7' }),
        ],
      }),
    ]
    const request = exportRequest(spans)
    Object.assign(request.resourceSpans[0]!, { resource: { attributes: [text('service.version', '1.2.3')] } })
    expect(await collector.send('traces', request)).toBe(200)
    await until('the leg to be written', () => linesOf(words, 'llm').length > 0)
    await collector.stop()
    const sent = linesOf(words, 'llm').flatMap(line =>
      JSON.parse(line).resourceSpans.flatMap((resource: { scopeSpans: { spans: OtlpSpan[] }[] }) =>
        resource.scopeSpans.flatMap(scope => scope.spans),
      ),
    )
    const attributesOf = (n: number) =>
      Object.fromEntries(
        sent
          .find(({ spanId }: OtlpSpan) => spanId === span(n).spanId)
          .attributes.map(({ key, value }: OtlpSpan['attributes'][number]) => [key, Object.values(value)[0]]),
      )
    const root = span(1).spanId
    expect(sent.map(({ parentSpanId }: OtlpSpan) => parentSpanId)).toEqual([
      undefined,
      ...[root, root, root, root],
      span(2).spanId,
    ])
    expect(attributesOf(4)).toMatchObject({
      'langfuse.observation.usage_details': '{"input":0,"output":0,"total":0}',
      'langfuse.release': '1.2.3',
    })
    // what is there in words that LangFuse knows itself
    expect(attributesOf(5)).not.toHaveProperty(['langfuse.observation.usage_details'])
    expect(attributesOf(6)).toMatchObject({ 'langfuse.observation.level': 'WARNING', 'langfuse.release': 'its own' })
    expect(attributesOf(2)).toMatchObject({
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'timeout',
      'langfuse.observation.completion_start_time': '2026-09-21T14:13:21.5Z',
      'langfuse.observation.usage_details': '{"input":0,"output":0,"total":0}',
      'langfuse.observation.prompt.name': 'greet',
    })
    expect(attributesOf(2)).not.toHaveProperty('gen_ai.prompt.name')
    expect(attributesOf(3)).toMatchObject({ 'langfuse.observation.type': 'retriever' })
    expect(attributesOf(3)).not.toHaveProperty('gen_ai.request.model')
    expect(attributesOf(3)).not.toHaveProperty('gen_ai.usage.input_tokens')
  })

  it('swallows a full queue: the sender is not refused, so nothing is sent twice into the other legs', async () => {
    // LangFuse is away and its queue holds ten spans; the Tempo leg ends in a file, to count in.
    const config = parse(readFileSync(path.resolve(import.meta.dirname, '../../otel-collector.yaml'), 'utf8'))
    config.exporters['otlp_http/langfuse'].sending_queue.queue_size = 10
    config.exporters['file/detailed'] = { path: path.join(folder, 'full/detailed.json'), create_directory: true }
    config.service.pipelines['traces/detailed'].exporters = ['file/detailed']
    const file = path.join(folder, 'full.yaml')
    writeFileSync(file, stringify(config))
    collector = await startCollector(folder, ['--config', file], { AFN_LANGFUSE: 'http://127.0.0.1:9' })
    const statuses = new Set<number>()
    for (let n = 1; n <= 100; n++) {
      const spans = [1, 2, 3, 4, 5].map(k => span(n * 10 + k, { traceId: traceId(n), attributes: [operation] }))
      statuses.add(await collector.send('traces', exportRequest(spans)))
    }
    expect([...statuses]).toEqual([200])
    const counted = collector
    await until('drops to be counted', () => counted.own('otelcol_exporter_enqueue_failed_spans'))
    await collector.stop()
    const written = spanIdsIn(path.join(folder, 'full'), 'detailed')
    const once = Array.from({ length: 100 }, (_, n) => [1, 2, 3, 4, 5].map(k => span((n + 1) * 10 + k).spanId)).flat()
    expect([...written.values()].flat().sort()).toEqual(once.sort())
  })
})
