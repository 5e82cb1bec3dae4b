// What a sender may have written is never more than text: every place of a trace that the page shows is given markup,
// handlers, addresses that run, marks that turn the direction, and a megabyte.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsUntil } from '../prometheus/burning'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type Attributes, type GivenTrace, hex, logsRequest, tracesRequest } from './explorer/data'
import { type ExplorerSite, startExplorer } from './explorer/site'

const HOSTILE = [
  '<script>globalThis.pwned = 1</script>',
  '<img src=x onerror="globalThis.pwned = 2">',
  '"><svg onload=globalThis.pwned=3>',
  'javascript:globalThis.pwned=4',
  '{{constructor.constructor("globalThis.pwned=5")()}}',
  '</title><iframe srcdoc="<script>top.pwned=6</script>">',
].join(' ')
const TURNED = 'invoice\u202Egpj.exe'
const TRACE = hex(0xbad, 32)
const SPAN = hex(0xbad1, 16)

function hostileTrace(start: bigint): GivenTrace {
  const message = (role: string) =>
    JSON.stringify([
      {
        role,
        parts: [
          { type: 'text', content: HOSTILE },
          { type: HOSTILE, content: HOSTILE },
        ],
      },
    ])
  const attributes: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': HOSTILE,
    'gen_ai.request.model': HOSTILE,
    'gen_ai.input.messages': message(HOSTILE),
    'gen_ai.output.messages': message('assistant'),
    'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: HOSTILE }]),
    'gen_ai.tool.name': HOSTILE,
    'gen_ai.tool.call.arguments': JSON.stringify({ [HOSTILE]: HOSTILE }),
    'gen_ai.conversation.id': HOSTILE,
    'user.id': HOSTILE,
    'gen_ai.evaluation.name': HOSTILE,
    'gen_ai.evaluation.explanation': HOSTILE,
    'gen_ai.evaluation.score.label': 'fail',
    'afn.llm.evaluation.evaluator.name': HOSTILE,
    'afn.llm.evaluation.evaluator.type': HOSTILE,
    'gen_ai.prompt.name': HOSTILE,
    'gen_ai.prompt.version': HOSTILE,
    'afn.llm.cost.source': HOSTILE,
    'error.type': HOSTILE,
    [HOSTILE]: HOSTILE,
    'url.full': 'javascript:globalThis.pwned=4',
    'a.turned': TURNED,
    'a.megabyte': 'long '.repeat(200_000),
  }
  const events = [
    { name: HOSTILE, at: 1, attributes: { [HOSTILE]: HOSTILE } },
    {
      name: 'exception',
      at: 2,
      attributes: { 'exception.type': HOSTILE, 'exception.message': HOSTILE, 'exception.stacktrace': HOSTILE },
    },
  ]
  return {
    id: TRACE,
    start,
    services: { [HOSTILE]: [{ id: SPAN, name: HOSTILE, at: 0, for: 50, failed: HOSTILE, attributes, events }] },
  }
}

/** A run of a tool by a coding agent, in a trace of its own. */
function hostileTool(start: bigint): GivenTrace {
  const attributes: Attributes = {
    'afn.llm.dialect': 'claude_code',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': HOSTILE,
    'gen_ai.skill.name': HOSTILE,
    'afn.agent.mcp_server.name': HOSTILE,
  }
  const span = { id: hex(0xbad2, 16), name: 'execute_tool', at: 0, for: 5, attributes }
  return { id: hex(0xbadd, 32), start, services: { 'claude-code': [span] } }
}

const VIEWS: Readonly<Record<string, string>> = {
  traces: '#/traces',
  'a query': `#/traces?q=${encodeURIComponent(HOSTILE)}`,
  trace: `#/trace/${TRACE}?span=${SPAN}`,
  calls: `#/trace/${TRACE}?tab=calls`,
  logs: `#/trace/${TRACE}?tab=logs`,
  'a trace that is none': `#/trace/${encodeURIComponent(HOSTILE)}`,
  sessions: '#/sessions',
  session: `#/session/conversation/${encodeURIComponent(HOSTILE)}`,
  cost: '#/cost?metric=calls',
  'coding agents': '#/agents?by=skill&measure=tools',
  quality: '#/quality?by=both',
  'quality of one': `#/quality?evaluation=${encodeURIComponent(HOSTILE)}&scale=none`,
  errors: '#/errors',
  overview: '#/overview',
  boards: '#/boards/afn-overview',
  'all logs': '#/logs',
  alerts: '#/alerts',
}

/** What is wider than the card that it stands in, and does not scroll there. */
const WIDER = `[...document.querySelectorAll('.panel *:not(.wide-table *)')].filter(one =>
  one.getBoundingClientRect().right > one.closest('.panel').getBoundingClientRect().right + 1).map(({ className }) => className)`

