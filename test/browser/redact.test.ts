// The three parts of redaction in a real browser, loaded one after the other: each does what it does in Node.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpus } from '../redact/corpus/generate.mjs'
import { type Browser, hasChromium, startChromium } from './chromium'
import type {} from './redact-page'
import { type Site, startSite } from './site'

/** One in four of the public corpus. */
const texts = corpus()
  .filter((_, index) => index % 4 === 0)
  .map(({ text }) => text)

describe.skipIf(!hasChromium)('in Chromium, under a strict content security policy', () => {
  let browser: Browser
  let site: Site
  const problems: string[] = []

  beforeAll(async () => {
    site = await startSite('test/browser/redact-page.ts')
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  it('the core, the engine and the locales say the same as in Node', async () => {
    const page = await browser.context.newPage()
    page.on('console', message => problems.push(message.text()))
    page.on('pageerror', error => problems.push(error.message))
    await page.goto(site.url)
    await page.waitForFunction(() => globalThis.redactInParts !== undefined)
    const there = await page.evaluate(parts => globalThis.redactInParts(parts), texts)

    const { redactCore } = await import('../../src/shared/redact/core')
    expect(there.core).toEqual(texts.map(redactCore))
    const { createTextRedactor } = await import('../../src/shared/redact/engine')
    expect(there.engine).toEqual(texts.map(createTextRedactor()))
    const { redact } = await import('../../src/shared/redact')
    expect(there.all).toEqual(texts.map(redact))
    expect(there.all).not.toEqual(there.engine)
    expect(problems).toEqual([])
  })
})
