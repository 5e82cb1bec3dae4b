// Every view in Chromium on the real server, as pictures in test/browser/screenshots (not in git), light and dark, English
// and Japanese; and on the way: no view has an error in the console, breaks the page's policy, or one of axe's rules for
// accessibility.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { source as axe } from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsUntil } from '../prometheus/burning'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, logsRequest, tracesRequest } from './explorer/data'
import { AGENT_TRACE, shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'
import { VIEWS } from './explorer/views'

const folder = path.join(import.meta.dirname, 'screenshots')
/** Which rules are broken, and where. */
const AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

describe.skipIf(!hasChromium)('each view of the explorer', () => {
  let browser: Browser
  let site: ExplorerSite

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    await site.send('traces', tracesRequest(shop(now)))
    const lines = [
      { time: now - 29_000_000_000n, severity: 9, body: 'agent order-desk begins for [EMAIL]' },
      { time: now - 28_000_000_000n, severity: 13, body: 'claude-sonnet-4-5 is overloaded, trying again' },
      { time: now - 24_000_000_000n, severity: 17, body: 'mail could not be sent' },
    ]
    await site.send('logs', logsRequest(AGENT_TRACE, hex(0xb2, 16), lines))
    const shown = { 'browser.document.url.full': 'https://shop.example/orders?page=2', 'session.id': 'session-0' }
    const vital = (name: string, value: number) => ({
      time: now - 40_000_000_000n,
      severity: 9,
      event: 'browser.web_vital',
      attributes: { ...shown, 'browser.web_vital.name': name, 'browser.web_vital.value': value },
    })
    const recorded = [
      { time: now - 60_000_000_000n, severity: 9, event: 'browser.navigation', attributes: shown },
      ...[vital('lcp', 4_321.5), vital('cls', 0.02), vital('inp', 240)],
      { time: now - 30_000_000_000n, severity: 17, event: 'exception', attributes: { ...shown, 'exception.type': 'TypeError' } }, // biome-ignore format: a row
    ]
    await site.send('logs', logsRequest('', '', recorded))
    // a tenth of the requests of the last hour failed
    for (const minutes of [4, 2, 0]) {
      const ms = Number(now / 1_000_000n)
      const counts = { ok: 900 * (60 - minutes), failed: 100 * (60 - minutes) }
      await site.send('metrics', metricsUntil('shop', ms - 3_600_000, ms - minutes * 60_000, counts))
    }
    await site.waitForAlerts(({ alerts }) => alerts.length > 0)
    browser = await startChromium()
    // rules are evaluated each minute, of what came two minutes ago
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(['light-en', 'dark-en', 'light-ja', 'dark-ja'] as const)(
    '%s',
    async look => {
      const [theme, language] = look.split('-') as [string, string]
      const problems: string[] = []
      const page = await browser.context.newPage()
      await page.setViewportSize({ width: 1360, height: 840 })
      page.on('console', message => {
        const { url } = message.location()
        // Chromium says of a trace that is gone that it was not found
        if (message.type() === 'error' && !url.endsWith(`/api/afn/traces/${hex(0xdead, 32)}`))
          problems.push(message.text(), url)
      })
      page.on('pageerror', error => problems.push(error.message))
      await page.addInitScript(`localStorage.setItem('afn-otel.theme', '${theme}')
      localStorage.setItem('afn-otel.language', '${language}')`)
      for (const [name, hash] of Object.entries(VIEWS)) {
        await page.goto(`${site.url}${hash}`)
        await page.waitForLoadState('networkidle')
        await page.locator('.loading').first().waitFor({ state: 'detached' })
        await page.waitForTimeout(150)
        await page.evaluate(axe)
        const broken = (await page.evaluate(AXE)) as string[]
        problems.push(...broken.map(rule => `${name}: ${rule}`))
        await page.screenshot({ path: path.join(folder, `${name}-${look}.png`) })
      }
      await page.close()
      expect(problems).toEqual([])
    },
    300_000,
  )

  it('alerts are readable at 700 px, where a keyboard reaches what scrolls', async () => {
    const page = await browser.context.newPage()
    await page.setViewportSize({ width: 700, height: 840 })
    await page.goto(`${site.url}#/alerts`)
    await page.locator('.alert-firing').first().waitFor()
    await page.screenshot({ path: path.join(folder, 'alerts-700.png') })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(700)
    await page.locator('.objectives').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowRight')
    const scrolled = () => page.evaluate("document.querySelector('.objectives').scrollLeft")
    await expect.poll(scrolled).toBeGreaterThan(0)
    await page.close()
  })
})
