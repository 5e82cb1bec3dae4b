// The three parts of redaction in a real browser, loaded one after the other: each does what it does in Node.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { harmless, keyed, personal, secrets, seeded, wrappers } from '../unit/redact-corpus'
import { named } from '../unit/redact-names-corpus'
import { type Browser, hasChromium, startChromium } from './chromium'
import type {} from './redact-page'
import { type Site, startSite } from './site'

function texts(): string[] {
  const random = seeded(41)
  return Object.values(wrappers).flatMap(wrap => [
    ...Object.values({ ...personal, ...secrets, ...harmless }).map(make => wrap(make(random))),
    ...Object.values({ ...keyed, ...named }).map(make => wrap(make(random)[0]!)),
  ])
}

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
    const given = texts()
    const page = await browser.context.newPage()
    page.on('console', message => problems.push(message.text()))
    page.on('pageerror', error => problems.push(error.message))
    await page.goto(site.url)
    await page.waitForFunction(() => globalThis.redactInParts !== undefined)
    const there = await page.evaluate(given => globalThis.redactInParts(given), given)

    const { redactCore } = await import('../../src/redact/core')
    expect(there.core).toEqual(given.map(redactCore))
    const { createTextRedactor } = await import('../../src/redact/engine')
    expect(there.engine).toEqual(given.map(createTextRedactor()))
    const { redact } = await import('../../src/redact')
    expect(there.all).toEqual(given.map(redact))
    expect(there.all).not.toEqual(there.engine)
    expect(problems).toEqual([])
  })
})
