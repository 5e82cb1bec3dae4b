import { rmSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../support/random'
import { describeCollector, type Running, scratchFolder, spanIdsIn, startCollector, until } from './support'
import { exportRequest, lateTrace, type OtlpSpan } from './traces'

describeCollector('OTLP that is not right', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  const random = new Random(400)
  /** Spans of a trace each, that have to arrive whatever came before or beside them. */
  const neighbours: OtlpSpan[] = []
  const neighbour = (): OtlpSpan => {
    const [span] = lateTrace(random, 'a span').early
    neighbours.push(span!)
    return span!
  }
  let collector: Running
  beforeAll(async () => {
    collector = await startCollector(folder, ['--files', files])
  })
  afterAll(async () => {
    await collector.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<number> {
    const all = { 'content-type': 'application/json', ...headers }
    const response = await fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: all,
      body: new Uint8Array(Buffer.from(body)),
    })
    await response.arrayBuffer()
    return response.status
  }
  const json = (span: object) => JSON.stringify(exportRequest([{ ...neighbourless(), ...span } as OtlpSpan]))
  const neighbourless = (): OtlpSpan => lateTrace(random, 'a span').early[0]!
  const protobuf = { 'content-type': 'application/x-protobuf' }
  const gzip = { 'content-encoding': 'gzip' }
  const big = (bytes: number) => json({ attributes: [{ key: 'big', value: { stringValue: 'a'.repeat(bytes) } }] })

  const refused: [string, () => [string | Buffer, Record<string, string>?]][] = [
    ['not JSON', () => ['spans, please']],
    ['JSON that ends too early', () => [json({}).slice(0, -20)]],
    ['an empty body', () => ['']],
    ['attributes that are no list', () => [json({ attributes: { key: 'value' } })]],
    ['a trace id of another length', () => [json({ traceId: 'abc123' })]],
    ['a span id that is no number', () => [json({ spanId: 'not-hexadecimal!' })]],
    ['no protobuf', () => [Buffer.from([0xff, 0xff, 0xff, 0xff]), protobuf]],
    ['protobuf that ends too early', () => [Buffer.from([0x0a, 0x7f, 0x0a]), protobuf]],
    ['no gzip', () => [json({}), gzip]],
    ['a bomb of gzip', () => [gzipSync(Buffer.alloc(200 * 2 ** 20, ' ')), gzip]],
    ['more than 16 MiB', () => [big(17 * 2 ** 20)]],
    ['another type of content', () => [json({}), { 'content-type': 'text/plain' }]],
  ]

  it.each(refused)('%s is refused for good, and counted', async (_, request) => {
    const refusals = 'http_server_request_duration_count{http_request_method="POST",http_response_status_code="4'
    const count = () => collector.own(refusals)
    const before = await count()
    const status = await post(...request())
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(429) // what no client sends again
    await until('it to be counted', async () => (await count()) === before + 1)
    expect(await post(JSON.stringify(exportRequest([neighbour()])))).toBe(200)
  })

  it('spans without ids are left out and counted, those beside them arrive', async () => {
    const zero = { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }
    const spans = [
      neighbour(),
      { ...neighbourless(), ...zero },
      neighbour(),
      { ...neighbourless(), spanId: zero.spanId },
      { ...neighbourless(), traceId: zero.traceId },
      neighbour(),
    ]
    expect(await post(JSON.stringify(exportRequest(spans)))).toBe(200)
    await until('them to be counted', async () => (await collector.own('otelcol_processor_filter_spans_filtered')) >= 3)
  })

  it('all that was right has arrived, once, and nothing else', async () => {
    const arrived = () => [...spanIdsIn(files, 'detailed').values()].flat().sort()
    await until('the last span', () => arrived().includes(neighbours.at(-1)!.spanId)).catch(() => {})
    expect(arrived()).toEqual(neighbours.map(({ spanId }) => spanId).sort())
  })
})
