// Delivery as a whole process sees it. The oracles are the kernel (a listening socket with a full backlog), counts that the app
// makes itself, and OpenTelemetry's names for what an SDK counts of itself.
import { expect, it } from 'vitest'
import { startBlackHole } from '../support/black-hole'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = { '@opentelemetry/api': '@opentelemetry/api' }
const preload = ['--require', '@afn/otel', 'app.cjs']
/** An export that nothing else ends. */
const tenMinutes = {
  AFN_SHUTDOWN_TIMEOUT: '',
  OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
  OTEL_BSP_EXPORT_TIMEOUT: '600000',
  OTEL_BLRP_EXPORT_TIMEOUT: '600000',
  OTEL_METRIC_EXPORT_TIMEOUT: '600000',
}
const tracer = `const tracer = require('@opentelemetry/api').trace.getTracer('t')`

it('a process ends by itself while a black-holed address lets every connect hang', async () => {
  const hole = await startBlackHole()
  const app = `${tracer}
    const load = setInterval(() => tracer.startSpan('x').end(), 20)
    // by then metrics, too, are on their way
    setTimeout(() => { clearInterval(load); console.log('done') }, 2_500)`
  const env = { ...tenMinutes, OTEL_EXPORTER_OTLP_ENDPOINT: hole.url, OTEL_BSP_SCHEDULE_DELAY: '100' }
  expect(await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })).toMatchObject({
    code: 0,
    stdout: 'done\n',
  })
  hole.close()
})

it.each(['hang', 503] as const)('a process ends by itself while the Collector answers %s', async answer => {
  const receiver = await startReceiver(() => answer)
  const app = `${tracer}
    for (let i = 0; i < 2_000; i++) tracer.startSpan('x').end()
    setTimeout(() => console.log('done'), 1_500)`
  const env = { ...tenMinutes, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  expect(await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })).toMatchObject({
    code: 0,
    stdout: 'done\n',
  })
  await receiver.close()
})

it('to a black-holed address nothing is given up before the queue is full, what waits is bounded, and what is lost is counted', async () => {
  const hole = await startBlackHole()
  const app = `${tracer}
    const { status } = require('@afn/otel')
    let made = 0
    const load = setInterval(() => { for (let i = 0; i < 20; i++, made++) tracer.startSpan('x').end() }, 10)
    const watch = setInterval(() => {
      const { exported, diagnostics } = status()
      if (exported.dropped === 0 || !diagnostics.some(({ code }) => code === 'AFN130')) return
      clearInterval(load)
      clearInterval(watch)
      console.log(JSON.stringify({ made, ...exported }))
      process.exit(0)
    }, 50)`
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: hole.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_BSP_EXPORT_TIMEOUT: '300',
    OTEL_BSP_MAX_QUEUE_SIZE: '64',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '32',
  }
  const { stdout, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  const { made, spans, failed, dropped, lost } = JSON.parse(stdout)
  expect({ spans, failed, lost }).toEqual({
    spans: 0,
    failed: 0,
    lost: { traces: { queue_full: dropped }, metrics: {}, logs: {} },
  })
  // 64 wait and 32 are under way, at most; what the last turns of the loop have brought is on its way there
  expect(made - dropped).toBeLessThanOrEqual(96 + 128)
  expect(made - dropped).toBeGreaterThanOrEqual(64)
  expect(stderr).toMatch(/AFN130 .*no (answer|connection) in time/)
  expect(stderr).toMatch(/AFN131 .*OTEL_BSP_MAX_QUEUE_SIZE/)
  hole.close()
})

it('flush() delivers what was recorded before it, and ends while more is recorded without end', async () => {
  const receiver = await startReceiver()
  const app = `${tracer}
    const { flush, status } = require('@afn/otel')
    let made = 0
    const load = setInterval(() => { for (let i = 0; i < 20; i++, made++) tracer.startSpan(String(made)).end() }, 5)
    setTimeout(async () => {
      const before = made
      // a request takes turns of the event loop, and each turn records a span: a timer may not fire in so short a time
      const record = () => { tracer.startSpan(String(made++)).end(); setImmediate(record) }
      record()
      await flush(30_000)
      console.log(JSON.stringify({ before, made, delivered: status().exported.spans }))
      process.exit(0)
    }, 700)`
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none' }
  const { stdout } = await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  const { before, made, delivered } = JSON.parse(stdout)
  expect(delivered).toBeGreaterThanOrEqual(before)
  expect(made).toBeGreaterThan(before)
  const names = new Set(receiver.spans().map(({ name }) => name))
  expect(Array.from({ length: before }, (_, n) => String(n)).filter(name => !names.has(name))).toEqual([])
  await receiver.close()
})

it('200 spans a second are as few requests as the delay allows', async () => {
  const receiver = await startReceiver()
  const app = `${tracer}
    const begun = performance.now()
    let made = 0
    // as many as are due: a busy machine fires fewer timers
    const load = setInterval(() => {
      for (; made < 1_000 && made < (performance.now() - begun) / 5; made++) tracer.startSpan('x').end()
      if (made === 1_000) clearInterval(load)
    }, 5)`
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
  }
  await run(makeApp({ files: { 'app.cjs': app }, modules }), preload, { env })
  expect(receiver.spans()).toHaveLength(1_000)
  // one a second, one for each 512, and the last one
  expect(receiver.requests.length).toBeLessThanOrEqual(12)
  await receiver.close()
})

it("a short process counts what it delivered and lost, under OpenTelemetry's names", async () => {
  const receiver = await startReceiver(({ path }) => (path === '/v1/logs' ? 400 : 200))
  const app = `${tracer}
    const { logs } = require('@opentelemetry/api-logs')
    for (let i = 0; i < 7; i++) tracer.startSpan('x').end()
    logs.getLogger('t').emit({ body: 'x' })
    require('@afn/otel').flush().then(() => setTimeout(() => {}, 1_500))`
  const all = { ...modules, '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  await run(makeApp({ files: { 'app.cjs': app }, modules: all }), preload, { env })
  const values = (name: string, errorType?: string) =>
    receiver
      .points(name)
      .filter(({ attributes }) => attributes['error.type'] === errorType)
      .map(({ value }) => value)
  expect(values('otel.sdk.exporter.span.exported').at(-1)).toBe(7)
  expect(values('otel.sdk.processor.span.processed').at(-1)).toBe(7)
  expect(values('otel.sdk.exporter.log.exported', '400').at(-1)).toBe(1)
  expect(values('otel.sdk.processor.log.processed').at(-1)).toBe(1)
  expect(values('otel.sdk.exporter.metric_data_point.exported').at(-1)).toBeGreaterThan(0)
  await receiver.close()
})
