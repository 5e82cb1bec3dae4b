// What a page tells of itself, under a strict content security policy: each feature, seen at the receiver.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

const BODY = `<meta name="traceparent" content="00-${'c'.repeat(32)}-${'d'.repeat(16)}-01">
<main id="app">
  <button id="send" type="button">Send to Hannah</button>
  <button class="dead" type="button">Nothing</button>
  <form id="login" action="/nowhere"><input name="mail" value="hannah@example.org"><input type="submit"></form>
</main>${'<br>'.repeat(300)}<script src="/app.js" defer></script>`

const APP = `
document.querySelector('#send').addEventListener('click', () => fetch('/chat').then(response => response.text()))
document.querySelector('form').addEventListener('submit', event => event.preventDefault())
`

describe.skipIf(!hasChromium)('a page with everything on', () => {
  let browser: Browser
  let site: MonitoredSite
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    site = await startMonitoredSite(BODY)
    site.routes.set('/app.js', (_, response) => {
      response.setHeader('content-type', 'text/javascript').end(APP)
    })
    site.routes.set('/missing.png', (_, response) => response.writeHead(404).end())
    site.routes.set('/chat', (request, response) => {
      response.setHeader('x-traceparent', request.headers.traceparent ?? 'none').end('{}')
    })
    site.routes.set('/broken', (_, response) => response.writeHead(500).end())
    site.routes.set('/stream', async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': hello\n\n')
      for (const piece of ['one', 'two', 'three']) {
        await sleep(60)
        response.write(`data: {"text":"${piece}"}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    })
    browser = await startChromium()
    page = await browser.context.newPage()
    page.on('pageerror', error => problems.push(error.message))
    await page.addInitScript(
      `globalThis.monitorOptions = { serviceName: 'shop-web', serviceVersion: '1.2.3', buildId: 'b7' }`,
    )
    await page.goto(`${site.url}/cart?user=hannah`)
    await until(page, 'globalThis.afnOtelSink')
    await until(page, "performance.getEntriesByName(location.origin + '/page.js').length > 0")
    await sleep(500)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** The one record by that name for which the condition holds; none is an error. */
  async function the(name: string, condition: (attributes: Readonly<Record<string, unknown>>) => boolean = () => true) {
    await page.evaluate('monitor.flush()')
    const found = () => site.named(name).filter(({ attributes }) => condition(attributes))
    await site.until(() => found().length > 0)
    expect(found(), `${name} among ${site.events.map(event => event.name)}`).toHaveLength(1)
    return found()[0]!
  }

  it('says whose it is on every record', async () => {
    await page.evaluate("monitor.setUserId('u-482'); monitor.recordCustomEvent('saved', { iterations: 3 })")
    const { attributes } = await the('saved')
    expect(attributes).toMatchObject({
      'service.name': 'shop-web',
      'service.version': '1.2.3',
      'app.build_id': 'b7',
      'telemetry.sdk.language': 'webjs',
      'browser.language': 'en-US',
      'user.id': 'u-482',
      'browser.document.url.full': `${site.url}/cart?user=`,
      iterations: 3,
    })
    expect(attributes['session.id']).toMatch(/^[\da-f]{32}$/)
    expect((await the('session.start')).attributes['session.id']).toBe(attributes['session.id'])
  })

  it('sends what was recorded as it was then', async () => {
    await page.evaluate(`const list = ['a'], told = { list, kept: 1 }
      monitor.recordCustomEvent('changed later', told)
      list.push('b')
      told.kept = 2`)
    expect((await the('changed later')).attributes).toMatchObject({ list: ['a'], kept: 1 })
  })

  it('records errors with a fingerprint, and the same only once', async () => {
    await page.evaluate(`for (let n = 0; n < 3; n++) setTimeout(() => { throw new TypeError('no cart 7') });
      Promise.reject(new RangeError('too far', { cause: new Error('deep down') }));
      monitor.captureError({ code: 7, mail: 'hannah@example.org' })`)
    const thrown = await the('exception', a => a['exception.type'] === 'TypeError')
    expect(thrown.attributes).toMatchObject({ 'exception.message': 'no cart 7', 'afn.error.source': 'error' })
    expect(thrown.attributes['afn.error.fingerprint']).toMatch(/^[\da-f]{1,8}$/)
    const rejected = await the('exception', a => a['exception.type'] === 'RangeError')
    expect(rejected.attributes['exception.stacktrace']).toContain('Caused by: Error: deep down')
    expect((await the('exception', a => a['exception.type'] === 'object')).attributes['exception.message']).toBe(
      'with code,mail',
    )
  })

  it('records files that did not load, and what the policy refused', async () => {
    await page.evaluate(`for (const src of ['/missing.png?token=abc', 'https://elsewhere.example/x.png'])
      document.querySelector('#app').append(Object.assign(new Image(), { src }))`)
    expect((await the('browser.resource_error', a => `${a['url.full']}`.includes('missing'))).attributes).toMatchObject(
      {
        'url.full': `${site.url}/missing.png?token=`,
        'browser.tag_name': 'img',
        'browser.css_selector': 'main#app>img',
      },
    )
    expect(
      (await the('browser.csp_violation', a => a['browser.csp.directive'] === 'img-src')).attributes,
    ).toMatchObject({ 'browser.csp.blocked_url': 'https://elsewhere.example/x.png' })
  })

  it('records how the page loaded, in the trace of the server that made it', async () => {
    const timing = await the('browser.navigation_timing')
    expect(timing).toMatchObject({ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) })
    expect(timing.attributes).toMatchObject({
      'url.full': `${site.url}/cart?user=`,
      'browser.navigation_timing.type': 'navigate',
      'browser.navigation_timing.dom_complete': expect.any(Number),
      'browser.resource_timing.response_start': expect.any(Number),
    })
    expect(
      (await the('browser.resource_timing', a => a['url.full'] === `${site.url}/app.js`)).attributes,
    ).toMatchObject({
      'browser.resource_timing.initiator_type': 'script',
    })
    expect(
      (await the('browser.navigation', a => a['browser.navigation.same_document'] === false)).attributes,
    ).toMatchObject({ 'url.full': `${site.url}/cart?user=` })
  })

  it('leads one trace from the click to the server', async () => {
    await page.click('#send')
    const request = await (async () => {
      await site.until(() => site.named('GET').length > 0)
      return the('GET', a => `${a['url.full']}`.endsWith('/chat'))
    })()
    const click = await the('browser.user_action.click', a => a['browser.css_selector'] === 'button#send')
    const action = await the('click button#send')
    expect(request.attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 200 })
    expect(request.parentSpanId).toBe(action.spanId)
    expect([request.traceId, click.traceId]).toEqual([action.traceId, action.traceId])
    const header = await page.evaluate("fetch('/chat').then(response => response.headers.get('x-traceparent'))")
    expect(header).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
  })

  it('leaves requests as the app made them', async () => {
    const outcomes = await page.evaluate(`(async () => {
      const own = '00-${'1'.repeat(32)}-${'2'.repeat(16)}-00'
      const kept = await fetch(new Request('/chat', { headers: { traceparent: own } }))
      const failed = await fetch('http://127.0.0.1:9/').catch(error => error.name)
      const aborted = await fetch('/chat', { signal: AbortSignal.abort() }).catch(error => error.name)
      return [kept.headers.get('x-traceparent') === own, failed, aborted, kept instanceof Response]
    })()`)
    expect(outcomes).toEqual([true, 'TypeError', 'AbortError', true])
  })

  it('sees XHR, with its status', async () => {
    await page.evaluate(`new Promise(resolve => {
      const request = new XMLHttpRequest()
      request.open('POST', '/broken?key=1')
      request.onload = resolve
      request.send('body')
    })`)
    expect((await the('POST')).attributes).toMatchObject({
      'url.full': `${site.url}/broken?key=`,
      'http.response.status_code': 500,
      'error.type': '500',
    })
  })

  it.each([
    [
      'getReader',
      'const r = response.body.getReader(); for (;;) { const { done, value } = await r.read(); if (done) break; take(value) }',
    ],
    [
      'pipeThrough',
      'const r = response.body.pipeThrough(new TransformStream()).getReader(); for (;;) { const { done, value } = await r.read(); if (done) break; take(value) }',
    ],
    ['for await', 'for await (const value of response.body) take(value)'],
  ])('tells what a person sees of a stream: %s', async (how, read) => {
    const text = await page.evaluate(`(async () => {
      const response = await fetch('/stream?${encodeURIComponent(how)}=1')
      let text = ''
      const take = value => { text += new TextDecoder().decode(value) }
      ${read}
      return text
    })()`)
    expect(text).toContain('three')
    expect(text).toContain('[DONE]')
    await page.evaluate('monitor.flush()')
    await site.until(() => site.named('afn.stream').length > 0)
    const { attributes, traceId } = site.named('afn.stream').at(-1)!
    expect(attributes['afn.stream.end']).toBe('complete')
    expect(attributes['afn.stream.first_piece_ms']).toBeGreaterThan(40)
    expect(attributes['afn.stream.longest_gap_ms']).toBeGreaterThan(40)
    expect(attributes['afn.stream.bytes']).toBe((text as string).length)
    expect(site.named('GET').map(span => span.traceId)).toContain(traceId)
  })

  it('records a stream that the app left', async () => {
    await page.evaluate(`(async () => {
      const reader = (await fetch('/stream')).body.getReader()
      await reader.read()
      await reader.cancel()
    })()`)
    await page.evaluate('monitor.flush()')
    expect(await site.until(() => site.named('afn.stream').at(-1)?.attributes['afn.stream.end'] === 'consumer')).toBe(
      true,
    )
  })

  it('records rage, dead clicks, submits and scrolling', async () => {
    for (let n = 0; n < 4; n++) await page.click('.dead')
    await sleep(1200)
    await page.click('input[type=submit]')
    await page.evaluate('scrollTo(0, 3000)')
    expect((await the('afn.rage_click')).attributes['browser.css_selector']).toBe('main#app>button.dead')
    await page.evaluate('monitor.flush()')
    expect(site.named('afn.dead_click').map(({ attributes }) => attributes['browser.css_selector'])).toContain(
      'main#app>button.dead',
    )
    expect((await the('browser.user_action.submit')).attributes).toMatchObject({
      'browser.css_selector': 'form#login',
      'afn.form.fields': 2,
    })
    expect(await site.until(() => site.named('browser.user_action.scroll').length > 0)).toBe(true)
  })

  it('records long frames, and navigations without a load', async () => {
    await page.evaluate(`document.querySelector('#send').addEventListener('pointerup', () => {
      for (const end = performance.now() + 200; performance.now() < end;);
    })`)
    await page.click('#send')
    await page.evaluate("history.pushState({}, '', '/checkout?step=2')")
    expect(
      (await the('browser.navigation', a => a['browser.navigation.same_document'] === true)).attributes,
    ).toMatchObject({ 'url.full': `${site.url}/checkout?step=`, 'browser.navigation.type': 'push' })
    await sleep(300)
    await page.evaluate('monitor.flush()')
    expect(await site.until(() => site.named('browser.long_animation_frame').length > 0)).toBe(true)
  })

  it('records navigations without a load where there is no Navigation API', async () => {
    const tab = await browser.context.newPage()
    await tab.addInitScript('delete globalThis.navigation')
    await tab.goto(`${site.url}/old`)
    await until(tab, "history.pushState.toString().includes('apply')")
    await tab.evaluate("history.pushState({}, '', '/old/more'); history.back()")
    await until(tab, "location.pathname === '/old'")
    await tab.evaluate('monitor.flush()')
    await tab.close()
    for (const [path, type] of [
      ['/old/more', 'push'],
      ['/old', 'traverse'],
    ])
      expect(
        (
          await the(
            'browser.navigation',
            a => a['url.full'] === site.url + path && a['browser.navigation.same_document'] === true,
          )
        ).attributes,
      ).toMatchObject({ 'browser.navigation.type': type })
  })

  it('records the vitals with what caused them, the last ones while the page goes', async () => {
    await page.evaluate("location.href = '/next'")
    const vitals = () =>
      new Map(
        site.named('browser.web_vital').map(({ attributes }) => [attributes['browser.web_vital.name'], attributes]),
      )
    await site.until(() => vitals().size >= 6)
    expect([...vitals().keys()].sort()).toEqual(['cls', 'fcp', 'fid', 'inp', 'lcp', 'ttfb'])
    expect(vitals().get('inp')).toMatchObject({
      'browser.web_vital.value': expect.any(Number),
      'browser.web_vital.rating': expect.any(String),
      'afn.web_vital.interaction_type': 'pointer',
      'afn.web_vital.interaction_target': expect.stringContaining('button'),
    })
  })

  it('throws nothing of its own', () => {
    expect(problems.filter(problem => !['no cart 7', 'too far'].includes(problem))).toEqual([])
  })
})

describe.skipIf(!hasChromium)('consent and sampling', () => {
  let browser: Browser
  let site: MonitoredSite
  beforeAll(async () => {
    browser = await startChromium()
    site = await startMonitoredSite()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function visit(options: object, before = ''): Promise<Page> {
    site.events.length = 0
    site.spans.length = 0
    const page = await browser.context.newPage()
    await page.addInitScript(`${before}; globalThis.monitorOptions = ${JSON.stringify(options)}`)
    await page.goto(site.url)
    await until(page, 'globalThis.afnOtelSink')
    return page
  }
  const stored = (page: Page) => page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('afn-otel'))")

  it.each([
    ['consent: false', { consent: false }, ''],
    ['Global Privacy Control', {}, "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"],
  ])('%s: nothing is stored or sent before consent', async (_, options, before) => {
    const page = await visit(options, before)
    const requests = site.requests.length
    await page.evaluate("monitor.recordCustomEvent('early'); monitor.captureError(new Error('early')); monitor.flush()")
    const answer = await page.evaluate("fetch('/x').then(({ ok }) => ok)")
    await sleep(300)
    expect([answer, site.requests.length - requests, await stored(page)]).toEqual([true, 0, []])
    await page.evaluate("monitor.setConsent(true); monitor.recordCustomEvent('late')")
    await page.evaluate('monitor.flush()')
    expect(await site.until(() => site.named('late').length === 1)).toBe(true)
    expect(site.named('early')).toEqual([])
    await page.evaluate("monitor.recordCustomEvent('taken back'); monitor.setConsent(false); monitor.flush()")
    await sleep(300)
    expect(await stored(page)).toEqual([])
    expect(site.named('taken back')).toEqual([])
    await page.close()
  })

  it('a session that is not sampled keeps its errors, and sends no trace on', async () => {
    const page = await visit({ sampleRate: 0 })
    site.routes.set('/echo', (request, response) => {
      response.end(request.headers.traceparent ?? 'none')
    })
    const header = await page.evaluate("fetch('/echo').then(response => response.text())")
    await page.evaluate("monitor.recordCustomEvent('step'); monitor.captureError(new Error('kept'))")
    await page.evaluate('monitor.flush()')
    expect(await site.until(() => site.named('exception').length === 1)).toBe(true)
    expect([header, site.events.map(({ name }) => name), site.spans]).toEqual(['none', ['exception'], []])
    await page.close()
  })

  it('a session ends after half an hour without a record, at the time of its last', async () => {
    const page = await visit({})
    await page.evaluate("monitor.recordCustomEvent('one')")
    await page.evaluate('monitor.flush()')
    const before = Date.now()
    await page.evaluate('{ const now = Date.now; Date.now = () => now() + 31 * 60_000 }')
    await page.evaluate("monitor.recordCustomEvent('two')")
    await page.evaluate('monitor.flush()')
    await site.until(() => site.named('session.end').length === 1)
    const [one, two] = [site.named('one')[0]!, site.named('two')[0]!]
    const [end] = site.named('session.end')
    const started = site.named('session.start').find(({ attributes }) => attributes['session.previous_id'])
    expect(end!.attributes['session.id']).toBe(one.attributes['session.id'])
    expect(end!.time).toBeLessThan(before + 1000)
    expect(started!.attributes).toMatchObject({
      'session.id': two.attributes['session.id'],
      'session.previous_id': one.attributes['session.id'],
    })
    await page.close()
  })
})
