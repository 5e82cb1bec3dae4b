// Where the way to the server fails: what was recorded waits, arrives once when it can, and the page notices nothing.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

const record = (count: number, from = 0) =>
  `for (let n = ${from}; n < ${from + count}; n++) monitor.recordCustomEvent('step', { n });`

describe.skipIf(!hasChromium)('data of a page, while its way to the server fails', () => {
  let browser: Browser
  let site: MonitoredSite
  let pages: Page[]
  const problems: string[] = []
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    pages = []
    problems.length = 0
    site = await startMonitoredSite()
  })
  afterEach(async () => {
    await Promise.all(pages.map(page => page.close().catch(() => {})))
    await site.close()
  })

  async function visit(options: object = {}): Promise<Page> {
    const page = await browser.context.newPage()
    pages.push(page)
    page.on('pageerror', error => problems.push(error.message))
    await page.addInitScript(`globalThis.monitorOptions = ${JSON.stringify(options)}`)
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    return page
  }
  const numbers = () => site.named('step').map(({ attributes }) => attributes.n as number)
  async function arrived(count: number): Promise<void> {
    await site.until(() => numbers().length >= count)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(numbers().sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, n) => n))
    expect(problems).toEqual([])
  }
  const flush = (page: Page) => page.evaluate('monitor.flush()')
  const queued = (page: Page) =>
    page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('afn-otel.queue')).length")

  it('after a 503 waits for all signals together, then arrives once', async () => {
    site.way.status = 503
    const page = await visit()
    await page.evaluate(record(300))
    await flush(page)
    const before = site.requests.length
    await page.evaluate(record(100, 300))
    await flush(page)
    expect(site.requests.length).toBe(before)
    site.way = { delay: 0 }
    await arrived(400)
  })

  /** When the request of 20 records was refused, and when the next one came, which was not. Milliseconds since 1970. */
  async function refusedOnce(): Promise<{ refused: number; next: number }> {
    const page = await visit()
    await page.evaluate(record(20))
    await flush(page)
    const refused = site.requests.at(-1)!.at
    site.way = { delay: 0 }
    await arrived(20)
    return { refused, next: site.requests.find(({ at }) => at > refused)!.at }
  }

  it("after a 429 is not sent before the server's Retry-After", async () => {
    site.way = { delay: 0, status: 429, headers: { 'retry-after': '2' } }
    const { refused, next } = await refusedOnce()
    expect(next - refused).toBeGreaterThanOrEqual(1900)
  })

  it('after a 503 waits until the date in Retry-After', async () => {
    const at = Math.ceil(Date.now() / 1000 + 2) * 1000
    site.way = { delay: 0, status: 503, headers: { 'retry-after': new Date(at).toUTCString() } }
    const { next } = await refusedOnce()
    expect(next).toBeGreaterThanOrEqual(at - 100)
  })

  it('a connection that breaks', async () => {
    site.way.cut = true
    const page = await visit()
    await page.evaluate(record(20))
    await flush(page)
    site.way = { delay: 0 }
    await arrived(20)
  })

  it('offline when the page is closed: the next visit', async () => {
    const page = await visit()
    await flush(page)
    await browser.context.setOffline(true)
    await page.evaluate(record(2000))
    await page.close()
    await browser.context.setOffline(false)
    expect(numbers()).toEqual([])
    await visit()
    await arrived(2000)
  })

  it('waits while offline and arrives once online in the same page', async () => {
    const page = await visit()
    await flush(page)
    await browser.context.setOffline(true)
    const before = site.requests.length
    await page.evaluate(record(300))
    await flush(page)
    expect(await queued(page)).toBeGreaterThan(0)
    expect(site.requests.length).toBe(before)
    await browser.context.setOffline(false)
    await arrived(300)
    expect(await queued(page)).toBe(0)
  })

  describe('localStorage that the app has filled', () => {
    /** To the last character; resolves to how many values it took. */
    const fill = (page: Page) =>
      page.evaluate(`(() => {
        let count = 0
        for (let size = 2 ** 22; size >= 1; ) {
          try {
            localStorage.setItem('app' + count, 'x'.repeat(size))
            count++
          } catch { size /= 2 }
        }
        return count
      })()`)
    const kept = (page: Page) => page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('app')).length")
    const said = (page: Page) => {
      const lines: string[] = []
      page.on('console', message => lines.push(message.text()))
      return () => lines.filter(line => line.includes('AFN182'))
    }
    const refuse = () => {
      site.way = { delay: 0, status: 503, headers: { 'retry-after': '4' } }
    }

    it('the oldest batch makes room for the newest', async () => {
      const page = await visit()
      // what the page records of its own start is no batch of the queue
      await flush(page)
      refuse()
      const lines = said(page)
      await page.evaluate(record(100))
      await flush(page)
      expect(await queued(page)).toBe(1)
      const filled = await fill(page)
      await page.evaluate(record(20, 100))
      await flush(page)
      expect(await queued(page)).toBe(1)
      expect(lines()).toEqual([])
      expect(await kept(page)).toBe(filled)
      site.way = { delay: 0 }
      await site.until(() => numbers().length >= 20)
      expect(numbers()).toEqual(Array.from({ length: 20 }, (_, n) => 100 + n))
    })

    it('no room at all: AFN182 once, nothing of the app is touched, and what comes later arrives', async () => {
      const page = await visit()
      await flush(page)
      refuse()
      const lines = said(page)
      const filled = await fill(page)
      for (const from of [0, 20]) {
        await page.evaluate(record(20, from))
        await flush(page)
      }
      expect(lines()).toEqual(['[@afn/otel] AFN182 lost: localStorage is full'])
      expect(await queued(page)).toBe(0)
      expect(await kept(page)).toBe(filled)
      site.way = { delay: 0 }
      await page.waitForTimeout(4_500)
      await page.evaluate(record(1, 40))
      await flush(page)
      await site.until(() => numbers().length > 0)
      expect(numbers()).toEqual([40])
      expect(problems).toEqual([])
    })
  })

  it('arrives once where two tabs share a queue', async () => {
    site.way.status = 503
    const one = await visit()
    const other = await visit()
    await one.evaluate(record(300))
    await other.evaluate(record(300, 300))
    await Promise.all([flush(one), flush(other)])
    site.way = { delay: 100 }
    // both learn at once that the way is open
    await Promise.all([one, other].map(page => page.evaluate("dispatchEvent(new Event('online'))")))
    await arrived(600)
    expect(await queued(one)).toBe(0)
  })

  it('two tabs, of which one is closed while it sends what waited', async () => {
    site.way.status = 503
    const one = await visit()
    const other = await visit()
    await one.evaluate(record(2000))
    await flush(one)
    site.way = { delay: 200 }
    const before = site.requests.length
    await Promise.all([one, other].map(page => page.evaluate("dispatchEvent(new Event('online'))")))
    await site.until(() => site.requests.length > before)
    await one.close()
    await arrived(2000)
  })

  it('a clock that is set back and forth', async () => {
    site.way.status = 503
    const page = await visit()
    const set = (by: number) => page.evaluate(`{ const now = Date.now; Date.now = () => now() + ${by} }`)
    await page.evaluate(record(20))
    await flush(page)
    await set(-12 * 3600_000)
    await page.evaluate(record(20, 20))
    await page.evaluate("globalThis.span = monitor.startSpan('work')")
    await set(20 * 3600_000)
    await page.evaluate(`span.end(); ${record(20, 40)}`)
    site.way = { delay: 0 }
    await flush(page)
    await arrived(60)
    const [span] = site.named('work')
    expect(span!.end! - span!.start!).toBeGreaterThanOrEqual(0)
    expect(span!.end! - span!.start!).toBeLessThan(60_000)
  })

  it('another origin that allows nothing', async () => {
    const elsewhere = await startMonitoredSite()
    elsewhere.routes.set('/api/otel/v1/logs', (_, response) => response.writeHead(403).end())
    const open = await startMonitoredSite('', { policy: "default-src * 'unsafe-inline'" })
    const page = await browser.context.newPage()
    pages.push(page)
    page.on('pageerror', error => problems.push(error.message))
    await page.addInitScript(`globalThis.monitorOptions = { endpoint: '${elsewhere.url}/api/otel' }`)
    await page.goto(open.url)
    await until(page, 'globalThis.afnOtelSink')
    await page.evaluate(record(20))
    await flush(page)
    expect(await queued(page)).toBeGreaterThan(0)
    expect(await page.evaluate("fetch('/other').then(({ status }) => status)")).toBe(200)
    expect(problems).toEqual([])
    await page.close()
    await open.close()
    await elsewhere.close()
  })

  it('is lost without an error in the page where a blocker of advertisements stops it', async () => {
    const page = await visit()
    await flush(page)
    await page.route('**/api/otel/**', route => route.abort('blockedbyclient'))
    await page.evaluate(record(20))
    await flush(page)
    expect(await page.evaluate("fetch('/other').then(({ status }) => status)")).toBe(200)
    expect(problems).toEqual([])
    await page.unroute('**/api/otel/**')
    await arrived(20)
  })

  it('400: what the server does not want is not sent again', async () => {
    const page = await visit()
    await flush(page)
    site.way.status = 400
    await page.evaluate(record(20))
    await flush(page)
    site.way = { delay: 0 }
    expect(await queued(page)).toBe(0)
    await page.evaluate("monitor.recordCustomEvent('after')")
    await flush(page)
    expect(await site.until(() => site.named('after').length === 1)).toBe(true)
    expect(numbers()).toEqual([])
  })
})
