// The pictures of README and docs/explorer.md, in Chromium on the real server. `npm run test:long -- docs` makes them anew and says which of those in
// the documentation are stale; `AFN_PICTURES=docs/pictures` before it puts the new ones there.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, tracesRequest } from './explorer/data'
import { AGENT_TRACE, shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'
import { tourOf } from './tour'

const root = path.join(import.meta.dirname, '../..')
const folder = process.env.AFN_PICTURES
  ? path.join(root, process.env.AFN_PICTURES)
  : path.join(import.meta.dirname, 'screenshots')

/** By the name of its file: where it is, and what has to be on it. */
const pictures: Readonly<Record<string, { readonly hash: string; readonly shows: RegExp }>> = {
  'words-found': { hash: `#/traces?q=${encodeURIComponent('jacket')}`, shows: /back the blue jacket/ },
  trace: { hash: `#/trace/${AGENT_TRACE}`, shows: /claude-sonnet-4-5/ },
  'one-call': { hash: `#/trace/${AGENT_TRACE}?span=${hex(0xb7, 16)}`, shows: /USD|\$/ },
  flame: { hash: `#/trace/${AGENT_TRACE}?tab=flame`, shows: /invoke_agent/ },
  compare: { hash: `#/compare/${hex(7, 32)}/${AGENT_TRACE}`, shows: /claude-sonnet-4-5/ },
  cost: { hash: '#/cost', shows: /gpt-5-mini/ },
}

/** What the README shows in turn. */
const tour = ['words-found', 'trace', 'one-call', 'flame', 'cost']

/** Beside the pictures: the labels that each of them shows, by which a stale one is found. Pixels differ from one machine to the next. */
const LABELS = 'labels.json'

/** Texts of the interface itself, without figures, which the data and the clock decide. */
const labelsOf = async (page: Page): Promise<string[]> => {
  const texts = await page.locator('nav a, h1, h2, h3, th, button, summary, dt').allInnerTexts()
  return [...new Set(texts.map(text => text.trim()).filter(text => text !== '' && !/\d/.test(text)))].sort()
}

const pick = (from: Record<string, string[]>, like: object): Record<string, string[] | undefined> =>
  Object.fromEntries(Object.keys(like).map(name => [name, from[name]]))

const named = ['docs/explorer.md', 'docs/ja/explorer.md']
  .map(page => readFileSync(path.join(root, page), 'utf8'))
  .join('\n')

it('the guide shows a picture that no test makes, or one is missing in docs/pictures', () => {
  const shown = new Set(Array.from(named.matchAll(/pictures\/([\w-]+)\.png/g), ([, name]) => name!))
  const made = [...Object.keys(pictures), ...Object.keys(pictures).map(name => `${name}-ja`)]
  expect([...shown].filter(name => !made.includes(name))).toEqual([])
  const files = readdirSync(path.join(root, 'docs/pictures'))
  expect([...shown].filter(name => !files.includes(`${name}.png`))).toEqual([])
})

describe.runIf(isLong('docs') && hasChromium)('pictures of the guide', () => {
  let browser: Browser
  let site: ExplorerSite

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    site = await startExplorer()
    await site.send('traces', tracesRequest(shop(BigInt(Date.now()) * 1_000_000n)))
    browser = await startChromium()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(['en', 'ja'])('show what the guide says of them, %s', { timeout: 300_000 }, async language => {
    const page = await browser.context.newPage()
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.addInitScript(`localStorage.setItem('afn-otel.theme', 'light')
    localStorage.setItem('afn-otel.language', '${language}')`)
    const labels: Record<string, string[]> = {}
    const screenshots: Record<string, Buffer> = {}
    for (const [name, { hash, shows }] of Object.entries(pictures)) {
      await page.goto(`${site.url}${hash}`)
      await page.waitForLoadState('networkidle')
      await page.locator('.loading').first().waitFor({ state: 'detached' })
      await expect.poll(() => page.locator('body').innerText(), { message: name, timeout: 60_000 }).toMatch(shows)
      const file = language === 'en' ? name : `${name}-ja`
      screenshots[name] = await page.screenshot({ path: path.join(folder, `${file}.png`) })
      labels[file] = await labelsOf(page)
    }
    await page.close()
    if (language === 'en') writeFileSync(path.join(folder, 'tour.gif'), tourOf(tour.map(name => screenshots[name]!)))
    const shown = JSON.parse(readFileSync(path.join(root, 'docs/pictures', LABELS), 'utf8'))
    if (process.env.AFN_PICTURES)
      writeFileSync(path.join(folder, LABELS), `${JSON.stringify({ ...shown, ...labels }, null, 2)}\n`)
    else
      expect(labels, 'pictures are stale: AFN_PICTURES=docs/pictures npm run test:long -- docs').toEqual(
        pick(shown, labels),
      )
  })
})
