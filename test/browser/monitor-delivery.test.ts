// What is pending when a page goes away arrives, and nothing twice: in a real Chromium, at the project's own receiver.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

/** Evaluated in the page, in one task. */
const record = (count: number, from = 0) =>
  `for (let n = ${from}; n < ${from + count}; n++) monitor.recordCustomEvent('prompt_optimization', { n, promptId: 'prompt-' + n, improvement: n / 7, iterations: 3 });`

describe.skipIf(!hasChromium)('delivery', () => {
  let browser: Browser
  let site: MonitoredSite
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())
  afterEach(() => site?.close())

  async function visit(path = '/'): Promise<Page> {
    const page = await browser.context.newPage()
    await page.goto(site.url + path)
    await page.waitForFunction('globalThis.afnOtelSink')
    return page
  }
  const numbers = () =>
    site.events.filter(({ name }) => name === 'prompt_optimization').map(({ attributes }) => attributes.n as number)
  const all = (count: number) => Array.from({ length: count }, (_, n) => n)
  /** All came, each once, and none comes later. */
  async function arrived(count: number): Promise<void> {
    await site.until(() => numbers().length >= count)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(numbers().sort((one, other) => one - other)).toEqual(all(count))
  }

  const leave: Record<string, (page: Page, code: string) => Promise<unknown>> = {
    navigate: (page, code) => page.evaluate(`${code} location.href = '/next'`),
    async close(page, code) {
      await page.evaluate(code)
      await page.close()
    },
    async bfcache(page, code) {
      const mark =
        "addEventListener('pageshow', ({ persisted }) => persisted && monitor.recordCustomEvent('restored'));"
      await page.evaluate(`${mark} ${code}`)
      await page.goto(`${site.url}/next`)
      // the driver waits for a load event that a restored page hasn't
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForTimeout(500)
      await page.close()
      expect(await site.until(() => site.events.some(({ name }) => name === 'restored'))).toBe(true)
    },
  }

  for (const [how, go] of Object.entries(leave))
    for (const delay of [0, 100, 400])
      it.each([20, 300, 2000])(`%i pending, ${how}, answers after ${delay} ms`, async count => {
        site = await startMonitoredSite()
        const page = await visit()
        site.way.delay = delay
        await go(page, record(count))
        await arrived(count)
        if (!page.isClosed()) await page.close()
      })

  it('without the features for it: all of a burst, one request after the other', async () => {
    site = await startMonitoredSite('', { page: 'small' })
    const page = await visit()
    site.way.delay = 100
    await page.evaluate(record(1000))
    await arrived(1000)
    await page.close()
  })

  it('in a browser whose fetch has no keepalive: by beacon', async () => {
    site = await startMonitoredSite()
    const page = await browser.context.newPage()
    await page.addInitScript('delete Request.prototype.keepalive')
    await page.goto(site.url)
    await page.waitForFunction('globalThis.afnOtelSink')
    await page.evaluate(record(20))
    await page.close()
    await arrived(20)
  })
})
