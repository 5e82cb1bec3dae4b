// The boards in the explorer of `afn-otel up`, in Chromium, filled by a real preloaded app without a Collector. Oracle: a real Prometheus that
// got the same requests of metrics; axe for accessibility. `npm run test:long -- dashboards` leaves pictures in test/dashboards/pictures/made.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { source as axe } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { BoardsAnswer } from '../../src/backend/api/board-answers'
import type { Boards } from '../../src/backend/api/parts'
import { format } from '../../src/backend/explorer/data/board/units'
import { boardsOfUp } from '../../src/cli/dashboards/of-up'
import { boardsOf } from '../../src/monitoring/dashboards/boards'
import { budgetsBoard } from '../../src/monitoring/dashboards/budgets'
import { metrics, nameOf } from '../../src/monitoring/dashboards/metrics'
import { ownBoard } from '../../src/monitoring/dashboards/own/boards'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { type Laptop, startLaptop } from '../dashboards/laptop'
import { folder as pictures } from '../dashboards/pictures/draw'
import { isLong } from '../support/long'

const binary = inject('prometheusBinary')
const RANGE = 900

/** What has nothing to show without a Collector, or on the first days of a month, and says so. */
const without: Readonly<Record<string, RegExp>> = {
  'Spans at the Collector': /^The Collector counts this/,
  ...(new Date().getUTCDate() <= 4 && { 'Forecast for the month': /^too early in the month/ }),
}

/**
 * What `up` counts of spans and rates by itself, and this Prometheus has not: span-counts.test.ts compares it with the Collector,
 * test/unit/backend/alerts/recorded-series.test.ts with what was sent.
 */
const ownOfUp = /afn_span_|afn_agent_|afn_llm_feature_cost|afn_llm_guardrail|slo:|ALERTS/

const AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

/** Beside those of the package a user's own, and twenty budgets, whose queries are longer than an address may be. */
const withOwn: Boards = language => {
  const { boards } = boardsOfUp(language)
  const budgets = Array.from({ length: 20 }, (_, index) => ({
    name: `budget ${index}`,
    period: index % 2 === 0 ? ('day' as const) : ('month' as const),
    amount: 0.001 * (index + 1),
    scope: { service: ['shop'] },
  }))
  const account = {
    timeZone: 'Asia/Tokyo',
    currency: 'JPY',
    perUsd: 150,
    featureAttribute: 'span.gen_ai.agent.name',
    budgets,
  }
  const uptime = { query: 'process_uptime_seconds{service_name=~"$service"}' }
  const own = ownBoard(
    {
      uid: 'own',
      title: 'Mine',
      panels: [
        { title: 'Tables without labels', type: 'table', unit: 's', queries: [uptime] },
        { title: 'Without a legend', type: 'timeseries', unit: 'dtdurations', queries: [uptime], min: 0 },
        {
          title: 'A link',
          type: 'stat',
          unit: 'none',
          queries: [{ query: 'vector(7)' }],
          links: [
            { title: 'Docs', url: 'https://example.com/' },
            { title: 'Script', url: 'javascript:alert(1)' },
          ],
        },
        { title: 'No query', type: 'stat', unit: 'none', queries: [{ query: 'sum(' }] },
      ],
    },
    {},
  )
  return {
    boards: [...boards, { ...budgetsBoard(account, language, {}), uid: 'afn-budgets' }, own],
    problems: ['line 3 is wrong'],
  }
}

