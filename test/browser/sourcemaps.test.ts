// Stacks of two deploys of one app, as a real browser throws them and the monitor tells them, redacted.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMaps } from '../../src/backend/sourcemaps/find'
import { buildIdOf, putBuild, SourceMaps } from '../../src/backend/sourcemaps/store'
import { symbolicate } from '../../src/backend/sourcemaps/symbolicate'
import { bundleShop } from '../support/shop'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type MonitoredSite, type Received, startMonitoredSite } from './monitored-site'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-deploys-'))
const store = path.join(folder, 'sourcemaps')

describe.skipIf(!hasChromium)('two deploys in Chromium', () => {
  let browser: Browser
  const sites: MonitoredSite[] = []
  const thrown: Received[] = []

  beforeAll(async () => {
    browser = await startChromium()
    for (const moved of [false, true]) {
      const dist = path.join(folder, String(moved), 'dist')
      await bundleShop(dist, { moved })
      const { maps } = findMaps(dist)
      const buildId = buildIdOf(maps)
      putBuild(store, buildId, maps)
      const file = readdirSync(dist).find(name => name.endsWith('.js'))!
      const site = await startMonitoredSite(`<script src="/assets/${file}" defer></script>`)
      sites.push(site)
      site.routes.set(`/assets/${file}`, (_, response) => {
        response.setHeader('content-type', 'text/javascript').end(readFileSync(path.join(dist, file)))
      })
      const page = await browser.context.newPage()
      await page.addInitScript(`globalThis.monitorOptions = { buildId: '${buildId}' }`)
      await page.goto(site.url)
      await site.until(() => site.named('exception').length > 0)
      thrown.push(...site.named('exception'))
      await page.close()
    }
  })
  afterAll(async () => {
    await browser?.close()
    for (const site of sites) await site.close()
  })

  it('throw stacks of which redaction leaves what a map needs', () => {
    const shown = thrown.map(({ attributes }) => {
      const maps = new SourceMaps(store)
      const stack = attributes['exception.stacktrace'] as string
      expect(stack).not.toContain('priceOf')
      return symbolicate(stack, file => maps.mapOf(attributes['app.build_id'] as string, file)).split('\n')
    })
    expect(shown.map(([, first]) => first)).toEqual([
      '    at priceOf (src/cart.ts:5:15)',
      '    at priceOf (src/cart.ts:10:15)',
    ])
    for (const [, , second, third] of shown) {
      expect(second).toMatch(/at totalOf \(src\/cart\.ts:/)
      expect(third).toMatch(/at checkout \(src\/main\.ts:/)
    }
  })

  it('have one fingerprint', () => {
    const prints = thrown.map(({ attributes }) => attributes['afn.error.fingerprint'])
    expect(prints).toEqual([prints[0], prints[0]])
    expect(prints[0]).toMatch(/^[\da-f]{1,8}$/)
  })
})
