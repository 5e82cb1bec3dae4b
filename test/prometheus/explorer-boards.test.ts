// The boards in the explorer of `afn-otel up`, in Chromium, filled by a real preloaded app without a Collector. Oracle: a real Prometheus that
// got the same requests of metrics; axe for accessibility. `npm run test:long -- dashboards` leaves pictures in test/dashboards/pictures/made.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { source as axe } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { boardsOf } from '../../src/dashboards/boards'
import { metrics, nameOf } from '../../src/dashboards/metrics'
import { format } from '../../src/explorer/data/board/units'
import type { BoardsAnswer } from '../../src/local/api/board-answers'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { type Laptop, startLaptop } from '../dashboards/laptop'
import { folder as pictures } from '../dashboards/pictures/draw'
import { isLong } from '../support/long'

const binary = inject('prometheusBinary')
const RANGE = 900

/** What has nothing to show without a Collector, and why. */
const withoutCollector: Readonly<Record<string, string>> = {
  Objectives: 'records of rules, which a Prometheus with the rules of the SLOs makes',
  'Budget that is left': 'the same',
  'Burn rate over an hour': 'the same',
  'Duration, 95 of 100': 'of the span metrics, which the Collector makes',
  'Spans at the Collector': 'its own metrics',
  'Cost by feature': 'what the Collector counts of spans',
  'Cost by group of users': 'the same',
  'Duration of calls, 95 of 100': 'of the span metrics',
}

const AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

