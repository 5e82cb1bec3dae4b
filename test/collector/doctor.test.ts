// `afn-otel doctor` beside a real Collector.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { run } from '../support/run'
import { describeCollector, type Running, scratchFolder, startCollector, until } from './support'
import { exportRequest } from './traces'

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const key = 'k'.repeat(32)

describeCollector('doctor', () => {
  let collector: Running
  let env: Record<string, string>
  let app: string
  beforeAll(async () => {
    const [nobody] = await freePorts(1)
    const stores = { AFN_TEMPO: `127.0.0.1:${nobody}`, AFN_LANGFUSE: `http://127.0.0.1:${nobody}` }
    collector = await startCollector(folder, [], { ...stores, AFN_HMAC_KEY: key })
    env = { ...collector.places, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, AFN_HMAC_KEY: key }
    app = makeApp({ files: {} })
  })
  afterAll(() => collector.stop())

  async function checks(more: Record<string, string> = {}) {
    const { stdout, stderr } = await run(app, ['node_modules/@afn/otel/dist/cli.cjs', 'doctor', '--json'], {
      env: { ...env, ...more },
    })
    expect(stderr).toBe('')
    const { checks } = JSON.parse(stdout) as { checks: { part: string; name: string; ok: boolean; detail: string }[] }
    return Object.fromEntries(
      checks.filter(({ part }) => part === 'Collector').map(({ name, ok, detail }) => [name, { ok, detail }]),
    )
  }

  it('finds all well, and reads its version, legs and key', async () => {
    const found = await checks()
    expect(Object.entries(found).filter(([, { ok }]) => !ok)).toEqual([])
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['health', 'clock', 'version', 'components', 'queues', 'refused', 'early drops']),
    )
    expect(found.version?.detail).toMatch(/^otelcol-\w+ 0\.\d+\.\d+$/)
    expect(found.components?.detail).toContain('otlp_grpc/tempo-errors')
    expect(found['key of the pseudonyms']?.detail).toMatch(/^[\da-f]{8}, same as the app$/)
  })

  it('sees what waits while Tempo is away, a span without ids, and another key', async () => {
    const time = '1790000000000000000'
    const span = { name: 'x', kind: 1, startTimeUnixNano: time, endTimeUnixNano: time, status: { code: 0 } }
    const [good, bad] = [
      { ...span, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: [], events: [] },
      { ...span, traceId: '', spanId: '', attributes: [], events: [] },
    ]
    expect(await collector.send('traces', exportRequest([good, bad]))).toBe(200)
    await until('the queue', async () => (await collector.own('otelcol_exporter_queue_size')) > 0)
    const found = await checks({ AFN_HMAC_KEY: 'other'.repeat(8) })
    expect(found.queues?.detail).toMatch(/waiting: .*otlp_grpc\/tempo-detailed 1 of 500000/)
    expect(found['invalid spans']).toMatchObject({ ok: false, detail: expect.stringContaining('1 at filter/invalid') })
    expect(found['data quality']).toMatchObject({
      ok: false,
      detail: expect.stringContaining('afn_dq_violations_total'),
    })
    expect(found['key of the pseudonyms']).toMatchObject({
      ok: false,
      detail: expect.stringContaining('two pseudonyms'),
    })
  })
})
