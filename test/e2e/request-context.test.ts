// What an app keeps per request in an AsyncLocalStorage is freed with the request, as without us: no timer, socket or
// signal handle of ours holds it.
import { expect, it } from 'vitest'
import { nobody } from '../support/compare'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
const app = `
  const { AsyncLocalStorage } = require('node:async_hooks')
  const { SpanStatusCode, trace } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const storage = new AsyncLocalStorage()
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
  let freed = 0
  const registry = new FinalizationRegistry(() => freed++)
  function request(i) {
    const store = { body: Buffer.alloc(1e5) }
    registry.register(store, i)
    return storage.run(store, async () => {
      trace.getTracer('t').startSpan('work').end()
      const call = trace.getTracer('t').startSpan('call', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' } })
      call.setStatus({ code: SpanStatusCode.ERROR })
      call.end()
      logs.getLogger('t').emit({ body: 'a line' })
      if (i === 3) await globalThis.flush?.()
      await pause(20)
    })
  }
  void (async () => {
    for (let i = 0; i < 20; i++) await request(i)
    await pause(1_500)
    for (let n = 0; n < 5; n++) { gc(); await pause(100) }
    console.log(freed)
    process.exit()
  })()`

it.each(['that answers', 'that is away'])('stores of requests are freed, with a Collector %s', async collector => {
  const receiver = await startReceiver()
  const isAway = collector === 'that is away'
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: isAway ? nobody : receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    AFN_LOG_LEVEL: 'none',
  }
  const files = { 'app.cjs': app, 'flush.cjs': `globalThis.flush = require('@afn/otel/api').flush` }
  const freed = async (...preload: string[]) => {
    const { stdout } = await run(makeApp({ files, modules }), ['--expose-gc', ...preload, 'app.cjs'], { env })
    return Number(stdout)
  }
  const [bare, ours] = [await freed(), await freed('-r', '{otel}', '-r', './flush.cjs')]
  await receiver.close()
  expect(bare).toBeGreaterThanOrEqual(19)
  expect(ours).toBe(bare)
})
