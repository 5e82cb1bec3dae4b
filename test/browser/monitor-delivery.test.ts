// What is pending when a page goes away arrives, and nothing twice: in a real Chromium, at the project's own receiver.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { leave, numbersTo, pending, recordEvents } from './leaving'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

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
    await until(page, 'globalThis.afnOtelSink')
    return page
  }
  const numbers = () =>
    site.events.filter(({ name }) => name === 'prompt_optimization').map(({ attributes }) => attributes.n as number)
  /** All came, each once, and none comes later. */
  async function arrived(count: number): Promise<void> {
    await site.until(() => numbers().length >= count)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(numbers().sort((one, other) => one - other)).toEqual(numbersTo(count))
  }

  for (const [round, [how, go]] of Object.entries(leave).entries())
    it.each(pending(round))(`%i pending, ${how}, answers after %i ms`, async (count, delay) => {
      site = await startMonitoredSite()
      const page = await visit()
      site.way.delay = delay
      await go(page, recordEvents(count))
      await arrived(count)
      if (how === 'bfcache') expect(await site.until(() => site.named('restored').length === 1)).toBe(true)
      if (!page.isClosed()) await page.close()
    })

  it('without the features for it: all of a burst, one request after the other', async () => {
    site = await startMonitoredSite('', { page: 'small' })
    const page = await visit()
    site.way.delay = 100
    await page.evaluate(recordEvents(1000))
    await arrived(1000)
    await page.close()
  })

  it('in a browser whose fetch has no keepalive: by beacon', async () => {
    site = await startMonitoredSite()
    const page = await browser.context.newPage()
    await page.addInitScript('delete Request.prototype.keepalive')
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    await page.evaluate(recordEvents(20))
    await page.close()
    await arrived(20)
  })
})
