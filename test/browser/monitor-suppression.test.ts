// A user who has objected, in a real Chromium: what leaves the page, and what the app's own route lets through. The list is the file that
// the command writes; the route has it from the SDK in its process, as an app has. Oracle: the counts of what the page recorded.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type OtlpHandlerOptions, otlpHandler } from '../../src/app/next/otlp-handler'
import { inertRuntime, slot } from '../../src/app/runtime'
import { handlesBy } from '../../src/app/suppress/list'
import { changeListFile } from '../../src/app/suppress/list-file'
import { createSuppression, type Suppression } from '../../src/app/suppress/suppression'
import { startReceiver } from '../../src/backend/receiver'
import { resolve } from '../../src/shared/config/resolve'
import { report } from '../../src/shared/diag/report'
import { newStatus } from '../../src/shared/diag/status'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

const KEY = 'k'.repeat(32)

describe.skipIf(!hasChromium)('a user who has objected', () => {
  let browser: Browser
  let folder: string
  let list: string
  let suppression: Suppression
  let site: MonitoredSite
  let close: () => Promise<void>
  /** What the Collector gets. */
  let passed: string[]
  let lines: string[]

  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'afn-objected-'))
    list = path.join(folder, 'list.json')
    passed = []
    lines = []
    await object('somebody')
    const env = { AFN_SUPPRESSION_LIST: list, AFN_SUPPRESSION_INTERVAL: '100', AFN_HMAC_KEY: KEY }
    suppression = createSuppression(resolve({ env, cwd: folder, parseYaml: JSON.parse }).settings, report)!
    slot().runtime = { ...inertRuntime(newStatus('test')), suppression }
  })
  afterEach(async () => {
    await close()
    suppression.stop()
    delete slot().runtime
    rmSync(folder, { recursive: true, force: true })
  })

  const object = (user: string) => changeListFile(list, KEY, known => known.add(handlesBy(KEY)(user)))
  const listed = (user: string) => vi.waitFor(() => expect(suppression.has(user)).toBe(true), { timeout: 30_000 })

  async function start(options: OtlpHandlerOptions = {}): Promise<void> {
    const take = (request: object) => void passed.push(JSON.stringify(request))
    const collector = await startReceiver({ onLogs: take, onTraces: take, onMetrics: take })
    const handler = otlpHandler({ endpoint: collector.url, perMinute: 10_000, ...options })
    site = await startMonitoredSite('', { handler })
    close = async () => {
      await browser.context.clearCookies()
      await Promise.all(browser.context.pages().map(page => page.close()))
      await site.close()
      await collector.close()
    }
  }

  async function visit(options: object = { suppression: true }): Promise<Page> {
    const page = await browser.context.newPage()
    page.on('console', message => void (/^\[@afn/.test(message.text()) && lines.push(message.text())))
    await page.addInitScript(`globalThis.monitorOptions = ${JSON.stringify(options)}; globalThis.monitorUser = 'u-1'`)
    const loaded = page.waitForResponse(/suppression.*\.js/).catch(() => undefined)
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    // the chunk has run, and not only come
    if ('suppression' in options) await page.evaluate(`import(${JSON.stringify((await loaded)!.url())}).then(() => {})`)
    return page
  }

  const record = (user: string, count: number, from = 0) =>
    `monitor.setUserId(${JSON.stringify(user)}); for (let n = ${from}; n < ${from + count}; n++) { monitor.recordCustomEvent('step', { n: ${JSON.stringify(user)} + ' ' + n }); monitor.withSpan('work', () => {}, { attributes: { n: ${JSON.stringify(user)} + ' ' + n } }) }`
  /** Numbers of a user's records that the Collector got: each twice, as an event and as a span. */
  const arrived = (user: string) =>
    passed
      .flatMap(text => [...text.matchAll(/"key":"n","value":\{"stringValue":"([\w.@-]+) (\d+)"/g)])
      .filter(([, of]) => of === user)
      .map(([, , n]) => Number(n))
      .sort((one, other) => one - other)
  const twice = (count: number) => Array.from({ length: count }, (_, n) => [n, n]).flat()
  const sent = () => site.requests.map(({ path: at }) => at.replace(/.*\/v1\//, ''))
  const flush = (page: Page) => page.evaluate('monitor.flush()')

  it('leaves nothing behind but the question, and the one after on the same page all', async () => {
    await start()
    await object('u-1')
    await listed('u-1')
    const page = await visit()
    await page.evaluate(record('u-1', 20))
    await flush(page)
    expect(new Set(sent())).toEqual(new Set(['suppression']))
    await page.evaluate(record('u-2', 20))
    await flush(page)
    await page.evaluate(record('u-1', 20, 20))
    await flush(page)
    await page.close()
    expect(arrived('u-2')).toEqual(twice(20))
    expect(passed.join('')).not.toContain('u-1')
    expect(lines).toEqual([])
  })

  it('who objects while the page is open is kept back from the next question on, by the route at once', async () => {
    await start()
    const page = await visit()
    await page.clock.install()
    await page.evaluate(record('u-1', 5))
    await flush(page)
    expect(arrived('u-1')).toEqual(twice(5))
    await object('u-1')
    await listed('u-1')
    // an answer holds for a while: what the page still sends, the route keeps back
    await page.evaluate(record('u-1', 5, 5))
    await flush(page)
    expect(arrived('u-1')).toEqual(twice(5))
    const before = sent().length
    await page.clock.fastForward(26_000)
    await page.evaluate(record('u-1', 5, 10))
    await flush(page)
    expect(new Set(sent().slice(before))).toEqual(new Set(['suppression']))
    expect(arrived('u-1')).toEqual(twice(5))
    // and back again
    await changeListFile(list, KEY, known => known.clear())
    await vi.waitFor(() => expect(suppression.has('u-1')).toBe(false), { timeout: 30_000 })
    await page.clock.fastForward(26_000)
    await page.evaluate(record('u-1', 5, 15))
    await flush(page)
    expect(arrived('u-1')).toEqual([...twice(5), 15, 15, 16, 16, 17, 17, 18, 18, 19, 19])
  })

  it("what waits in the queue of the browser is taken out of it, and the other user's goes", async () => {
    await start()
    const page = await visit()
    site.way.status = 503
    await page.evaluate(record('u-2', 10))
    await flush(page)
    await page.evaluate(record('u-1', 10))
    await flush(page)
    const waiting = () => page.evaluate<string>('JSON.stringify(localStorage)')
    expect(await waiting()).toMatch(/u-1 9.*u-2 9|u-2 9.*u-1 9/s)
    await object('u-1')
    await listed('u-1')
    await page.close()
    site.way = { delay: 0 }
    const next = await visit()
    await next.evaluate(record('u-1', 1, 10))
    await flush(next)
    await site.until(() => arrived('u-2').length >= 20)
    expect(await next.evaluate<string>('JSON.stringify(localStorage)')).not.toContain('u-1')
    expect(arrived('u-2')).toEqual(twice(10))
    expect(passed.join('')).not.toContain('u-1')
  })

  it('with an answer that does not come the last one holds, the route keeps back, and one line says so', async () => {
    await start()
    await object('u-1')
    await listed('u-1')
    const page = await visit()
    await page.clock.install()
    await page.evaluate(record('u-1', 5))
    await flush(page)
    site.way.status = 500
    const before = sent().length
    await page.clock.fastForward(26_000)
    await page.evaluate(record('u-1', 5, 5))
    await flush(page)
    expect(new Set(sent().slice(before))).toEqual(new Set(['suppression']))
    expect(lines).toEqual([expect.stringMatching(/^\[@afn\/otel\] AFN185 500/)])
  })

  it('without the option the page sends as ever, and the route lets nothing through, an e-mail address neither', async () => {
    await start({ userOf: request => (request.headers.get('content-type') ? 'bob@example.com' : undefined) })
    await object('Bob@Example.com')
    await listed('bob@example.com')
    const page = await visit({})
    await page.evaluate(record('anything', 10))
    await flush(page)
    expect(new Set(sent())).toEqual(new Set(['logs', 'traces']))
    expect(passed).toEqual([])
  })
})
