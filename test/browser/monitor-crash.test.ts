// After a crash, of a page's process or of the whole browser, the next visit sends what the queue had, and nothing twice.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { numbersTo, pending, recordEvents } from './leaving'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

/** Milliseconds until what a page stored is on the disk: Chromium writes localStorage there some five seconds later. */
const KEPT = 6000

describe.skipIf(!hasChromium)('a crash', () => {
  let site: MonitoredSite
  afterEach(() => site?.close())

  async function visit(browser: Browser): Promise<Page> {
    const page = await browser.context.newPage()
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    return page
  }
  const numbers = () =>
    site
      .named('prompt_optimization')
      .map(({ attributes }) => attributes.n as number)
      .sort((one, other) => one - other)
  async function arrived(count: number): Promise<void> {
    await site.until(() => numbers().length >= count)
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(numbers()).toEqual(numbersTo(count))
  }
  /** All of it waits in the queue when this resolves. */
  async function queue(page: Page, count: number): Promise<void> {
    site.way.status = 503
    await page.evaluate(recordEvents(count))
    await page.evaluate('monitor.flush()')
  }
  async function crash(page: Page): Promise<void> {
    const crashed = new Promise(resolve => page.once('crash', resolve))
    const session = await page.context().newCDPSession(page)
    session.send('Page.crash').catch(() => {})
    await crashed
    await page.close().catch(() => {})
  }

  describe('of the page', () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await startChromium()
    })
    afterAll(() => browser?.close())

    it.each(pending(0))('%i in the queue, answers after %i ms', async (count, delay) => {
      site = await startMonitoredSite()
      const page = await visit(browser)
      await queue(page, count)
      await crash(page)
      site.way = { delay }
      const next = await visit(browser)
      await arrived(count)
      await next.close()
    })

    it.each(pending(1))('%i on their way, answers after %i ms', async (count, delay) => {
      site = await startMonitoredSite()
      const page = await visit(browser)
      site.way.delay = delay
      await page.evaluate(`${recordEvents(count)} monitor.flush()`)
      await crash(page)
      const next = await visit(browser)
      await arrived(count)
      await next.close()
    })
  })

  describe('of the browser', () => {
    it.each(pending(2))('%i in the queue, answers after %i ms', async (count, delay) => {
      const profile = mkdtempSync(path.join(tmpdir(), 'afn-chromium-'))
      site = await startMonitoredSite()
      const browser = await startChromium(profile)
      const page = await visit(browser)
      await queue(page, count)
      await page.waitForTimeout(KEPT)
      await browser.kill()
      site.way = { delay }
      const next = await startChromium(profile)
      await visit(next)
      await arrived(count)
      await next.close()
      rmSync(profile, { recursive: true, force: true })
    })
  })
})
