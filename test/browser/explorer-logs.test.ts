// The view of logs on the real server: a chart by level, filters with counts, and lines as they arrive.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, logsRequest } from './explorer/data'
import { type ExplorerSite, startExplorer } from './explorer/site'

const TRACE = hex(0x109, 32)
const SPAN = hex(0x109, 16)

describe.skipIf(!hasChromium)('the logs of the explorer', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page

  const line = (n: number, severity: number, body: string) => ({
    time: BigInt(Date.now() - n * 1_000) * 1_000_000n,
    severity,
    body,
  })
  const send = (...lines: ReturnType<typeof line>[]) => site.send('logs', logsRequest(TRACE, SPAN, lines))

  beforeAll(async () => {
    site = await startExplorer()
    await send(
      ...Array.from({ length: 20 }, (_, n) => line(60 + n * 60, 9, `order ${n} was paid`)),
      ...Array.from({ length: 5 }, (_, n) => line(90 + n * 60, 17, `order ${n} was declined`)),
    )
    browser = await startChromium()
    page = await browser.context.newPage()
    await page.setViewportSize({ width: 1_280, height: 800 })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  beforeEach(async () => {
    await page.goto('about:blank')
    await page.goto(`${site.url}#/logs`)
    await page.locator('.log-line').first().waitFor()
  })

  it('count other lines than they list, or lose the filter that was clicked', async () => {
    await page.locator('.chart-value', { hasText: 'info 20' }).waitFor()
    await page.locator('.chart-value', { hasText: 'error 5' }).waitFor()
    await page.locator('.facets').getByRole('link', { name: 'error' }).first().click()
    await page.getByText('order 4 was declined').waitFor()
    await page.getByText('order 3 was paid').waitFor({ state: 'detached' })
    expect(await page.locator('.log-line').count()).toBe(5)
    // the other level is still there to be chosen
    const levels = await page.locator('.facets section').first().locator('li').allInnerTexts()
    expect(levels.map(text => text.replace(/\s+/, ' '))).toEqual(['info 20', 'error 5'])
    await page.getByTitle('Remove this filter').click()
    await page.getByText('order 3 was paid').waitFor()
  })

  it('show no line that arrives while they are live, or one that the filters leave out', async () => {
    await page.getByRole('button', { name: 'Live' }).click()
    await page.locator('.facets').getByRole('link', { name: 'error' }).first().click()
    await page.getByText('order 3 was paid').waitFor({ state: 'detached' })
    await send(line(0, 9, 'a card was tried'), line(0, 17, 'a card was refused'))
    await page.getByText('a card was refused').waitFor()
    expect(await page.getByText('a card was tried').count()).toBe(0)
    expect(await page.locator('.log-line').first().innerText()).toContain('a card was refused')
  })

  it('are walked by no key, or lead to no trace', async () => {
    const focused = () => page.evaluate("document.activeElement.closest('.log-line')?.textContent ?? ''")
    const bodies = await page.locator('.log-line .log-body').allInnerTexts()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toContain(bodies[1])
    await page.keyboard.press('k')
    expect(await focused()).toContain(bodies[0])
    await page.keyboard.press('Enter')
    await page.locator('.log-more').waitFor()
    const link = page.getByTitle('Open the trace').first()
    expect(await link.getAttribute('href')).toBe(`#/trace/${TRACE}?span=${SPAN}`)
  })

  it('have the fields of a line beside it in a narrow window, and no room for what it says', async () => {
    await page.setViewportSize({ width: 480, height: 800 })
    const [body, row] = await Promise.all([
      page.locator('.log-line .log-body').first().boundingBox(),
      page.locator('.log-line').first().boundingBox(),
    ])
    await page.setViewportSize({ width: 1_280, height: 800 })
    expect(body!.width).toBeGreaterThan(row!.width * 0.8)
  })
})
