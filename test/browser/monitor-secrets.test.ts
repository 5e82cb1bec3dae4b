// Secrets in twelve places of a page: none of them is in what was received, and what they stood in is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

/** A place, and what is planted there. */
const planted = {
  'query of the page': 'q-Xk29fjw2',
  'fragment of the page': 'f-Lm81hfa9',
  'path of a request': 'c0ffee1234567890abcdef12',
  'query of a request': 'hannah.whitfield@example.org',
  'header of a request': 'h-Zu77aqp3',
  'body of a request': 'b-Rt55xcv8',
  'text of an error': 'sk-proj-1a2b3c4d5e6f7g8h9i0jklmn',
  'stack of an error': 'jonas.weber@example.org',
  'reason of a rejection': '4111 1111 1111 1111',
  'value of a field': 'v-Gh33bnm6',
  'text of an element': 'Maximiliane Musterfrau',
  'id of an element': 'user-hannah-482913',
  'storage, key and value': 's-Ww90plk1',
  cookie: 'k-Ee12ujm4',
  'attribute of an event': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0ODI5MTMifQ.c2lnbmF0dXJlMTIz',
  'key of an attribute': 'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'name of an event': 'erika@example.org',
  'name of a span': 'bob.miller@example.org',
  'id of the user': 'user@example.net',
  'name of a resource': 'r-Pp45ytr7',
} as const

const secret = (place: keyof typeof planted) => planted[place]

const BODY = `<form id="pay"><input name="card"><label>${secret('text of an element')}</label>
<button id="${secret('id of an element')}" type="button">${secret('text of an element')}</button></form>
<title>${secret('text of an element')}</title>`

describe.skipIf(!hasChromium)('planted secrets', () => {
  let browser: Browser
  let site: MonitoredSite
  beforeAll(async () => {
    site = await startMonitoredSite(BODY)
    browser = await startChromium()
    const page = await browser.context.newPage()
    await page.goto(`${site.url}/cart?name=${secret('query of the page')}#${secret('fragment of the page')}`)
    await until(page, 'globalThis.afnOtelSink')
    await page.waitForTimeout(500)
    await page.evaluate(
      `(async () => {
        const planted = ${JSON.stringify(planted)}
        localStorage.setItem(planted['storage, key and value'], planted['storage, key and value'])
        document.cookie = 'session=' + planted.cookie
        monitor.setUserId(planted['id of the user'])
        await fetch('/r/' + planted['path of a request'] + '?mail=' + planted['query of a request'], {
          method: 'POST',
          headers: { authorization: 'Bearer ' + planted['header of a request'] },
          body: planted['body of a request'],
        })
        monitor.captureError(new Error('refused: ' + planted['text of an error']))
        const error = new TypeError('bad')
        error.stack = 'TypeError: bad\\n    at ' + planted['stack of an error'] + ' (https://h/app.js?k=' + planted['query of the page'] + ':1:2)'
        setTimeout(() => { throw error })
        Promise.reject(new Error('card ' + planted['reason of a rejection']))
        monitor.recordCustomEvent('saved', { token: planted['attribute of an event'], [planted['key of an attribute']]: 1 })
        monitor.recordCustomEvent(planted['name of an event'])
        monitor.startSpan(planted['name of a span']).end()
        document.body.append(Object.assign(new Image(), { src: '/i.png?x=' + planted['name of a resource'] }))
      })()`,
    )
    await page.fill('input', secret('value of a field'))
    await page.click('button')
    await page.waitForTimeout(1200)
    await page.evaluate('monitor.flush()')
    await site.until(() => site.named('afn.dead_click').length > 0)
    await page.close()
    await site.until(() => site.named('browser.web_vital').length >= 5)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(Object.keys(planted) as (keyof typeof planted)[])('%s', place => {
    const value = secret(place)
    const all = site.bodies.join('\n')
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
      expect(all.includes(form), form).toBe(false)
  })

  it('what they stood in was received', () => {
    const names = new Set([...site.events, ...site.spans].map(({ name }) => name))
    expect(names).toContain('saved')
    expect(names).toContain('POST')
    expect(names).toContain('browser.user_action.click')
    const messages = site.named('exception').map(({ attributes }) => attributes['exception.message'])
    expect(messages.sort()).toEqual(['bad', 'card [CARD]', 'refused: [SECRET]'])
    expect(site.named('POST')[0]!.attributes['url.full']).toBe(`${site.url}/r/[ID]?mail=`)
  })
})
