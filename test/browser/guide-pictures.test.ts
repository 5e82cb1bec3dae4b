// The pictures of README and docs/explorer.md, in Chromium on the real server. `npm run test:long -- docs` makes them anew and says which pages show
// something else; `AFN_PICTURES=docs/pictures` before it puts them into the documentation.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, tracesRequest } from './explorer/data'
import { AGENT_TRACE, shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'

const root = path.join(import.meta.dirname, '../..')
const folder = process.env.AFN_PICTURES
  ? path.join(root, process.env.AFN_PICTURES)
  : path.join(import.meta.dirname, 'screenshots')

/** By the name of its file: where it is, and what has to be on it. */
const pictures: Readonly<Record<string, { readonly hash: string; readonly shows: RegExp }>> = {
  'words-found': { hash: `#/traces?q=${encodeURIComponent('jacket')}`, shows: /Can I send back the blue/ },
  trace: { hash: `#/trace/${AGENT_TRACE}`, shows: /claude-sonnet-4-5/ },
  'one-call': { hash: `#/trace/${AGENT_TRACE}?span=${hex(0xb7, 16)}`, shows: /USD|\$/ },
  flame: { hash: `#/trace/${AGENT_TRACE}?tab=flame`, shows: /invoke_agent/ },
  compare: { hash: `#/compare/${hex(7, 32)}/${AGENT_TRACE}`, shows: /claude-sonnet-4-5/ },
  cost: { hash: '#/cost', shows: /gpt-5-mini/ },
}

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
    for (const [name, { hash, shows }] of Object.entries(pictures)) {
      await page.goto(`${site.url}${hash}`)
      await page.waitForLoadState('networkidle')
      await page.locator('.loading').first().waitFor({ state: 'detached' })
      await expect.poll(() => page.locator('body').innerText(), { message: name, timeout: 60_000 }).toMatch(shows)
      await page.screenshot({ path: path.join(folder, language === 'en' ? `${name}.png` : `${name}-ja.png`) })
    }
    await page.close()
  })
})
