// What caused a vital: in a real Chromium, beside `web-vitals/attribution` in the same page.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from './bundle'
import { type Browser, hasChromium, startChromium, until } from './chromium'

/** A picture that comes late, a text that it pushes down, and buttons and fields that work long. */
const PAGE = `<!doctype html><title>test</title><script type="module" src="/page.js"></script>
  <img id="hero" src="/picture.svg"><p class="below">text that moves</p>
  <button id="slow">slow</button><input id="name">
  <script>
    const work = milliseconds => { for (const end = performance.now() + milliseconds; performance.now() < end;); }
    const slow = document.querySelector('#slow')
    slow.addEventListener('pointerdown', () => work(30))
    slow.addEventListener('click', () => work(150))
    // a browser without a head tells of an event when a later frame is painted
    setInterval(() => (slow.style.opacity = 1.5 - slow.style.opacity), 100)
    document.querySelector('#name').addEventListener('keydown', () => work(250))
  </script>`
/** A picture with few bytes a pixel counts as a background, and is no largest content. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400">${'<rect width="600" height="400"/>'.repeat(800)}</svg>`

type Vitals = Record<'ours' | 'theirs', Record<string, unknown>[]>

describe.skipIf(!hasChromium)('vitals', () => {
  let browser: Browser
  let server: Server
  let url: string
  beforeAll(async () => {
    browser = await startChromium()
    const script = (await bundle('test/browser/pages/vitals.ts')).get('/page.js')
    server = createServer((request, response) => {
      const send = (type: string, body: string | undefined) =>
        response.writeHead(200, { 'content-type': type }).end(body)
      if (request.url === '/picture.svg') setTimeout(send, 200, 'image/svg+xml', PICTURE)
      else if (request.url === '/page.js') send('text/javascript', script)
      else send('text/html', PAGE)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  async function open(): Promise<Page> {
    const page = await browser.context.newPage()
    await page.goto(url)
    await until(page, "globalThis.vitals && document.readyState === 'complete'")
    await page.evaluate('new Promise(resolve => setTimeout(resolve, 300))')
    return page
  }

  /** What is told once its elements are gone and the page is hidden, by name. */
  async function told(page: Page): Promise<Record<keyof Vitals, Map<unknown, object>>> {
    await until(page, 'vitals.interacted')
    await page.evaluate('new Promise(resolve => setTimeout(resolve, 300))')
    await page.evaluate(`
      document.body.replaceChildren()
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`)
    await until(page, 'vitals.theirs.length >= 5')
    const vitals = (await page.evaluate('vitals')) as Vitals
    await page.close()
    const byName = (list: Vitals['ours']) =>
      new Map(
        list.map(({ 'browser.web_vital.id': _, 'browser.web_vital.navigation_type': __, ...vital }) => [
          vital['browser.web_vital.name'],
          vital,
        ]),
      )
    return { ours: byName(vitals.ours), theirs: byName(vitals.theirs) }
  }

  it('say of a picture, a shift and a slow click what web-vitals says, where the elements are gone meanwhile too', async () => {
    const page = await open()
    await page.click('#slow')
    const { ours, theirs } = await told(page)
    expect([...theirs.keys()].sort()).toEqual(['cls', 'fcp', 'inp', 'lcp', 'ttfb'])
    for (const [name, vital] of theirs) expect(ours.get(name), `${name}`).toEqual(vital)
    expect(ours.get('lcp')).toMatchObject({ 'afn.web_vital.url': `${url}/picture.svg` })
    expect(ours.get('inp')).toMatchObject({ 'afn.web_vital.interaction_target': 'button#slow' })
    expect(ours.get('cls')).toMatchObject({ 'afn.web_vital.largest_shift_target': 'html>body>p.below' })
  })

  it('say of a slow key what web-vitals says', async () => {
    const page = await open()
    await page.focus('#name')
    await page.keyboard.press('a')
    const { ours, theirs } = await told(page)
    expect(ours.get('inp')).toEqual(theirs.get('inp'))
    expect(ours.get('inp')).toMatchObject({ 'afn.web_vital.interaction_type': 'keyboard' })
  })
})
