// The view of quality in Chromium: pictures from 480 to 1920 px, what a keyboard reaches, and pages of the worst answers.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { source as axe } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type GivenTrace, hex, tracesRequest } from './explorer/data'
import { shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'

/** The machine may have much else to do. */
const patient = { timeout: 20_000 }
const folder = path.join(import.meta.dirname, 'screenshots')
const AXE = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' at ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

/** Where the list of answers begins, in pixels below the top of the window. */
const TOP = `document.querySelector('.judged h2').getBoundingClientRect().top`

/** Judged calls of one model: every fifth failed, and each has cost a hundredth of a dollar. */
function judged(now: bigint, count: number): GivenTrace[] {
  return Array.from({ length: count }, (_, n) => ({
    id: hex(0x10000 + n, 32),
    start: now - BigInt(n + 1) * 10_000_000_000n,
    services: {
      support: [
        {
          id: hex(0x10000 + n, 16),
          name: 'chat small-model',
          kind: 3,
          at: 0,
          for: 100,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'small-model',
            'gen_ai.usage.input_tokens': 10,
            'gen_ai.usage.output_tokens': 10,
            'afn.llm.cost.total': 0.01,
            'gen_ai.prompt.name': 'support',
            'gen_ai.prompt.version': '12',
          },
          events: [
            {
              name: 'gen_ai.evaluation.result',
              at: 90,
              attributes: {
                'gen_ai.evaluation.name': 'solved',
                'gen_ai.evaluation.score.label': n % 5 === 0 ? 'fail' : 'pass',
              },
            },
          ],
        },
      ],
    },
  }))
}

/** Answers that people rated on the page and a judge rated: in both ways, on 20, 5, 10 and 15 of them. */
function agreed(now: bigint): GivenTrace[] {
  const result = (name: string, label: string, type: string) => ({
    name: 'gen_ai.evaluation.result',
    at: 90,
    attributes: {
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.label': label,
      'afn.llm.evaluation.evaluator.type': type,
    },
  })
  return Array.from({ length: 50 }, (_, n) => ({
    id: hex(0x20000 + n, 32),
    start: now - BigInt(n + 1) * 10_000_000_000n,
    services: {
      rated: [
        {
          id: hex(0x20000 + n, 16),
          name: 'POST /chat',
          kind: 2,
          at: 0,
          for: 100,
          attributes: { 'gen_ai.prompt.name': 'chat', 'gen_ai.prompt.version': n < 30 ? '1' : '2' },
          events: [
            result('thumbs', n < 20 || (n >= 25 && n < 35) ? 'pass' : 'fail', 'human'),
            result('useful', n < 25 ? 'pass' : 'fail', 'llm'),
            result('brief', n % 2 === 0 ? 'pass' : 'fail', 'code'),
            ...(n < 29 ? [result('polite', 'pass', 'llm')] : []),
          ],
        },
      ],
    },
  }))
}

describe.skipIf(!hasChromium)('the view of quality', () => {
  let browser: Browser
  let site: ExplorerSite
  const open = async (hash: string, width: number, height = 900): Promise<Page> => {
    const page = await browser.context.newPage()
    await page.setViewportSize({ width, height })
    await page.goto(`${site.url}${hash}`)
    await page.locator('.judged-answer').first().waitFor()
    return page
  }

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    await site.send('traces', tracesRequest([...shop(now), ...judged(now, 60), ...agreed(now)]))
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each([480, 700, 1400, 1920])('fits a window of %i px, and breaks no rule of axe there', async width => {
    const page = await open('#/quality?by=both', width)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.evaluate(axe)
    expect(await page.evaluate(AXE)).toEqual([])
    await page.setViewportSize({ width, height: 2_400 })
    await page.waitForTimeout(150)
    await page.screenshot({ path: path.join(folder, `quality-${width}.png`) })
    await page.setViewportSize({ width, height: 900 })
    await page.locator('.quality-panel', { hasText: 'relevance' }).locator('tbody a').first().click()
    // what was chosen in a table comes into sight
    await expect.poll(() => page.evaluate(TOP), patient).toBeLessThan(300)
    await page.locator('.judged-answer').first().waitFor()
    await page.screenshot({ path: path.join(folder, `quality-worst-${width}.png`) })
    await page.close()
  })

  it('says what a good answer costs, with the number that it rests on', async () => {
    const page = await open('#/quality', 1400)
    const row = page.locator('.quality-panel', { hasText: 'solved' }).locator('tbody tr').first()
    // 60 answers for $0.6, of which 48 passed; Wilson's interval of 48 of 60 is 68.2 % to 88.2 %
    await expect.poll(() => row.innerText(), patient).toContain('$0.0125')
    const text = await row.innerText()
    for (const part of ['80 %', '48 of 60', '68.2 % to 88.2 %', '$0.0113 to $0.0147', 'of 60 answers']) {
      expect(text).toContain(part)
    }
    await page.close()
  })

  it('goes on with the next page of answers, and leads to the trace of one', async () => {
    const page = await open('#/quality', 1400)
    await page.locator('.quality-panel', { hasText: 'solved' }).locator('tbody a').first().click()
    await expect.poll(() => page.locator('.judged .cut').innerText(), patient).toContain('50 of 60.')
    await page.locator('.judged .cut button').click()
    await expect.poll(() => page.locator('.judged .cut').innerText(), patient).toContain('60 of 60.')
    expect(await page.locator('.judged-answer').count()).toBe(60)
    expect(await page.locator('.judged-answer .bad').count()).toBe(12)
    await page.keyboard.press('j')
    await page.locator('.judged-answer.selected').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('location.hash'), patient).toMatch(/^#\/trace\/0+1/)
    await page.locator('.summary').waitFor()
    await page.close()
  })

  it('says which evaluators agree with people, which do so by chance alone, and of which too little is known', async () => {
    const page = await open('#/quality?service=rated', 1400)
    const rows = page.locator('.quality-agreement tbody tr')
    await expect.poll(() => rows.count(), patient).toBe(3)
    const useful = await rows.filter({ hasText: 'useful' }).innerText()
    for (const part of ['thumbs', '50', '70 %', '35 of 50', '0.4', '0.127 to 0.614', 'Better than chance.'])
      expect(useful).toContain(part)
    expect(await rows.filter({ hasText: 'brief' }).innerText()).toContain('No better than chance.')
    expect(await rows.filter({ hasText: 'polite' }).innerText()).toContain('Not enough pairs: 30 are needed.')
    await page.goto(`${site.url}#/quality?service=rated&by=prompt`)
    // of the judge's two prompt versions, and of none where an evaluator's answers are of one
    await expect.poll(() => rows.count(), patient).toBe(7)
    const parts = page.locator('.quality-part')
    expect(await parts.filter({ hasText: 'chat 1' }).nth(1).innerText()).toMatch(/30\s.*20 of 30/s)
    expect(await parts.filter({ hasText: 'chat 2' }).first().innerText()).toContain('Not enough pairs: 30 are needed.')
    await page.locator('.quality-agreement').screenshot({ path: path.join(folder, 'quality-agreement.png') })
    await page.evaluate(axe)
    expect(await page.evaluate(AXE)).toEqual([])
    await page.close()
  })

  it('shows the answers of one service', async () => {
    const page = await open('#/quality', 1400)
    await page.locator('.choices select').selectOption('support')
    await expect.poll(() => page.locator('.quality-panel h2').allInnerTexts(), patient).toEqual(['solved pass or fail'])
    await page.close()
  })
})