describe.skipIf(binary === undefined || !hasChromium)('boards in the explorer', () => {
  let laptop: Laptop
  let browser: Browser
  const problems: string[] = []

  beforeAll(async () => {
    laptop = await startLaptop(binary!)
    // lines end at a round time, up to a step ago
    await laptop.use(10)
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await laptop?.stop()
    expect(problems).toEqual([])
  })

  async function open(hash: string, { width = 1400, language = 'en', theme = 'light' } = {}): Promise<Page> {
    const page = await browser.context.newPage()
    page.on('pageerror', error => problems.push(error.message))
    await page.addInitScript(`localStorage.setItem('afn-otel.theme', '${theme}')
      localStorage.setItem('afn-otel.language', '${language}')`)
    await page.setViewportSize({ width, height: 900 })
    await page.route('**/api/v1/**', async route => {
      const { pathname, search } = new URL(route.request().url())
      const answer = await fetch(`${laptop.prometheus}${pathname}${search}`)
      await route
        .fulfill({ status: answer.status, contentType: 'application/json', body: await answer.text() })
        .catch(() => undefined)
    })
    await page.goto(`${laptop.site.url}${hash}`)
    await page.locator('.board-panel').first().waitFor()
    return page
  }

  /** All panels are in sight of a window as high as the board, and have been answered. */
  async function whole(page: Page): Promise<void> {
    const { width } = page.viewportSize()!
    const height = (await page.evaluate("document.querySelector('.boards').scrollHeight")) as number
    await page.setViewportSize({ width, height: height + 200 })
    await expect.poll(() => page.locator('.board-panel .loading').count(), { timeout: 20_000 }).toBe(0)
  }

  const panelOf = (page: Page, title: string) =>
    page.locator('.board-panel').filter({ has: page.locator('h3', { hasText: new RegExp(`^${title}$`) }) })

  it('are those of the package in the language that is asked for, by one uid', async () => {
    const ask = async (language: string) =>
      (await (await fetch(`${laptop.site.url}api/afn/boards?lang=${language}`)).json()) as BoardsAnswer
    const [en, ja] = [await ask('en'), await ask('ja')]
    const uids = ['afn-overview', 'afn-llm-analytics', 'afn-performance', 'afn-security']
    expect(en.boards.map(({ uid }) => uid)).toEqual(uids)
    expect(ja.boards.map(({ uid }) => uid)).toEqual(uids)
    expect(ja.boards.map(({ title }) => title)).toEqual(Object.values(boardsOf('ja', {})).map(({ title }) => title))
    expect((await fetch(`${laptop.site.url}api/afn/boards/nobody`)).status).toBe(404)
    expect((await fetch(`${laptop.site.url}api/afn/boards?lang=fr`)).status).toBe(400)
  })

  it.each(['afn-overview', 'afn-llm-analytics'])(
    '%s has no panel without a value, but for what needs more',
    async uid => {
      const page = await open(`#/boards/${uid}?range=15m`)
      await whole(page)
      const empty = await page.locator('.board-panel:has(.board-empty, .board-error) h3').allInnerTexts()
      const known = Object.keys(withoutCollector)
      expect(empty.filter(title => !known.includes(title))).toEqual([])
      await page.close()
    },
  )

  it('show the numbers of Prometheus', async () => {
    const at = Math.floor(Date.now() / 1_000)
    const page = await open(`#/boards/afn-llm-analytics?from=${at - RANGE}&to=${at}`)
    await whole(page)
    const value = async (query: string) => {
      const asked = new URLSearchParams({ query, time: String(at) })
      const { data } = await (await fetch(`${laptop.prometheus}/api/v1/query?${asked}`)).json()
      return Number(data.result[0].value[1])
    }
    const calls = await value(`sum(max_over_time(${nameOf(metrics.calls)}_count[${RANGE}s]))`)
    expect(calls).toBeGreaterThan(0)
    expect(await panelOf(page, 'Calls').locator('b').textContent()).toBe(format(calls, 'short'))
    const cost = await value(`sum(max_over_time(${nameOf(metrics.cost)}[${RANGE}s]))`)
    const priced = await value(`sum(max_over_time(${nameOf(metrics.costPerCall)}_count[${RANGE}s]))`)
    expect(await panelOf(page, 'Cost of a call').locator('b').textContent()).toBe(format(cost / priced, 'currencyUSD'))
    const bars = await panelOf(page, 'Cost by model').locator('li').allInnerTexts()
    expect(bars.join(' ')).toMatch(/claude-haiku-4-5\s+\$.*gpt-4o-mini\s+\$/s)
    await page.close()
  })

  it('are narrowed by what is chosen, which goes along to the next board', async () => {
    const page = await open('#/boards/afn-overview?range=15m')
    const asked: string[] = []
    page.on('request', request => asked.push(decodeURIComponent(request.url().replaceAll('+', ' '))))
    await expect.poll(() => page.getByLabel('Environment').locator('option').allInnerTexts()).toContain('test')
    asked.length = 0
    await page.getByLabel('Environment').selectOption('test')
    await expect.poll(() => asked.some(url => url.includes('deployment_environment_name=~"test"'))).toBe(true)
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByRole('heading', { name: 'Refused requests', exact: true }).waitFor()
    expect(await page.evaluate('location.hash')).toBe('#/boards/afn-security?range=15m&var-environment=test')
    expect(await page.getByLabel('Environment').inputValue()).toBe('test')
    await page.close()
  })

  it('go on where one panel fails, which says why', async () => {
    const page = await open('#/boards/afn-security?range=15m')
    await page.route(/query\?query=.*403/, route =>
      route.fulfill({ status: 422, contentType: 'application/json', body: '{"status":"error","error":"too much"}' }),
    )
    await page.getByRole('button', { name: 'Ask again' }).click()
    await whole(page)
    await panelOf(page, '403').getByText('too much').waitFor()
    expect(await panelOf(page, '401').locator('b').textContent()).toMatch(/^\d+$/)
    await page.close()
  })

  it.each([
    { uid: 'afn-overview', width: 480, theme: 'light', language: 'en' },
    { uid: 'afn-performance', width: 1400, theme: 'light', language: 'en' },
    { uid: 'afn-performance', width: 480, theme: 'dark', language: 'ja' },
    { uid: 'afn-overview', width: 1400, theme: 'dark', language: 'ja' },
  ])('$uid, $theme, $language: nothing overlaps, is wider than $width px, or breaks a rule of axe', async look => {
    const page = await open(`#/boards/${look.uid}?range=15m`, look)
    await whole(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width)
    expect(await page.evaluate(OVERLAPS)).toEqual([])
    await page.evaluate(axe)
    expect(await page.evaluate(AXE)).toEqual([])
    await page.close()
  })

  it.skipIf(!isLong('dashboards'))(
    'look as they should on a desk and on a phone, in both languages',
    async () => {
      mkdirSync(pictures, { recursive: true })
      for (const language of ['en', 'ja'])
        for (const uid of ['afn-overview', 'afn-llm-analytics', 'afn-performance', 'afn-security'])
          for (const width of [1400, 700]) {
            const theme = width === 1400 ? 'light' : 'dark'
            const page = await open(`#/boards/${uid}?range=15m`, { width, language, theme })
            await whole(page)
            // charts come in a chunk of their own
            await page.waitForTimeout(500)
            await page.screenshot({ path: path.join(pictures, `explorer-${uid}-${language}-${width}.png`) })
            await page.close()
          }
    },
    180_000,
  )
})

/** Panels that share a part of the page, and texts that are wider than what they stand in. */
const OVERLAPS = `(() => {
  const boxes = [...document.querySelectorAll('.board-panel, .board-row')].map(one => [one.textContent.slice(0, 30), one.getBoundingClientRect()])
  const shared = boxes.flatMap(([name, a], index) => boxes.slice(index + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => name + ' and ' + other))
  const wide = [...document.querySelectorAll('.board-panel')].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 30))
  return [...shared, ...wide]
})()`
