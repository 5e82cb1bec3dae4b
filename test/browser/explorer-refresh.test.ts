// What the reader has chosen stays when the page asks anew.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type GivenTrace, hex, tracesRequest } from './explorer/data'
import { type ExplorerSite, startExplorer } from './explorer/site'

describe.skipIf(!hasChromium)('the explorer under refresh', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page
  const now = BigInt(Date.now()) * 1_000_000n
  /** Of the last minute, the newest first. */
  const traces = (count: number) =>
    Array.from({ length: count }, (_, n): GivenTrace => {
      const span = { id: hex(n + 1, 16), name: `trace ${n}`, at: 0, for: 10 }
      return { id: hex(0xf00 + n, 32), start: now - BigInt(n * 100) * 1_000_000n, services: { shop: [span] } }
    })

  beforeAll(async () => {
    site = await startExplorer()
    await site.send('traces', tracesRequest(traces(250)))
    browser = await startChromium()
    page = await browser.context.newPage()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const open = async (hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${site.url}${hash}`)
  }
  const refresh = () => page.getByRole('button', { name: 'Refresh' }).click()

  it('the waterfall shows spans that end after those of before, and of how many siblings each is which', async () => {
    const id = hex(0xabc, 32)
    const of = (span: number, parent: number | undefined, at: number) => ({
      id: hex(0xaaa0 + span, 16),
      ...(parent && { parent: hex(0xaaa0 + parent, 16) }),
      name: `step ${span}`,
      at,
      for: 50,
    })
    await site.send(
      'traces',
      tracesRequest([{ id, start: now, services: { agent: [of(1, undefined, 0), of(2, 1, 10)] } }]),
    )
    await open(`#/trace/${id}`)
    await page.locator('.wf-bar').nth(1).waitFor()
    await site.send('traces', tracesRequest([{ id, start: now, services: { agent: [of(3, 1, 20_000)] } }]))
    await refresh()
    await page.locator('.wf-bar').nth(2).waitFor()
    const items = await page.getByRole('treeitem').all()
    const places = await Promise.all(
      items.map(async item => [await item.getAttribute('aria-posinset'), await item.getAttribute('aria-setsize')]),
    )
    expect(places).toEqual([
      ['1', '1'],
      ['1', '2'],
      ['2', '2'],
    ])
  })

  it('a list that was paged to its end does not fall back to its first page', async () => {
    await open('#/traces?q=%7B%20resource.service.name%20%3D%20%22shop%22%20%7D')
    const foot = page.locator('.foot')
    while (!(await foot.innerText()).includes('250 traces')) {
      await page
        .locator('.scroll')
        .first()
        .evaluate(box => box.scrollTo(0, box.scrollHeight))
      await page.waitForTimeout(50)
    }
    await refresh()
    await foot.getByText('Loading').waitFor({ state: 'detached' })
    await expect.poll(() => foot.innerText()).toContain('250 traces')
  })

  it('a live list keeps the trace that is chosen when others come', async () => {
    await open('#/traces?live=1')
    await page.locator('tbody tr:not(.spacer)').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const chosen = () => page.locator('tr.selected a').getAttribute('href')
    const before = await chosen()
    const span = { id: hex(0xbbb, 16), name: 'a new trace', at: 0, for: 10 }
    await site.send(
      'traces',
      tracesRequest([{ id: hex(0xbbb, 32), start: now + 1_000_000_000n, services: { shop: [span] } }]),
    )
    await page.getByText('a new trace').waitFor()
    expect(await chosen()).toBe(before)
  })
})
