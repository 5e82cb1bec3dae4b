// How a page is left with events pending, for the suites that count what arrives.
import type { Page } from 'playwright-core'
import { pairs } from '../support/long'
import { PLAIN } from './monitored-site'

/** How many events are pending, and after how many milliseconds they are answered. @param round others for each way to leave */
export const pending = (round: number): [number, number][] => pairs('leaving', [20, 300, 2000], [0, 100, 400], round)

/** Statements that record as many events, in one task. Each has its number, and the attributes of the argument. */
export const recordEvents = (count: number, more = ''): string =>
  `for (let n = 0; n < ${count}; n++) monitor.recordCustomEvent('prompt_optimization', { n, promptId: 'prompt-' + n, improvement: n / 7, iterations: 3, ${more} });`

export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

/** Each runs the statements in the page, and leaves it within the same task or at once afterwards; no other page has the monitor. */
export const leave: Readonly<Record<string, (page: Page, code: string) => Promise<unknown>>> = {
  navigate: (page, code) => page.evaluate(`${code} location.href = '${PLAIN}'`),
  async close(page, code) {
    await page.evaluate(code)
    await page.close()
  },
  /** The page comes back, and records `restored`. */
  async bfcache(page, code) {
    const mark = "addEventListener('pageshow', ({ persisted }) => persisted && monitor.recordCustomEvent('restored'));"
    await page.evaluate(`${mark} ${code}`)
    await page.goto(new URL(PLAIN, page.url()).href)
    // the driver waits for a load event that a restored page hasn't
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForTimeout(500)
    await page.close()
  },
}
