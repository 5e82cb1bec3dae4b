// A person's thumb in a real Chromium, all the way: the app's route in an app under the packed preload, `afn-otel up`, and a fake of LangFuse.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QualityAnswer } from '../../src/backend/api/quality-answers'
import { bundle } from '../browser/bundle'
import { type Browser, hasChromium, startChromium, until } from '../browser/chromium'
import { startLangfuse } from '../support/langfuse'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'
import { type RunningUp, startUp } from '../support/up'

const recorded = path.join(root, 'test/fixtures/dialects/langfuse-manual.json')
const visits = 6

const app = `
  const { createServer } = require('node:http')
  const { readFileSync } = require('node:fs')
  const { trace } = require('@opentelemetry/api')
  const { flush } = require('@afn/otel/api')
  const { feedbackTarget, otlpHandler } = require('@afn/otel/next')
  const { attributes } = require('./langfuse.json').span
  const handle = otlpHandler({ serviceNames: ['shop-web'] })
  const read = async request => { const parts = []; for await (const part of request) parts.push(part); return Buffer.concat(parts) }
  const server = createServer(async (request, response) => {
    if (request.url.endsWith('.js')) return response.setHeader('content-type', 'text/javascript').end(readFileSync('scripts' + request.url))
    if (request.url === '/answer') {
      // LangFuse's SDK as it was recorded: a call with a model and a price
      trace.getTracer('langfuse-sdk').startSpan('generation', { attributes }).end()
      return response.end(JSON.stringify(feedbackTarget() ?? null))
    }
    if (request.url === '/end') {
      await flush(20_000)
      response.end('ended')
      return server.close(() => process.exit(0))
    }
    if (!request.url.startsWith('/api/otel')) return response.setHeader('content-type', 'text/html').end('<!doctype html><script type="module" src="/page.js"></script>')
    const answer = await handle(new Request('http://' + request.headers.host + request.url, { method: 'POST', headers: request.headers, body: await read(request) }))
    response.writeHead(answer.status).end(await answer.text())
  }).listen(0, '127.0.0.1', () => console.log('ready ' + server.address().port))`

describe.skipIf(!hasChromium)('the thumb of a person in a page', () => {
  let up: RunningUp
  let browser: Browser
  let langfuse: Awaited<ReturnType<typeof startLangfuse>>
  let stderr = ''
  /** What the route told the page of its own span. */
  let told: { traceId: string; spanId: string }
  const ask = async (route: string) => (await fetch(`${up.url}${route}`)).json()

  beforeAll(async () => {
    up = await startUp()
    browser = await startChromium()
    langfuse = await startLangfuse()
    const scripts = Array.from(await bundle('test/browser/pages/monitor.ts'), ([name, text]) => [
      `scripts${name}`,
      text,
    ])
    const folder = makeApp({
      files: { ...Object.fromEntries(scripts), 'app.cjs': app, 'langfuse.json': readFileSync(recorded, 'utf8') },
      modules: { '@opentelemetry/api': '@opentelemetry/api' },
    })
    const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: up.otlp,
        OTEL_SERVICE_NAME: 'shop',
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
        AFN_CAPTURE_CONTENT: 'redacted',
        LANGFUSE_HOST: langfuse.url,
        LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
        LANGFUSE_SECRET_KEY: 'sk-lf-5e1f0000-0000-4000-8000-00000000cafe',
      },
      onReady: async child => {
        const url = `http://127.0.0.1:${/ready (\d+)/.exec(child.stdout())![1]}`
        for (let n = 0; n < visits; n++) {
          const page = await browser.context.newPage()
          await page.addInitScript("globalThis.monitorOptions = { serviceName: 'shop-web' }")
          await page.goto(url)
          await until(page, 'globalThis.afnOtelSink')
          // two of three are good; the last goes by the ids of the server's span
          told = (await page.evaluate(`(async () => {
            const target = await fetch('/answer')
            const ids = await target.clone().json()
            recordFeedback({ name: 'thumb', value: ${n % 3 !== 0}, target: ${n === visits - 1 ? 'ids' : 'target'}, comment: 'for hannah@example.org' })
            await monitor.flush()
            return ids
          })()`)) as typeof told
          await page.close()
        }
        await fetch(`${url}/end`)
      },
    })
    stderr = outcome.stderr
    expect(outcome.code).toBe(0)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await langfuse?.close()
    await up?.stop()
  })

  it('is in Quality once each, with the model of the answer and what it cost', async () => {
    expect(stderr).toBe('')
    const { groups } = (await ask('/api/afn/quality?by=model,prompt')) as QualityAnswer
    expect(groups).toMatchObject([
      {
        evaluation: 'thumb',
        n: visits,
        passed: 4,
        failed: 2,
        model: 'gpt-4o',
        evaluator: { name: null, type: 'human' },
      },
    ])
    expect(groups[0]!.cost).toMatchObject({ calls: visits, priced: visits, perAnswer: expect.closeTo(0.3, 12) })
  })

  it('keeps no address of the comment', async () => {
    const { answers } = (await ask('/api/afn/quality/answers?evaluation=thumb')) as {
      answers: { explanation: string }[]
    }
    expect(answers).toHaveLength(visits)
    for (const { explanation } of answers) expect(explanation).toMatch(/^for \[/)
  })

  it('is counted as metric with the model', async () => {
    const query =
      'sum by (gen_ai_evaluation_name, gen_ai_request_model, afn_llm_evaluation_outcome) (afn_llm_evaluation_results_total)'
    const { data } = (await ask(`/api/v1/query?query=${encodeURIComponent(query)}`)) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] }
    }
    const counted = data.result.map(({ metric, value }) => [
      metric.gen_ai_evaluation_name,
      metric.gen_ai_request_model,
      metric.afn_llm_evaluation_outcome,
      value[1],
    ])
    expect(counted.sort()).toEqual([
      ['thumb', 'gpt-4o', 'fail', '2'],
      ['thumb', 'gpt-4o', 'pass', '4'],
    ])
  })

  it('is a score in LangFuse', () => {
    const scores = langfuse.scores()
    expect(scores).toHaveLength(visits)
    expect(scores.at(-1)).toMatchObject({
      name: 'thumb',
      value: 1,
      traceId: told.traceId,
      observationId: told.spanId,
    })
  })
})
