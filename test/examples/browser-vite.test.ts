// examples/browser-vite as a stranger makes it, in a real Chromium, sending to a real `afn-otel up`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { besideLiveCheck } from '../support/live-check-relay'
import { freePorts } from '../support/ports'
import { type RunningUp, startUp } from '../support/up'
import { type Child, startChild } from './child'
import { installed } from './installed'

describe.skipIf(!hasChromium)('examples/browser-vite', () => {
  let up: RunningUp
  let vite: Child
  let browser: Browser
  let otlp: Awaited<ReturnType<typeof besideLiveCheck>>

  /** Asks until there is an answer. */
  async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await ask()
      if (answer !== undefined) return answer
      await new Promise(resolve => setTimeout(resolve, 200))
    }
    throw new Error(`waited in vain for ${what}`)
  }
  const get = async (path: string) => (await fetch(up.url + path)).json()

  beforeAll(async () => {
    const folder = installed('browser-vite', (_, npm) => npm('run', 'build'))
    up = await startUp()
    otlp = await besideLiveCheck(up.otlp)
    const [port] = await freePorts(1)
    const args = [
      'node_modules/vite/bin/vite.js',
      'preview',
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--strictPort',
    ]
    vite = await startChild(folder, args, { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url }, /Local:/)
    browser = await startChromium()
    const page = await browser.context.newPage()
    const late = page.waitForResponse(response => response.url().includes('/api/otel/v1/logs'))
    await page.goto(`http://127.0.0.1:${port}`)
    // what was recorded at the load leaves after five seconds; by then clicks are watched
    await late
    await page.click('#another')
    await page.waitForFunction(() => document.querySelector('#tip')?.textContent?.startsWith('Say what'))
    await page.click('#broken')
    await page.goto('about:blank')
  }, 300_000)

  afterAll(async () => {
    await browser?.close()
    await vite?.stop()
    otlp?.close()
    await up?.stop()
  })

  it('shows the click and its request as one trace', async () => {
    const query = '{ resource.service.name = "prompt-tips" && name = "click button#another" } >> { name = "GET" }'
    const found = await eventually('the trace', async () => {
      const { traces } = await get(`/api/search?q=${encodeURIComponent(query)}`)
      return traces[0]
    })
    expect(found).toMatchObject({ rootServiceName: 'prompt-tips', rootTraceName: 'click button#another' })
  })

  it('groups the error that nobody caught', async () => {
    const group = await eventually('the error', async () => (await get('/api/afn/errors')).groups[0])
    expect(group).toMatchObject({
      service: 'prompt-tips',
      type: 'Error',
      message: 'The tip machine is out of paper',
      count: 1,
    })
  })

  it('has the vitals of the page and what the app recorded, in one session', async () => {
    type Line = { event: string; attributes: Record<string, unknown> }
    const lines: Line[] = await eventually('the events', async () => {
      const { logs } = await get('/api/afn/logs')
      return logs.some(({ event }: Line) => event === 'tip_shown') ? logs : undefined
    })
    const names = lines.map(({ event }) => event)
    for (const name of ['session.start', 'browser.web_vital', 'browser.user_action.click', 'exception'])
      expect(names).toContain(name)
    expect(new Set(lines.map(({ attributes }) => attributes['session.id'])).size).toBe(1)
  })
})
