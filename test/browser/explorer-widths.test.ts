// Each view in windows from 480 to 1,920 pixels, with names as long as people give them: nothing is wider than its window, and nothing
// is set one letter a line. The oracle is the layout that Chromium reports.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { hex, logsRequest, tracesRequest } from './explorer/data'
import { AGENT_TRACE, shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'
import { VIEWS } from './explorer/views'

const WIDTHS = [480, 800, 1_024, 1_440, 1_920]

const SERVICES_TRACE = hex(0x5e7f, 32)
const SERVICES = [
  'notification-service-eu-west-1-production-canary',
  '予約サービス',
  ...['support-bot', 'checkout-api', 'search-gateway', 'payments', 'inventory', 'auth', 'mail', 'billing'],
]

/** What the views of the shop do not have: a query with a column of its own, and a trace of ten services. */
const MORE_VIEWS: Readonly<Record<string, string>> = {
  found: `#/traces?q=${encodeURIComponent('{ status = error } | select(span.http.route, statusMessage)')}`,
  words: `#/traces?q=${encodeURIComponent('where is my order')}`,
  refused: `#/traces?q=${encodeURIComponent('{ nonsense here }')}`,
  services: `#/trace/${SERVICES_TRACE}`,
}

/** Elements that stand out of the window, unless they can be scrolled to within it. */
const TOO_WIDE = `[...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0 || box.right <= innerWidth + 1) return false
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const { overflowX } = getComputedStyle(parent)
      if (overflowX !== 'visible' && parent.getBoundingClientRect().right <= innerWidth + 1) return false
    }
    return true
  }).map(element => element.tagName + '.' + element.className + ' ends at ' + Math.round(element.getBoundingClientRect().right))`

/** Names that are broken into more than three lines, though they have no spaces. */
const STACKED = `[...document.querySelectorAll('.nav a, .nav button, .service, h1, h2, th, .tabs a, .header button')].filter(element => {
    const { height, width } = element.getBoundingClientRect()
    return width > 0 && height > 66 && width < height
  }).map(element => element.textContent + ' is ' + Math.round(element.getBoundingClientRect().height) + ' px high')`

describe.skipIf(!hasChromium)('each view of the explorer, whatever the window', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page

  beforeAll(async () => {
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    const root = { id: hex(0x5e00, 16), name: 'a long agent run over all of the services of the shop', at: 0, for: 900 }
    const calls = SERVICES.map((service, n) => [
      service,
      [{ id: hex(0x5e01 + n, 16), parent: root.id, name: `GET /${service}/:id`, at: n, for: 40 + n }],
    ])
    const services = { 'shop-web': [root], ...Object.fromEntries(calls) }
    await site.send(
      'traces',
      tracesRequest([...shop(now), { id: SERVICES_TRACE, start: now - 9_000_000_000n, services }]),
    )
    const body = `agent order-desk begins for [EMAIL]: ${'unbroken'.repeat(40)}`
    await site.send('logs', logsRequest(AGENT_TRACE, hex(0xb2, 16), [{ time: now, severity: 9, body }]))
    browser = await startChromium()
    page = await browser.context.newPage()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(['en', 'ja'])(
    'a list, a trace or a bar stands out of the window, or a name is a column of letters (%s)',
    async language => {
      await page.goto(site.url)
      await page.evaluate(`localStorage.setItem('afn-otel.language', '${language}')`)
      const wrong: string[] = []
      for (const [name, hash] of Object.entries({ ...VIEWS, ...MORE_VIEWS })) {
        await page.goto('about:blank')
        await page.setViewportSize({ width: 1_440, height: 840 })
        await page.goto(`${site.url}${hash}`)
        await until(
          page,
          "document.querySelector('main')?.childElementCount > 0 && !document.querySelector('.loading')",
        )
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 840 })
          // a chart has its size a frame after its window has
          await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
          const tooWide = (await page.evaluate(TOO_WIDE)) as string[]
          const stacked = (await page.evaluate(STACKED)) as string[]
          const scrolled = (await page.evaluate('document.documentElement.scrollWidth')) as number
          if (scrolled > width) wrong.push(`${name} at ${width}: the page is ${scrolled} wide`)
          wrong.push(...[...tooWide.slice(0, 3), ...stacked].map(what => `${name} at ${width}: ${what}`))
        }
      }
      expect(wrong).toEqual([])
    },
    300_000,
  )
})
