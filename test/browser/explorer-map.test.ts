// The map of many services that call each other in circles, as a microservice house has it.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../support/random'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, tracesRequest } from './explorer/data'
import { type ExplorerSite, startExplorer } from './explorer/site'

const SERVICES = 28
const CALLS = 290

describe.skipIf(!hasChromium)('the map of 28 services and their calls', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page

  beforeAll(async () => {
    site = await startExplorer()
    const random = new Random(5)
    const start = BigInt(Date.now() - 60_000) * 1_000_000n
    const traces = Array.from({ length: CALLS }, (_, n) => {
      const from = random.below(SERVICES)
      const to = (from + 1 + random.below(SERVICES - 1)) % SERVICES
      const root = { id: hex(0x10000 + 2 * n, 16), name: 'caller', at: 0, for: 9 }
      const child = { id: hex(0x10001 + 2 * n, 16), parent: root.id, name: 'called', at: 1, for: 7 }
      return { id: hex(0x10000 + n, 32), start, services: { [`service-${from}`]: [root], [`service-${to}`]: [child] } }
    })
    await site.send('traces', tracesRequest(traces))
    browser = await startChromium()
    page = await browser.context.newPage()
    await page.setViewportSize({ width: 1_280, height: 800 })
    await page.goto(`${site.url}#/map`)
    await page.locator('.map-node').first().waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** How many nodes are within what is seen of the drawing, and how wide the first one is. */
  const seen = () =>
    page.evaluate(`(() => {
      const box = document.querySelector('.zoomable-box').getBoundingClientRect()
      const nodes = [...document.querySelectorAll('.map-node')].map(node => node.getBoundingClientRect())
      const within = nodes.filter(({ left, right, top, bottom }) =>
        left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1)
      return { nodes: nodes.length, within: within.length, width: nodes[0].width }
    })()`) as Promise<{ nodes: number; within: number; width: number }>

  it('shows every node at first, none of them on another one', async () => {
    const { nodes, within } = await seen()
    expect(nodes).toBe(SERVICES)
    expect(within).toBe(SERVICES)
    const overlapping = await page.evaluate(`(() => {
      const nodes = [...document.querySelectorAll('.map-node')].map(node => node.getBoundingClientRect())
      return nodes.flatMap((a, at) => nodes.slice(at + 1).filter(b =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)).length
    })()`)
    expect(overlapping).toBe(0)
  })

  it('is zoomed by buttons and with Ctrl and the wheel, moved by dragging, and seen whole again', async () => {
    const { width: small } = await seen()
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await page.getByRole('button', { name: 'Zoom in' }).click()
    expect((await seen()).width / small).toBeCloseTo(1.4 ** 2, 1)
    const box = (await page.locator('.zoomable-box').boundingBox())!
    await page.mouse.move(box.x + 300, box.y + 60)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, 100)
    await page.keyboard.up('Control')
    expect((await seen()).width / small).toBeCloseTo(1.4, 1)
    const left = () => page.locator('.zoomable-box').evaluate(element => (element as unknown as { scrollLeft: number }).scrollLeft) // biome-ignore format: one line
    const before = await left()
    await page.mouse.move(box.x + 300, box.y + box.height - 20)
    await page.mouse.down()
    await page.mouse.move(box.x + 250, box.y + box.height - 20)
    await page.mouse.up()
    expect(await left()).toBe(before + 50)
    expect(await page.evaluate('location.hash')).toBe('#/map')
    await page.getByRole('button', { name: 'Show all' }).click()
    expect(await seen()).toMatchObject({ within: SERVICES, width: small })
  })
})
