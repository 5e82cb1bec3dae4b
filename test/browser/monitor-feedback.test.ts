// What a person says of an answer, in a real Chromium: in the trace of the answer, redacted, and kept as other events are.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

const EVENT = 'gen_ai.evaluation.result'

describe.skipIf(!hasChromium)('feedback of a person', () => {
  let browser: Browser
  let site: MonitoredSite

  beforeAll(async () => {
    site = await startMonitoredSite()
    site.routes.set('/chat', (_, response) => response.setHeader('content-type', 'application/json').end('{}'))
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function open(options = '{}'): Promise<Page> {
    const page = await browser.context.newPage()
    await page.addInitScript(`globalThis.monitorOptions = ${options}`)
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    return page
  }

  async function rated(name: string) {
    const found = () => site.named(EVENT).filter(({ attributes }) => attributes['gen_ai.evaluation.name'] === name)
    await site.until(() => found().length > 0)
    expect(found()).toHaveLength(1)
    return found()[0]!
  }

  it('stands in the trace of the answer that fetch gave, without what is private', async () => {
    const page = await open()
    await page.evaluate(`(async () => {
      const target = await fetch('/chat?n=1')
      recordFeedback({ name: 'thumb', value: false, target, comment: 'it wrote to hannah@example.org' })
      await monitor.flush()
    })()`)
    const { traceId, spanId, attributes } = await rated('thumb')
    const request = site.spans.find(span => span.spanId === spanId)
    expect(request).toMatchObject({ traceId, name: 'GET' })
    expect(attributes).toMatchObject({
      'gen_ai.evaluation.score.value': 0,
      'afn.llm.evaluation.score.normalized': 0,
      'afn.llm.evaluation.outcome': 'fail',
      'afn.llm.evaluation.evaluator.type': 'human',
    })
    expect(attributes['gen_ai.evaluation.explanation']).toMatch(/^it wrote to \[/)
    await page.close()
  })

  it('maps a score to the span that the app names', async () => {
    const page = await open()
    const [traceId, spanId] = ['c'.repeat(32), 'd'.repeat(16)]
    await page.evaluate(`
      recordFeedback({ name: 'stars', value: 4, min: 1, max: 5, target: { traceId: '${traceId}', spanId: '${spanId}', more: 'x' } })
      monitor.flush()`)
    const { attributes, ...ids } = await rated('stars')
    expect(ids).toMatchObject({ traceId, spanId })
    expect(attributes['afn.llm.evaluation.score.normalized']).toBe(0.75)
    expect(attributes).not.toHaveProperty('afn.llm.evaluation.outcome')
    expect(site.bodies.join('')).not.toContain('"more"')
    await page.close()
  })

  it('arrives from a session that is not sampled, in the task that leaves the page', async () => {
    const page = await open('{ sampleRate: 0 }')
    await page.evaluate("recordFeedback({ name: 'leaving', value: true }); location.href = '/plain'").catch(() => {})
    expect((await rated('leaving')).attributes['afn.llm.evaluation.outcome']).toBe('pass')
    await page.close()
  })

  it('is kept while the server is away', async () => {
    const page = await open()
    site.way = { delay: 0, status: 503 }
    await page.evaluate("recordFeedback({ name: 'kept', value: true }); monitor.flush()")
    await site.until(() => site.requests.length > 0)
    await until(page, "Object.keys(localStorage).some(key => key.startsWith('afn-otel.queue.'))")
    await page.close()
    site.way = { delay: 0 }
    const next = await open()
    await rated('kept')
    await next.close()
  })

  it('that is no score is said in the console, and not sent', async () => {
    const page = await open()
    const said: string[] = []
    page.on('console', message => said.push(message.text()))
    await page.evaluate("recordFeedback({ name: 'wrong', value: 7 }); monitor.flush()")
    await until(page, 'true')
    expect(said.join('\n')).toContain('AFN181 feedback 7 not in 0..1')
    expect(site.bodies.join('')).not.toContain('"wrong"')
    await page.close()
  })
})