interface Look {
  /** Whether the hostile text is there to be seen: else nothing was tried. */
  readonly shown: boolean
  readonly pwned: unknown
  readonly elements: number
  readonly links: readonly string[]
}

const LOOK = `({
  shown: [document.body, ...[...document.querySelectorAll('*')].flatMap(one => one.shadowRoot ?? [])]
    .some(root => root.textContent.includes('globalThis.pwned')),
  pwned: globalThis.pwned,
  elements: document.querySelectorAll('body script, iframe, img, object, embed, base, form[action], [onerror], [onload]').length,
  links: [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))
    .filter(href => !['#/', 'api/v2/traces/'].some(start => href.startsWith(start))),
})`

describe.skipIf(!hasChromium)('what a sender wrote', () => {
  let browser: Browser
  let site: ExplorerSite

  beforeAll(async () => {
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    await site.send('traces', tracesRequest([hostileTrace(now - 5_000_000_000n), hostileTool(now - 4_000_000_000n)]))
    await site.send('logs', logsRequest(TRACE, SPAN, [{ time: now - 4_000_000_000n, severity: 17, body: HOSTILE }]))
    // what is wrong with a service's metric is said by the name of the service
    const ms = Number(now / 1_000_000n)
    const metrics = JSON.stringify(metricsUntil('SERVICE', ms - 60_000, ms, { ok: 10, failed: 0 }))
    const withoutEdge = metrics.replace('[0.5,2]', '[0.5,3]').replace('"SERVICE"', () => JSON.stringify(HOSTILE))
    await site.send('metrics', JSON.parse(withoutEdge))
    await site.waitForAlerts(({ problems }) => problems.length > 0)
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(Object.entries(VIEWS))('is text in %s', async (_, hash) => {
    const page = await browser.context.newPage()
    const refused: string[] = []
    page.on('console', message => /Content Security Policy/i.test(message.text()) && refused.push(message.text()))
    await page.goto(`${site.url}${hash}`)
    await page.waitForLoadState('networkidle')
    const looks: Look[] = []
    const folded = page.locator('[aria-expanded=false]:is(.json-fold, .group-line, .log-line)')
    const look = async () => {
      // whatever folds is opened
      await page.evaluate(`document.querySelectorAll('details').forEach(one => { one.open = true })`)
      while ((await folded.count()) > 0) await folded.first().click()
      await page.waitForLoadState('networkidle')
      looks.push((await page.evaluate(LOOK)) as Look)
    }
    await look()
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await look()
    }
    // a busy machine draws the answer after the network has come to rest
    const isShown = async () => {
      if (!looks.some(({ shown }) => shown)) await look()
      return looks.some(({ shown }) => shown)
    }
    await expect.poll(isShown, { timeout: 20_000 }).toBe(true)
    expect(looks.map(({ shown, ...rest }) => rest)).toEqual(
      looks.map(() => ({ pwned: undefined, elements: 0, links: [] })),
    )
    expect(refused).toEqual([])
    expect(await page.evaluate(WIDER)).toEqual([])
    await page.close()
  })

  it('could not become markup even if the page tried', async () => {
    const page = await browser.context.newPage()
    await page.goto(site.url)
    await expect(page.evaluate("document.body.innerHTML = '<b>x</b>'")).rejects.toThrow(/TrustedHTML/)
    await page.close()
  })

  it('is shown as it was written', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${site.url}#/trace/${TRACE}?span=${SPAN}`)
    await page.locator('.detail-head h3').waitFor()
    expect(await page.locator('.detail-head h3').textContent()).toContain('<script>globalThis.pwned = 1</script>')
    await page.getByRole('tab', { name: /Attributes/ }).click()
    const row = (key: string) => page.locator('.attributes tr').filter({ has: page.locator('th', { hasText: key }) })
    expect(await row('url.full').locator('td').first().textContent()).toBe('javascript:globalThis.pwned=4')
    await page.close()
  })

  it('says where a character turns the direction, and shows a megabyte in part until the reader wants all of it', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${site.url}#/trace/${TRACE}?span=${SPAN}`)
    await page.getByRole('tab', { name: /Attributes/ }).click()
    const value = (key: string) =>
      page
        .locator('.attributes tr')
        .filter({ has: page.locator('th', { hasText: key }) })
        .locator('td')
        .first()
    expect(await value('a.turned').textContent()).toBe('invoiceU+202Egpj.exe')
    expect((await value('a.megabyte').textContent())!.length).toBeLessThan(5_000)
    await value('a.megabyte').getByRole('button').click()
    expect((await value('a.megabyte').textContent())!.length).toBe(1_000_000)
    await page.close()
  })
})
