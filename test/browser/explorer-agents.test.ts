// The view of coding agents in Chromium, over the recordings of their binaries: its figures, where its rows lead, windows from 480 to 1920 px,
// both themes and languages, and what a keyboard reaches. Oracle: arithmetic over the providers' answers; axe for accessibility.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { source as axe } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPrices } from '../../src/app/llm/report/cost/prices'
import { usd } from '../../src/backend/explorer/data/format'
import { costOf, ownPrices, recordings, requestsOf, signalOf, signedIn } from '../unit/backend/agent-recordings'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type ExplorerSite, startExplorer } from './explorer/site'

/** The machine may have much else to do. */
const patient = { timeout: 20_000 }
const folder = path.join(import.meta.dirname, 'screenshots')
const AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

const names = ['claude-code-2.1.197-logs', 'codex-0.171.0-logs', 'gemini-cli-0.61.0', 'copilot-cli-1.0.102']
const usdOf = (...of: string[]) =>
  usd(of.flatMap(name => recordings[name]!.map(costOf)).reduce((sum, one) => sum + one, 0))

/** The recording as if it were of the last minutes. */
function asOfNow(name: string): object[] {
  const text = JSON.stringify(requestsOf(name).map(request => signedIn(request)))
  const times = [...text.matchAll(/imeUnixNano":"(\d{19})"/g)].map(([, ns]) => BigInt(ns!))
  const latest = times.reduce((a, b) => (a > b ? a : b))
  const shift = BigInt(Date.now()) * 1_000_000n - latest - 60_000_000_000n
  return JSON.parse(text.replaceAll(/(imeUnixNano":")(\d{19})"/g, (_, key, ns) => `${key}${BigInt(ns) + shift}"`))
}

describe.skipIf(!hasChromium)('the view of coding agents', () => {
  let browser: Browser
  let site: ExplorerSite
  const prices = path.join(mkdtempSync(path.join(tmpdir(), 'afn-agents-view-')), 'prices.json')
  const open = async (hash: string, width: number, look: { theme?: string; language?: string } = {}): Promise<Page> => {
    const page = await browser.context.newPage()
    await page.addInitScript(`localStorage.setItem('afn-otel.theme', '${look.theme ?? 'light'}')
      localStorage.setItem('afn-otel.language', '${look.language ?? 'en'}')`)
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${site.url}${hash}`)
    await page.locator('.agents tbody tr').first().waitFor()
    return page
  }
  const rowOf = (page: Page, name: string) =>
    page.locator('.agents .panel').first().locator('tbody tr', { hasText: name }).first()

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(prices, ownPrices)
    site = await startExplorer(undefined, () => loadPrices(prices, console.error))
    for (const name of names) for (const request of asOfNow(name)) await site.send(signalOf(request as never), request)
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    rmSync(path.dirname(prices), { recursive: true, force: true })
  })

  it("shows other figures than those of the providers' answers", async () => {
    const page = await open('#/agents', 1400)
    const row = (name: string) => rowOf(page, name).locator('td').allInnerTexts()
    const claude = recordings[names[0]!]!
    const input = claude.reduce((sum, one) => sum + one.input, 0).toLocaleString('en-US')
    // cost, calls, tokens, sessions, tool runs, failed, accepted, refused
    await expect
      .poll(() => row('Claude Code'), patient)
      .toEqual([usdOf(names[0]!), '2', expect.stringMatching(/^13k → 403$/), '1', '2', '0', '1', '0'])
    expect(input).toBe('13,009')
    expect((await row('Codex'))[0]).toBe(usdOf(names[1]!))
    expect((await row('Gemini CLI'))[0]).toBe(usdOf(names[2]!))
    expect((await row('GitHub Copilot'))[0]).toBe(usdOf(names[3]!))
    const all = page.locator('.agents tfoot td')
    expect(await all.nth(0).innerText()).toBe(usdOf(...names))
    expect(await all.nth(1).innerText()).toBe('8')
    await page.close()
  })

  it.each([
    ['team', 'platform', 1],
    ['repository', 'shop', 1],
    ['model', 'gpt-5.5', 1],
    ['person', 'EMAIL', 4],
    // Codex, Gemini CLI and Copilot have said no team
    ['team', '(not set)', 3],
  ])('a row by %s does not lead to the traces of %s', async (by, name, traces) => {
    const page = await open(`#/agents?by=${by}`, 1400)
    await rowOf(page, name).locator('a').click()
    await expect.poll(() => page.evaluate('location.hash'), patient).toMatch(/^#\/traces\?q=/)
    const services = page.locator('.traces-table tbody tr')
    await services.first().waitFor()
    const names = /claude-code|codex_exec|gemini-cli|github-copilot/
    const found = (await services.allInnerTexts()).flatMap(text => names.exec(text)?.[0] ?? [])
    expect(new Set(found).size).toBe(traces)
    await page.close()
  })

  it('a tool is not listed, or does not lead to its runs', async () => {
    const page = await open('#/agents', 1400)
    const tool = page.locator('.agents-tools tbody tr', { hasText: 'exec_command' })
    expect((await tool.locator('td').allInnerTexts()).slice(0, 4)).toEqual(['Codex', '–', '1', '0'])
    await tool.locator('a').first().click()
    await expect.poll(() => page.locator('.traces-table tbody tr').count(), patient).toBe(1)
    await page.close()
  })

  it('a keyboard does not reach a row, or does not open its traces', async () => {
    const page = await open('#/agents?by=model', 1400)
    await page.keyboard.press('j')
    await page.locator('.agents tr.selected').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('location.hash'), patient).toMatch(/^#\/traces\?q=/)
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await expect.poll(() => page.evaluate('location.hash'), patient).toMatch(/^#\/agents/)
    await page.close()
  })

  it.each([
    { width: 480, theme: 'light', language: 'en' },
    { width: 480, theme: 'dark', language: 'ja' },
    { width: 1280, theme: 'dark', language: 'en' },
    { width: 1280, theme: 'light', language: 'ja' },
    { width: 1920, theme: 'light', language: 'en' },
  ])('does not fit a window of $width px, or breaks a rule of axe ($theme, $language)', async ({ width, ...look }) => {
    const page = await open('#/agents?by=person', width, look)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.evaluate(axe)
    expect(await page.evaluate(AXE)).toEqual([])
    await page.locator('.agents .wide-table').first().focus()
    expect(await page.evaluate('document.activeElement.className')).toBe('wide-table')
    await page.screenshot({ path: path.join(folder, `agents-${width}-${look.theme}-${look.language}.png`) })
    await page.close()
  })
})