describe.skipIf(binary === undefined || !hasChromium)('boards in the explorer', () => {
  let laptop: Laptop
  let browser: Browser
  const problems: string[] = []

  beforeAll(async () => {
    laptop = await startLaptop(binary!, withOwn)
    do {
      await laptop.use(4)
      // which evaluates objectives anew
      await fetch(`${laptop.site.url}api/afn/alerts`)
    } while (!(await laptop.hasRates()))
    browser = await startChromium()
    // counts of objectives are two minutes old
  }, 400_000)
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
    await page.goto(`${laptop.site.url}${hash}`)
    await page.locator('.board-panel').first().waitFor()
    return page
  }

  /** All panels are in sight of a window as high as the board, and have been answered. */
  async function whole(page: Page): Promise<void> {
    const { width } = page.viewportSize()!
    const height = (await page.evaluate("document.querySelector('.boards').scrollHeight")) as number
    await page.setViewportSize({ width, height: height + 200 })
    await expect.poll(() => page.locator('.board-waiting').count(), { timeout: 20_000 }).toBe(0)
  }

  const panelOf = (page: Page, title: string) =>
    page.locator('.board-panel').filter({ has: page.locator('h3', { hasText: new RegExp(`^${title}$`) }) })

  it('are those of the package in the language of the request, by one uid', async () => {
    const ask = async (language: string) =>
      (await (await fetch(`${laptop.site.url}api/afn/boards?lang=${language}`)).json()) as BoardsAnswer
    const [en, ja] = [await ask('en'), await ask('ja')]
    const uids = [
      'afn-overview',
      'afn-llm-analytics',
      'afn-coding-agents',
      'afn-performance',
      'afn-security',
      'afn-budgets',
      'own',
    ]
    expect(en.boards.map(({ uid }) => uid)).toEqual(uids)
    expect(ja.boards.map(({ uid }) => uid)).toEqual(uids)
    const titles = Object.values(boardsOf('ja', {})).map(({ title }) => title)
    expect(ja.boards.map(({ title }) => title).slice(0, 5)).toEqual(titles)
    expect((await fetch(`${laptop.site.url}api/afn/boards/nobody`)).status).toBe(404)
    expect((await fetch(`${laptop.site.url}api/afn/boards?lang=fr`)).status).toBe(400)
  })

  it.each(['afn-overview', 'afn-llm-analytics'])(
    '%s has no panel without a value, but for what needs more',
    async uid => {
      const page = await open(`#/boards/${uid}?range=15m`)
      await whole(page)
      const empty = page.locator('.board-panel:has(.board-empty, .board-error)')
      const texts = await empty.locator('.board-empty, .board-error').allInnerTexts()
      const titles = await empty.locator('h3').allInnerTexts()
      expect(titles.filter((title, index) => !without[title]?.test(texts[index]!))).toEqual([])
      await page.close()
    },
  )

  it('say of what nobody counts that nobody does, and not 0', async () => {
    const page = await open('#/boards/afn-security?range=15m')
    await whole(page)
    for (const title of ['Leaks', 'Audit entries', 'Data quality violations'])
      expect(await panelOf(page, title).locator('.board-empty').textContent()).toMatch(/^The Collector counts this/)
    expect(await panelOf(page, 'Masked values').locator('b').textContent()).toMatch(/^[1-9]/)
    await page.close()
  })

  it.each(['afn-overview', 'afn-llm-analytics', ...(isLong('dashboards') ? ['afn-performance', 'afn-security'] : [])])(
    '%s asks what Prometheus answers in the same way',
    async uid => {
      const at = Math.floor(Date.now() / 1_000) - 3
      const answers: { url: URL; data: unknown }[] = []
      const page = await browser.context.newPage()
      page.on('response', async response => {
        const url = new URL(response.url())
        // a long query is sent as a form
        const form = response.request().postData()
        if (form !== null) url.search = form
        if (/\/api\/v1\/query/.test(url.pathname)) answers.push({ url, data: (await response.json()).data })
      })
      await page.setViewportSize({ width: 1400, height: 900 })
      await page.goto(`${laptop.site.url}#/boards/${uid}?from=${at - RANGE}&to=${at}`)
      await page.locator('.board-panel').first().waitFor()
      await whole(page)
      await page.close()
      // an answer up to now would change while it is compared
      const settled = answers.filter(
        ({ url: { searchParams } }) =>
          Number(searchParams.get('time') ?? at) <= at && !ownOfUp.test(searchParams.get('query')!),
      )
      expect(settled.length).toBeGreaterThan(10)
      const different: unknown[] = []
      for (const { url, data } of settled) {
        const form = { method: 'POST', body: url.searchParams }
        const theirs = await (await fetch(`${laptop.prometheus}${url.pathname}`, form)).json()
        if (JSON.stringify(rounded(data)) !== JSON.stringify(rounded(theirs.data)))
          different.push({ query: url.searchParams.get('query'), ours: rounded(data), theirs: rounded(theirs.data) })
      }
      expect(different).toEqual([])
    },
  )

  it('write the numbers as Grafana does', async () => {
    const at = Math.floor(Date.now() / 1_000) - 3
    const page = await open(`#/boards/afn-llm-analytics?from=${at - RANGE}&to=${at}`)
    await whole(page)
    const value = async (query: string) => {
      const parameters = new URLSearchParams({ query, time: String(at) })
      const { data } = await (await fetch(`${laptop.prometheus}/api/v1/query?${parameters}`)).json()
      return Number(data.result[0].value[1])
    }
    const calls = await value(`sum(max_over_time(${nameOf(metrics.calls)}_count[${RANGE}s]))`)
    expect(calls).toBeGreaterThan(0)
    expect(await panelOf(page, 'Calls').locator('b').textContent()).toBe(format(calls, 'short'))
    const cost = await value(`sum(max_over_time(${nameOf(metrics.cost)}[${RANGE}s]))`)
    const priced = await value(`sum(max_over_time(${nameOf(metrics.costPerCall)}_count[${RANGE}s]))`)
    expect(await panelOf(page, 'Cost per call').locator('b').textContent()).toBe(format(cost / priced, 'currencyUSD'))
    const bars = await panelOf(page, 'Cost by model').locator('li').allInnerTexts()
    expect(bars.join(' ')).toMatch(/claude-haiku-4-5\s+\$.*gpt-4o-mini\s+\$/s)
    await page.close()
  })

  it('are narrowed by what is chosen, which goes along to the next board', async () => {
    const page = await open('#/boards/afn-overview?range=15m')
    const parameters: string[] = []
    page.on('request', request => parameters.push(decodeURIComponent(request.url().replaceAll('+', ' '))))
    await expect.poll(() => page.getByLabel('Environment').locator('option').allInnerTexts()).toContain('test')
    parameters.length = 0
    // of what is counted of spans
    await expect.poll(() => page.getByLabel('Service').locator('option').allInnerTexts()).toContain('shop')
    await page.getByLabel('Environment').selectOption('test')
    await expect.poll(() => parameters.some(url => url.includes('deployment_environment_name=~"test"'))).toBe(true)
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByRole('heading', { name: 'Refused requests', exact: true }).waitFor()
    expect(await page.evaluate('location.hash')).toBe('#/boards/afn-security?range=15m&var-environment=test')
    expect(await page.getByLabel('Environment').inputValue()).toBe('test')
    await page.close()
  })

  it('of budgets and of a user are drawn too, with what is wrong in the file', async () => {
    const page = await open('#/boards/afn-budgets?range=15m')
    await page.getByText('line 3 is wrong').waitFor()
    await page.getByText('Asia/Tokyo').waitFor()
    await whole(page)
    expect(await page.locator('.board-error').count()).toBe(0)
    await page.getByRole('link', { name: 'Mine' }).click()
    await panelOf(page, 'A link').locator('b', { hasText: '7' }).waitFor()
    expect(await panelOf(page, 'A link').locator('a').allInnerTexts()).toEqual(['Docs'])
    expect(await panelOf(page, 'No query').locator('.board-error').textContent()).toContain('400')
    expect(await panelOf(page, 'Tables without labels').locator('thead').textContent()).toContain('service_name')
    await page.close()
  })

  it('ask four questions at once, and give up what nobody waits for', async () => {
    const page = await open('#/boards/afn-overview?range=15m')
    await whole(page)
    const parameters: string[] = []
    const both: string[] = []
    // never answered
    await page.route('**/api/v1/query**', route => void parameters.push(route.request().url()))
    page.on('requestfailed', request => both.push(request.url()))
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expect.poll(() => parameters.length).toBe(4)
    await page.getByRole('link', { name: 'Traces', exact: true }).click()
    await expect.poll(() => both.filter(url => parameters.includes(url)).length).toBe(4)
    expect(parameters).toHaveLength(4)
    await page.close()
  })

  it('go on where one panel fails, which says why', async () => {
    const page = await open('#/boards/afn-security?range=15m')
    await page.route(/query\?query=.*403/, route =>
      route.fulfill({ status: 422, contentType: 'application/json', body: '{"status":"error","error":"too much"}' }),
    )
    await page.getByRole('button', { name: 'Refresh' }).click()
    await whole(page)
    await panelOf(page, '403').getByText('too much').waitFor()
    expect(await panelOf(page, '401').locator('b').textContent()).toMatch(/^\d+$/)
    await page.close()
  })

  it.each([
    { uid: 'afn-overview', width: 480, theme: 'light', language: 'en' },
    { uid: 'afn-performance', width: 1400, theme: 'dark', language: 'ja' },
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
        for (const uid of ['afn-overview', 'afn-llm-analytics', 'afn-performance', 'afn-security', 'afn-budgets'])
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

/** In the order of labels, with as many digits as sums in another order have in common. */
function rounded(data: unknown): unknown {
  if (typeof data === 'string' && data !== '' && !Number.isNaN(Number(data))) return Number(Number(data).toPrecision(9))
  if (Array.isArray(data)) return data.map(rounded)
  if (typeof data !== 'object' || data === null) return data
  const { result, ...others } = data as { result?: unknown[] }
  const entries = Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [key, rounded(value)])),
    ...(result && { result: result.map(rounded).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }),
  }
}
