// What a page leaves unhandled stays unhandled with the monitor on it: the browser says so, to the page and to the monitor's own capture.
// The oracle is the same page without the monitor.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, PLAIN, startMonitoredSite } from './monitored-site'

const refused = "fetch('http://127.0.0.1:1/')"
const stream = "fetch('/cut').then(async response => { const reader = response.body.getReader(); await reader.read();"
/** `monitor` has the page with it alone; without it the function just runs. */
const inSpan =
  "(globalThis.monitor ? monitor.withSpan : (name, inside) => inside({}))('work', async () => { throw new TypeError('boom') })"

const floating = {
  'a request': refused,
  'a request in one of two branches': `{ const one = ${refused}; one.then(() => {}); one.catch(() => {}) }`,
  'work in a span': inSpan,
  'a read of a stream': `${stream} reader.read() })`,
}
const handled = {
  'a request': `${refused}.catch(() => {})`,
  'work in a span': `${inSpan}.catch(() => {})`,
  'a read of a stream': `${stream} for (;;) await reader.read() }).catch(() => {})`,
}

describe.skipIf(!hasChromium)('a rejection that a page', () => {
  let browser: Browser
  let site: MonitoredSite
  beforeAll(async () => {
    // a request to nowhere has to fail by itself, not by the policy
    site = await startMonitoredSite('', { policy: "default-src 'self'; connect-src *" })
    site.routes.set('/cut', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: one\n\n', () => setTimeout(() => response.destroy(), 100))
    })
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** What the browser calls unhandled, of each piece of work. */
  async function unhandled(path: string, work: string): Promise<string[]> {
    const page = await browser.context.newPage()
    await page.goto(`${site.url}${path}`)
    if (path !== PLAIN) await until(page, 'globalThis.afnOtelSink && globalThis.monitor')
    await page.evaluate(
      "globalThis.unhandled = []; addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)))",
    )
    await page.evaluate(`void (() => { ${work} })()`)
    await page.waitForTimeout(500)
    const found = await page.evaluate<string[]>('unhandled')
    if (path !== PLAIN) await page.evaluate('monitor.flush()')
    await page.close()
    return found
  }

  it.each(Object.entries(floating))('leaves unhandled is said by the browser, and captured: %s', async (_, work) => {
    const bare = await unhandled(PLAIN, work)
    expect(bare).toHaveLength(1)
    const captured = () =>
      site.named('exception').filter(({ attributes }) => bare[0]!.startsWith(String(attributes['exception.type'])))
    const before = captured().length
    expect(await unhandled('/', work)).toEqual(bare)
    expect(await site.until(() => captured().length > before)).toBe(true)
  })

  it.each(Object.entries(handled))('handles is none: %s', async (_, work) => {
    expect(await unhandled(PLAIN, work)).toEqual([])
    expect(await unhandled('/', work)).toEqual([])
  })
})
