// What a chart and a waterfall say of what they show: the oracle is the page's own data, which is made here.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium, until } from './chromium'
import { hex, tracesRequest } from './explorer/data'
import { type ExplorerSite, startExplorer } from './explorer/site'

const SERVICES = Array.from({ length: 14 }, (_, n) => `service-${n}`)
const TRACE = hex(0x5e7f, 32)
const MODELS = 24

describe.skipIf(!hasChromium)('what the explorer draws', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page

  beforeAll(async () => {
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    const root = { id: hex(0x5e00, 16), name: 'one request', at: 0, for: 900 }
    const steps = SERVICES.map((_, n) => ({
      id: hex(0x5e01 + n, 16),
      parent: root.id,
      name: `step ${n}`,
      at: n * 10,
      for: 40,
      ...(n === 3 && { failed: 'the card was declined' }),
    }))
    const services = Object.fromEntries(SERVICES.map((service, n) => [service, [steps[n]!]]))
    const calls = Array.from({ length: MODELS }, (_, n) => ({
      id: hex(0x900 + n, 32),
      start: now - BigInt(n + 60) * 1_000_000_000n,
      services: {
        models: [
          {
            id: hex(0x900 + n, 16),
            name: 'chat',
            at: 0,
            for: (n + 1) * 100,
            attributes: { 'gen_ai.request.model': `model-${n}` },
          },
        ],
      },
    }))
    await site.send(
      'traces',
      tracesRequest([{ id: TRACE, start: now - 9_000_000_000n, services: { ...services, front: [root] } }, ...calls]),
    )
    browser = await startChromium()
    page = await browser.context.newPage()
    await page.setViewportSize({ width: 1_440, height: 900 })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** Those of the palette; empty where there is none. */
  const coloursOf = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll(list => list.map(dot => (dot as unknown as { style: { background: string } }).style.background))

  it('is a chart whose legend names other lines than are drawn, or two lines of one colour', async () => {
    const query = '{ name = "chat" } | max_over_time(duration) by (span.gen_ai.request.model)'
    await page.goto(`${site.url}#/traces?q=${encodeURIComponent(query)}`)
    await page.locator('.u-over').waitFor()
    await page.getByText(`Showing the 8 of ${MODELS} series`).waitFor()
    const legend = await page.locator('.chart-value').allInnerTexts()
    const highest = Array.from({ length: 8 }, (_, n) => `model-${MODELS - 1 - n}`)
    expect(legend.map(text => text.trim()).sort()).toEqual([...highest].sort())
    const colours = await coloursOf('.chart-value .dot')
    expect(new Set(colours).size).toBe(8)
    // the same names have the same colours in the table, and the others have none
    const rows = await coloursOf('.plain-table .dot')
    expect(rows.filter(colour => colour !== '').sort()).toEqual([...colours].sort())
    expect(rows).toHaveLength(MODELS)
    // of durations, and no sum of maxima
    expect(await page.locator('.plain-table thead').innerText()).not.toContain('Sum')
    const highestRow = page
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name: 'model-23', exact: true }) })
    expect(await highestRow.innerText()).toContain('2.4 s')
    await page.getByRole('button', { name: 'model-0', exact: true }).click()
    await page.getByText(`Showing the 9 of ${MODELS} series`).waitFor()
  })

  it('is a waterfall that leaves out names of services, gives two one colour, or says nothing of why a span failed', async () => {
    await page.goto('about:blank')
    await page.goto(`${site.url}#/trace/${TRACE}`)
    await page.getByRole('treeitem').first().waitFor()
    await until(page, `document.querySelectorAll('.wf-row').length >= ${SERVICES.length + 1}`)
    const names = await page.locator('.wf-service').allInnerTexts()
    expect(names).toEqual(['front', ...SERVICES])
    const colours = await coloursOf('.wf-name .dot')
    expect(new Set(colours).size).toBe(SERVICES.length + 1)
    expect(await page.locator('.wf-error').allInnerTexts()).toEqual(['the card was declined'])
    expect(await page.locator('.summary').innerText()).toContain('+3 more')
    expect(await page.locator('.wf-critical').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Critical path' }).click()
    expect(await page.locator('.wf-critical').count()).toBe(0)
  })

  it('is a flame graph or statistics that leave spans out, or lead to another span than the longest', async () => {
    await page.goto('about:blank')
    await page.goto(`${site.url}#/trace/${TRACE}?tab=flame`)
    await page.getByRole('treeitem', { name: /^one request: front · 1 span/ }).waitFor()
    expect(await page.getByRole('treeitem').count()).toBe(1 + SERVICES.length)
    await page.getByRole('treeitem', { name: /^step 13/ }).click()
    await page.getByRole('treeitem', { name: /^one request/ }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Longest span' }).click()
    await page.getByRole('heading', { name: 'step 13' }).waitFor()

    await page.getByRole('link', { name: 'Statistics' }).click()
    const table = page.getByRole('table', { name: 'Statistics' })
    await table.getByRole('button', { name: 'Total' }).click()
    await table.getByRole('columnheader', { name: 'Total ↓' }).waitFor()
    const names = await table.locator('tbody a').allInnerTexts()
    expect(names.map(name => name.trim()).sort()).toEqual(
      ['one request', ...SERVICES.map((_, n) => `step ${n}`)].sort(),
    )
    expect(names[0]).toBe('one request')
    // the steps begin 10 ms apart and take 40 ms, so that they cover 170 of 900 ms
    expect(await table.locator('tbody tr').first().innerText()).toMatch(/900 ms\s+730 ms\s+900 ms/)
    expect(await table.locator('tfoot').innerText()).toMatch(/15\s+1.29 s\s+1/)
  })

  it('is a comparison that is not reached from the list or a trace, or has other traces or figures', async () => {
    await page.goto('about:blank')
    await page.goto(`${site.url}#/traces?q=${encodeURIComponent('{ name = "chat" }')}&sort=duration`)
    // the longest two are those of the last models, of which the last one is older
    const boxes = page.getByRole('checkbox', { name: 'Select for comparison: chat' })
    await boxes.nth(1).click()
    await page.getByText('Select a second trace').waitFor()
    await boxes.nth(0).click()
    expect(await boxes.nth(2).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'Compare the two traces' }).click()
    const both = page.getByRole('table', { name: 'Both traces' })
    await both.waitFor()
    const address = () => page.evaluate('location.hash') as Promise<string>
    expect(await address()).toMatch(/^#\/compare\/0*917\/0*916/)
    expect(await both.getByRole('row', { name: 'Duration' }).innerText()).toMatch(/2.4 s\s+2.3 s\s+−100 ms -4.2 %/)
    const paths = page.getByRole('table', { name: 'Spans by path' })
    await page.getByText('0 of 1 path differs').waitFor()
    await page.getByRole('link', { name: 'Show all' }).click()
    await paths.getByRole('button', { name: 'chat' }).click()
    const attribute = page.getByRole('row', { name: 'gen_ai.request.model' })
    expect(await attribute.innerText()).toMatch(/model-23\s+model-22/)
    await page.getByRole('link', { name: 'Swap A and B' }).click()
    await page.getByText('+100 ms').waitFor()

    await page.goto(`${site.url}#/trace/${hex(0x900 + 5, 32)}`)
    await page.getByRole('button', { name: 'Compare with…' }).click()
    await page.getByRole('button', { name: 'Last trace with this name' }).click()
    await both.waitFor()
    expect(await address()).toMatch(/^#\/compare\/0*906\/0*905/)
    await page.goBack()
    await page.getByRole('button', { name: 'Compare with…' }).click()
    await page.getByRole('textbox', { name: 'ID of another trace' }).fill('no id')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByText('Invalid trace ID').waitFor()
    await page.getByRole('textbox', { name: 'ID of another trace' }).fill(TRACE)
    await page.keyboard.press('Enter')
    await both.waitFor()
    expect(await paths.locator('tbody tr').count()).toBe(2 + SERVICES.length)
  })

  it('is a map that leaves calls out, or whose lines lead to other traces', async () => {
    await page.goto('about:blank')
    await page.goto(`${site.url}#/map`)
    // the front calls each service; whoever calls the front, and the service of the models, is not there
    const services = SERVICES.length + 2
    await page.getByText(`${services} nodes, ${services} edges.`).waitFor()
    expect(await page.locator('.map-node').count()).toBe(services)
    const table = page.getByRole('table', { name: 'Calls between nodes' })
    const failing = table.getByRole('row', { name: 'front → service-3' })
    expect(await failing.innerText()).toMatch(/1\s+1\s+100 %\s+40 ms/)
    await failing.getByRole('link').click()
    await page.getByRole('table', { name: 'Traces' }).getByRole('link', { name: 'one request' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: /^models service · 24 calls/ }).click()
    await page.getByText(`${MODELS} traces`, { exact: true }).waitFor()
  })

  it('forgets a view that was saved, or brings back another place', async () => {
    const slow = `#/traces?q=${encodeURIComponent('{ duration > 800ms }')}&range=6h&sort=cost.asc&chart=duration`
    await page.goto('about:blank')
    await page.goto(`${site.url}${slow}`)
    await page.getByRole('button', { name: 'Save view' }).click()
    const name = page.getByRole('textbox', { name: 'Name of this view' })
    await name.fill('Slow ones')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Saved', exact: true }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Rename Slow ones' }).click()
    await name.fill('Slow and cheap')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Slow and cheap' }).click()
    const params = async () =>
      Object.fromEntries(new URLSearchParams(((await page.evaluate('location.hash')) as string).split('?')[1]))
    expect(await params()).toEqual({ q: '{ duration > 800ms }', range: '6h', sort: 'cost.asc', chart: 'duration' })
    await page.goBack()
    const all = await page.getByRole('link', { name: 'Link to all views' }).getAttribute('href')
    await page.getByRole('button', { name: 'Delete Slow and cheap' }).click()
    await page.getByText('No saved views').waitFor()
    await page.goto(`${site.url}${all}`)
    await page.getByRole('button', { name: 'Save 1 view' }).click()
    await page.getByRole('button', { name: 'Delete Slow and cheap' }).waitFor()
  })
})
