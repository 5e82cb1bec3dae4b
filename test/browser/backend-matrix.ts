// What is pending when a page is left, all the way: browser → the app's route (`otlpHandler`) → a real backend, and back out of it.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { otlpHandler } from '../../src/app/next'
import { type Browser, startChromium, until } from './chromium'
import { leave, numbersTo, recordEvents } from './leaving'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

export interface Backend {
  /** Base of its OTLP/HTTP. */
  readonly otlp: string
  /** The attribute `n` of each event with this attribute `run`, as it can be read now. */
  numbers(run: string): Promise<number[]>
}

/** Tests that all of 20, 300 and 2,000 arrive without a second visit, and none twice. */
export function backendMatrix(start: () => Promise<Backend>): void {
  let browser: Browser
  let site: MonitoredSite
  let backend: Backend
  beforeAll(async () => {
    backend = await start()
    browser = await startChromium()
    site = await startMonitoredSite('', { handler: otlpHandler({ endpoint: backend.otlp, perMinute: 10_000 }) })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function visit(): Promise<Page> {
    const page = await browser.context.newPage()
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    return page
  }

  for (const [how, go] of Object.entries(leave))
    it.each([20, 300, 2000])(`%i pending, ${how}`, async count => {
      const run = `${how}-${count}`
      const page = await visit()
      await go(page, recordEvents(count, `run: '${run}'`))
      let numbers: number[] = []
      for (let tries = 0; tries < 200 && numbers.length < count; tries++) {
        await new Promise(resolve => setTimeout(resolve, 100))
        numbers = await backend.numbers(run)
      }
      // what would come twice has time to
      await new Promise(resolve => setTimeout(resolve, 500))
      numbers = await backend.numbers(run)
      expect(numbers.sort((one, other) => one - other)).toEqual(numbersTo(count))
      if (!page.isClosed()) await page.close()
    })
}
