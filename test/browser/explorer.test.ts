// The explorer as an engineer uses it: in Chromium, on the real server, with traces sent over OTLP.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { hex, logsRequest, tracesRequest } from './explorer/data'
import { AGENT_TRACE, shop } from './explorer/shop'
import { type ExplorerSite, startExplorer } from './explorer/site'

const ANSWER = hex(0xb7, 16)

describe.skipIf(!hasChromium)('the explorer', () => {
  let browser: Browser
  let site: ExplorerSite
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    site = await startExplorer()
    const now = BigInt(Date.now()) * 1_000_000n
    await site.send('traces', tracesRequest(shop(now)))
    await site.send(
      'logs',
      logsRequest(AGENT_TRACE, ANSWER, [{ time: now, severity: 13, body: 'overloaded, trying again' }]),
    )
    browser = await startChromium()
    page = await browser.context.newPage()
    page.on('pageerror', error => problems.push(error.message))
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    expect(problems).toEqual([])
  })

  const open = async (hash: string) => {
    await page.goto('about:blank')
    await page.goto(`${site.url}${hash}`)
  }
  const rows = () => page.getByRole('table', { name: 'Traces' }).locator('tbody tr:not(.spacer)')
  const query = () => page.getByRole('textbox', { name: 'Search: trace ID, words or TraceQL' })
  const hash = () => page.evaluate("decodeURIComponent(location.hash.replaceAll('+', ' '))") as Promise<string>
  const ask = async (text: string) => {
    await query().fill(text)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Run' }).click()
  }

  describe('the list', () => {
    it('shows what each trace is, took and cost', async () => {
      await open('#/traces')
      const row = rows().filter({ has: page.locator(`a[href*="a9e47"]`) })
      await row.waitFor()
      const cells = await row.getByRole('cell').allInnerTexts()
      expect(cells.slice(1)).toEqual([
        expect.stringMatching(/^Ask a question\s*.*order 1234/s),
        '6.4 s',
        '$0.0205',
        '1',
        'shop-web',
        '9,550',
        'claude-sonnet-4-5',
        '9',
        'errors',
        'user-1',
      ])
      expect(await page.getByRole('status').innerText()).toBe('41 traces')
    })

    it('has room for fewer than 18 traces in the window of a laptop, or hides what they cost', async () => {
      const places = () =>
        page.evaluate(`(() => {
          const box = document.querySelector('.traces .scroll').getBoundingClientRect()
          const rows = [...document.querySelectorAll('.traces-table tbody tr:not(.spacer)')].map(row => row.getBoundingClientRect())
          const cost = [...document.querySelectorAll('.traces-table th')].find(head => head.textContent === 'Cost')
          const { left, right } = cost.getBoundingClientRect()
          return {
            whole: rows.filter(({ top, bottom }) => top >= box.top && bottom <= box.bottom + 1).length,
            cost: left >= box.left && right <= box.right,
          }
        })()`) as Promise<{ whole: number; cost: boolean }>
      await page.setViewportSize({ width: 1_280, height: 800 })
      await open('#/traces')
      await rows().first().waitFor()
      await page.getByRole('complementary', { name: 'Filter' }).getByRole('link', { name: 'claude' }).waitFor()
      await page.locator('.volume canvas').waitFor()
      const { whole, cost } = await places()
      expect(whole).toBeGreaterThanOrEqual(18)
      expect(cost).toBe(true)
      // with a box in the heatmap there are still some, and the cost at 480 pixels too
      await open('#/traces?chart=duration')
      const cells = page.getByRole('application', { name: 'Heatmap: duration of spans over time' })
      await cells.press('Shift+ArrowLeft')
      await cells.press('Enter')
      await page.getByRole('region', { name: 'What is different in the box' }).getByRole('row').nth(3).waitFor()
      expect((await places()).whole).toBeGreaterThanOrEqual(6)
      await page.setViewportSize({ width: 480, height: 800 })
      expect((await places()).cost).toBe(true)
      await page.setViewportSize({ width: 1_280, height: 720 })
    })

    it('folds the filters away for good', async () => {
      await open('#/traces')
      const filters = page.getByRole('complementary', { name: 'Filter' })
      await filters.getByRole('link').first().waitFor()
      await page.getByRole('button', { name: 'Filter' }).press('Enter')
      await filters.waitFor({ state: 'detached' })
      await page.reload()
      await rows().first().waitFor()
      expect(await filters.count()).toBe(0)
      await page.getByRole('button', { name: 'Filter' }).press('Enter')
      await filters.getByRole('link').first().waitFor()
    })

    it('says nothing of the step that is not over yet, or says it as if it were', async () => {
      await open('#/traces?range=3d')
      const legend = page.locator('.volume .chart-at')
      await legend.getByText('Hatched: still running').waitFor()
      const numbers = (await legend.innerText())
        .match(/(?:Failed|Others) (\d+)/g)!
        .map(text => Number(/\d+/.exec(text)))
      const spans = shop(0n).flatMap(({ services }) => Object.values(services).flat()).length
      expect(numbers.reduce((a, b) => a + b)).toBe(spans)
    })

    it('is walked with j and k, and opens and leaves a trace with Enter and Escape', async () => {
      await open('#/traces')
      await rows().first().waitFor()
      for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key)
      const link = await page.locator('tr.selected a').getAttribute('href')
      await page.keyboard.press('Enter')
      await page.getByRole('tree').waitFor()
      expect(await page.evaluate('location.hash')).toBe(link)
      await page.keyboard.press('Escape')
      await rows().first().waitFor()
    })

    it('sorts by a column, largest first and smallest first', async () => {
      await open('#/traces')
      await page.getByRole('button', { name: 'Duration' }).click()
      await rows().first().filter({ hasText: '6.4 s' }).waitFor()
      await page.getByRole('button', { name: 'Duration' }).click()
      await rows().first().filter({ hasNotText: '6.4 s' }).waitFor()
    })

    it('answers a query, which the address keeps', async () => {
      await open('#/traces')
      await rows().first().waitFor()
      await ask('{ span.gen_ai.provider.name = "mistral_ai" && status != error }')
      await page.getByText('13 traces', { exact: true }).waitFor()
      expect(await hash()).toContain('{ span.gen_ai.provider.name = "mistral_ai" && status != error }')
      await page.reload()
      await page.getByText('13 traces', { exact: true }).waitFor()
      expect(await query().innerText()).toContain('mistral_ai')
    })

    it('shows what the query selected', async () => {
      await open(
        `#/traces?q=${encodeURIComponent('{ span.gen_ai.usage.input_tokens > 4500 } | select(span.gen_ai.usage.output_tokens)')}`,
      )
      await page.getByRole('columnheader', { name: 'Found' }).waitFor()
      expect(await rows().first().innerText()).toContain('gen_ai.usage.output_tokens=640')
    })

    it('says in the server’s words what is wrong with a query', async () => {
      await open(`#/traces?q=${encodeURIComponent('{ nonsense here }')}`)
      await page.getByRole('alert').waitFor()
      expect(await page.getByRole('alert').innerText()).toMatch(/Invalid query[\s\S]*nonsense[\s\S]*\^/)
    })

    it('says so of a query that is followed live, too', async () => {
      await open(`#/traces?live=1&q=${encodeURIComponent('{ nonsense here }')}`)
      await page.getByRole('alert').waitFor()
      expect(await page.getByRole('alert').innerText()).toMatch(/Invalid query[\s\S]*nonsense/)
    })

    it('opens the trace whose id is pasted, however it is written', async () => {
      for (const text of [AGENT_TRACE, ` ${AGENT_TRACE.toUpperCase()} `, `00-${AGENT_TRACE}-${ANSWER}-01`]) {
        await open('#/traces')
        await rows().first().waitFor()
        await ask(text)
        await page.getByRole('treeitem').first().waitFor()
        expect(await hash()).toContain(`#/trace/${AGENT_TRACE}`)
      }
    })

    it('finds plain words in names, errors, prompts and answers, and shows the TraceQL that it made of them', async () => {
      const traces = shop(0n).map(trace => JSON.stringify(trace.services).toLowerCase())
      for (const words of [
        ['rate', 'limit'],
        ['blue jacket'],
        ['注文した商品'],
        ['find_order'],
        ['my order', 'mistral'],
      ]) {
        const count = traces.filter(text => words.every(word => text.includes(word))).length
        await open('#/traces')
        await rows().first().waitFor()
        await ask(words.map(word => `"${word}"`).join(' '))
        await page.getByText(`${count} ${count === 1 ? 'trace' : 'traces'}`, { exact: true }).waitFor()
      }
      expect(await rows().first().locator('mark').allInnerTexts()).toEqual(['my order', 'mistral'])
      // the filters go on, and the words stay words
      const route = page.getByRole('region', { name: 'Status code' }).getByRole('listitem').filter({ hasText: '200' })
      const [, number] = /(\d+)$/.exec(await route.innerText()) ?? []
      await route.getByRole('link').click()
      await page.getByText(`${number} traces`, { exact: true }).waitFor()
      await expect.poll(() => query().innerText()).toBe('"my order" "mistral" { span.http.response.status_code = 200 }')
      await page.getByRole('link', { name: 'Show as TraceQL' }).click()
      await expect.poll(() => query().innerText()).toContain('span.gen_ai.input.messages =~')
      await page.getByRole('link', { name: 'Show as TraceQL' }).waitFor({ state: 'detached' })
    }, 240_000)

    it('has no filter for whoever knows no TraceQL, or one whose number is another than that of its list', async () => {
      await open('#/traces')
      const facet = page.getByRole('region', { name: 'Model' }).getByRole('listitem').filter({ hasText: 'claude' })
      const [, number] = /(\d+)$/.exec(await facet.innerText()) ?? []
      await facet.getByRole('link').click()
      await page.getByText(`${number} traces`, { exact: true }).waitFor()
      await expect.poll(() => query().innerText()).toBe('{ span.gen_ai.request.model = "claude-sonnet-4-5" }')
      await page.getByRole('region', { name: 'Status', exact: true }).getByRole('link', { name: 'error' }).click()
      await expect
        .poll(() => query().innerText())
        .toBe('{ span.gen_ai.request.model = "claude-sonnet-4-5" && status = error }')
    }, 240_000)

    it('draws a box of slow traces that says nothing of them, by the pointer or by keys', async () => {
      await open('#/traces?chart=duration')
      const cells = page.getByRole('application', { name: 'Heatmap: duration of spans over time' })
      const { x, y, width, height } = (await cells.boundingBox())!
      await page.mouse.move(x + 1, y + 1)
      await page.mouse.down()
      await page.mouse.move(x + width - 1, y + height / 2)
      await page.mouse.up()
      const box = page.getByRole('region', { name: 'What is different in the box' })
      // the bins and compare() count the same spans
      const counted = async () => /: ([\d,]+) spans?/.exec(await page.locator('#heatmap-box').innerText())?.[1]
      await box.getByRole('columnheader', { name: `In the box (${await counted()})` }).waitFor()
      await page.screenshot({ path: 'test/browser/screenshots/heatmap-box-light-en.png' })
      await cells.press('Escape')
      await box.waitFor({ state: 'detached' })
      for (const key of ['ArrowUp', 'Shift+ArrowDown', 'Shift+ArrowDown', ...new Array(121).fill('Shift+ArrowLeft')])
        await cells.press(key)
      await cells.press('Enter')
      await box.getByRole('columnheader', { name: `In the box (${await counted()})` }).waitFor()
      const [axeSource, rules] = [
        (await import('axe-core')).source,
        'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
      ]
      await page.evaluate(axeSource)
      expect(await page.evaluate(rules)).toEqual([])
      await box.getByRole('row').nth(1).getByRole('link').click()
      expect(await hash()).toMatch(/^#\/traces\?chart=duration&q=\{ .+ = .+ \}$/)
    })

    it('takes a condition without its braces for TraceQL', async () => {
      await open('#/traces')
      await rows().first().waitFor()
      await ask('span.gen_ai.provider.name = "mistral_ai" && status != error')
      await page.getByText('13 traces', { exact: true }).waitFor()
    })

    it('sends a newcomer to another port than the one that takes OTLP here', async () => {
      await open('#/traces?from=1000&to=2000')
      await page.getByText('No traces in this time range').waitFor()
      // the port is free, so it is not the usual one
      expect(await page.locator('.command').innerText()).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${site.otlp} `)
    })
  })

  describe('the query box', () => {
    it('is where / leads, and suggests names and values that the store has', async () => {
      await open('#/traces')
      await rows().first().waitFor()
      await page.keyboard.press('/')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('{ span.gen_ai.req')
      const options = page.getByRole('listbox', { name: 'Completions' }).getByRole('option')
      await options.filter({ hasText: 'gen_ai.request.model' }).first().click()
      await page.keyboard.type(' = ')
      await options.filter({ hasText: 'gpt-5-mini' }).first().waitFor()
      await page.keyboard.type('"gpt')
      await expect.poll(() => options.allInnerTexts()).toEqual(['gpt-5-mini'])
      await page.keyboard.press('Tab')
      await expect.poll(() => query().innerText()).toBe('{ span.gen_ai.request.model = "gpt-5-mini"')
    })

    it('lets the catalogue stay open after Escape', async () => {
      await open('#/traces')
      await page.getByRole('button', { name: 'Queries' }).click()
      await page.locator('.question').first().waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.questions').waitFor({ state: 'detached' })
    })

    it('brings back earlier queries', async () => {
      await open('#/traces')
      await rows().first().waitFor()
      await ask('{ status = error }')
      await ask('{ name = "SELECT orders" }')
      await query().focus()
      await page.keyboard.press('Alt+ArrowUp')
      await page.keyboard.press('Alt+ArrowUp')
      expect(await query().innerText()).toBe('{ status = error }')
    })

    it('offers the catalogue, with a value for each parameter', async () => {
      await open('#/traces')
      await page.getByRole('button', { name: 'Queries' }).click()
      const question = page.locator('.question').filter({ hasText: 'Slow chats by model' })
      await question.getByRole('button', { name: /parameters/ }).click()
      await question.getByLabel('over').fill('soon')
      expect(await question.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true)
      await question.getByLabel('over').fill('3s')
      await question.getByRole('button', { name: 'Run' }).click()
      await page.getByText('1 trace', { exact: true }).waitFor()
      expect(await query().innerText()).toContain('duration > 3s')
    })
  })

  describe('a query that reckons', () => {
    const rate = '{ span.gen_ai.operation.name = "chat" } | count_over_time() by (span.gen_ai.request.model)'

    it('is a chart and a table, over time or as one value', async () => {
      await open(`#/traces?q=${encodeURIComponent(rate)}`)
      await page.locator('.u-over').waitFor()
      const table = page.getByRole('table')
      expect(await table.innerText()).toContain('mistral-large-2411')
      await page.getByRole('link', { name: 'Single value' }).click()
      await page.getByRole('columnheader', { name: 'Value' }).waitFor()
      // 14 requests and the agent's three calls
      await expect.poll(() => table.getByRole('row').nth(1).innerText()).toMatch(/claude-sonnet-4-5\s+16/)
    })
  })

  describe('a trace', () => {
    it('is a tree over time that keys fold and walk', async () => {
      await open(`#/trace/${AGENT_TRACE}`)
      const items = page.getByRole('treeitem')
      await items.first().waitFor()
      expect(await items.count()).toBe(9)
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.keyboard.press('ArrowLeft')
      expect(await items.count()).toBe(2)
      await page.keyboard.press('ArrowRight')
      expect(await items.count()).toBe(9)
      expect(await hash()).toContain(`span=${hex(0xb1, 16)}`)
    })

    it('finds spans by a text in them', async () => {
      await open(`#/trace/${AGENT_TRACE}`)
      await page.getByRole('treeitem').first().waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('postgres')
      await page.getByText('1 span found').waitFor()
      await page.getByTitle('Found in db.system.name').waitFor()
      await page.getByRole('button', { name: 'Next match' }).click()
      await page.locator('.detail').waitFor()
      expect(await hash()).toContain(`span=${hex(0xb6, 16)}`)
    })

    it('says why it is kept, and until when', async () => {
      await open(`#/trace/${AGENT_TRACE}`)
      await page.locator('.kept').waitFor()
      expect(await page.locator('.kept').innerText()).toMatch(/errors[\s\S]*contains an error[\s\S]*slow[\s\S]*until/)
    })

    it('finds spans by a text, and Escape leaves the box and not the trace', async () => {
      await open(`#/trace/${AGENT_TRACE}`)
      await page.getByRole('treeitem').first().waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('find_order')
      await page.getByText(/^\d+ spans? found$/).waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('j')
      await page.locator('[role=treeitem][aria-selected=true]').waitFor()
      expect(await hash()).toContain(`#/trace/${AGENT_TRACE}?span=`)
    })

    it('shows a span’s attributes, searches them, and adds one to the query', async () => {
      await open(`#/trace/${AGENT_TRACE}?span=${ANSWER}`)
      await page.getByRole('tab', { name: /Attributes/ }).click()
      await page.getByRole('searchbox', { name: 'Filter attributes' }).fill('first_chunk')
      const row = page.locator('.attributes tr')
      expect(await row.count()).toBe(1)
      expect(await row.innerText()).toContain('double')
      await page.getByRole('link', { name: /to the query/ }).click()
      await page.getByText('1 trace', { exact: true }).waitFor()
      expect(await hash()).toContain('{ span.gen_ai.response.time_to_first_chunk = 0.82 }')
    })

    it('shows exceptions with their stack, links that lead on, and its logs', async () => {
      await open(`#/trace/${hex(5, 32)}?span=${hex(5 * 256 + 1, 16)}`)
      await page.getByRole('tab', { name: /Events/ }).click()
      expect(await page.locator('.stack').innerText()).toContain('at chat (/app/llm.js:41:11)')
      await open(`#/trace/${AGENT_TRACE}?span=${hex(0xb8, 16)}`)
      await page.getByRole('tab', { name: /Links/ }).click()
      await page.locator('.link-item a').click()
      await page.getByRole('treeitem').first().waitFor()
      expect(await hash()).toContain(`/trace/${hex(1, 32)}`)
      await open(`#/trace/${AGENT_TRACE}?tab=logs`)
      await page.getByText('overloaded, trying again').waitFor()
    })

    it('that is not here says so', async () => {
      await open(`#/trace/${hex(0xdead, 32)}`)
      await page.getByText('Trace not found').waitFor()
    })
  })

  it('a trace of twenty thousand spans is drawn as far as it is in sight', async () => {
    const id = hex(0xb16, 32)
    const child = (n: number) => ({
      id: hex(0xb160000 + n, 16),
      parent: hex(0xb160000, 16),
      name: `step ${n}`,
      at: n,
      for: 1,
    })
    const root = { id: hex(0xb160000, 16), name: 'a long job', at: 0, for: 20_001 }
    const spans = [root, ...Array.from({ length: 20_000 }, (_, n) => child(n + 1))]
    const start = BigInt(Date.now() - 7_200_000) * 1_000_000n
    await site.send('traces', tracesRequest([{ id, start, services: { jobs: spans } }]))
    await open(`#/trace/${id}?span=${hex(0xb160000 + 19_999, 16)}`)
    await page.getByRole('treeitem', { name: /step 19999/ }).waitFor()
    expect(await page.getByRole('treeitem').count()).toBeLessThan(100)
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'step 20000' }).waitFor()
  })

  describe('the LLM view', () => {
    it('shows tokens by kind, cost with its source, speed, score and finish', async () => {
      await open(`#/trace/${AGENT_TRACE}?span=${ANSWER}`)
      const detail = page.locator('.detail')
      await detail.waitFor()
      const text = await detail.innerText()
      for (const part of [
        'Cached input\n4,096',
        'Input\n424',
        'Output\n640',
        'genai-prices@0.1.8',
        '820 ms',
        '238.8',
        'helpfulness 0.92',
      ])
        expect(text.replace(/ +/g, ' ')).toContain(part.replace('\n', text.includes(part) ? '\n' : ' '))
      expect(await detail.locator('.token-bar').getAttribute('aria-label')).toBe(
        'Input 424, Cached input 4096, Output 640',
      )
    })

    it('shows messages by role, redaction as marks, tool calls with their arguments', async () => {
      await open(`#/trace/${AGENT_TRACE}?span=${ANSWER}`)
      const detail = page.locator('.detail')
      await detail.waitFor()
      expect(await detail.locator('.message > summary').allInnerTexts()).toEqual([
        'User',
        'Assistant · tool_call',
        'Tool',
        'Assistant',
      ])
      expect(await detail.locator('.mask').allInnerTexts()).toEqual(['NAME0123456789abcdef', 'EMAIL', 'EMAIL'])
      await detail.locator('.part.tool .json-fold').first().click()
      expect(await detail.locator('.part.tool').first().innerText()).toContain('order: 1234')
    })

    it('of a trace repeats in each call what the call before had', async () => {
      await open(`#/trace/${AGENT_TRACE}?tab=calls`)
      await page.getByText('2 earlier messages were sent again').waitFor()
      await page.getByText('System prompt changed since turn 3').waitFor()
      expect(await page.getByText('Where is order 1234?').count()).toBe(1)
    })

    it('folds a message without saying what is in it', async () => {
      await open(`#/trace/${AGENT_TRACE}?span=${ANSWER}`)
      const message = page.locator('.detail .message').first()
      await message.locator('summary').click()
      await message.locator('summary').filter({ hasText: 'order 1234' }).waitFor()
    })

    it('of a trace shows all calls in order', async () => {
      await open(`#/trace/${AGENT_TRACE}?tab=calls`)
      await page.locator('.call').first().waitFor()
      expect(await page.locator('.call h3 a').allInnerTexts()).toEqual([
        'invoke_agent order-desk',
        'chat claude-sonnet-4-5',
        'chat claude-sonnet-4-5',
        'execute_tool find_order',
        'chat claude-sonnet-4-5',
      ])
    })
  })

  describe('beyond one trace', () => {
    it('a conversation is read turn by turn, and leads to its traces', async () => {
      await open('#/sessions')
      await page.getByRole('link', { name: /talk-3/ }).click()
      await page.locator('.turn').first().waitFor()
      expect(await page.locator('.turn').count()).toBe(7)
      await page.getByRole('link', { name: 'Show traces' }).click()
      await page.getByText('7 traces', { exact: true }).waitFor()
    })

    it('a turn shows again what the turn before had, or a system prompt that changed without a mark', async () => {
      await open('#/session/conversation/talk-agent')
      const last = page.locator('.turn').nth(2)
      await last.getByText('2 earlier messages were sent again').click()
      await last.getByText('I need the state of the order first.').waitFor({ state: 'attached' })
      await last.getByText('System prompt changed since turn 2').waitFor()
      expect(await last.locator('del').innerText()).toContain('Never promise a date')
    })

    it('cost by model is a chart and a table that adds up', async () => {
      await open('#/cost')
      await page.locator('tfoot').waitFor()
      const texts = await page.locator('tbody tr td:nth-child(2)').allInnerTexts()
      const dollars = (text: string) => Number(/\$([\d.]+)/.exec(text)![1])
      const sum = texts.map(dollars).reduce((a, b) => a + b)
      expect(dollars(await page.locator('tfoot td').first().innerText())).toBeCloseTo(sum, 2)
      // a sum that leaves calls out says so, how many, and why
      expect(texts.filter(text => text.startsWith('≥ $'))).toHaveLength(2)
      const all = await page.locator('tfoot td').first().innerText()
      expect(all).toContain('2 unpriced')
      expect(all).toContain('2 of 43 calls unpriced (no price for the model: 2)')
      // as boards and budgets have it: a line for the name that was asked for, whatever date the answer's has
      expect(await page.locator('tbody tr').filter({ hasText: 'claude-sonnet-4-5' }).count()).toBe(1)
      await page.getByRole('link', { name: 'claude-sonnet-4-5', exact: true }).click()
      await page.getByText(/^\d+ traces$/).waitFor()
      await open('#/cost')
      await page.getByRole('link', { name: 'by user' }).click()
      await page.getByRole('link', { name: 'user-1' }).waitFor()
    })

    it('errors are groups with examples', async () => {
      await open('#/errors')
      await page.locator('.group-line').filter({ hasText: 'Rate limit reached' }).click()
      await page.getByRole('link', { name: 'Show all traces with this error' }).click()
      await page.getByText('4 traces', { exact: true }).waitFor()
      await open('#/errors')
      await page.locator('.group-line').filter({ hasText: 'Rate limit reached' }).click()
      await page.locator('.examples a').first().click()
      await page.getByRole('treeitem').first().waitFor()
    })

    it('an error hides its message and its users, or is found by no word', async () => {
      await open('#/errors')
      const line = page.locator('.group-line')
      await line
        .filter({ hasText: 'limit 500, used 500' })
        .filter({ hasText: /\d users/ })
        .waitFor()
      const before = await line.count()
      await page.keyboard.press('/')
      await page.keyboard.type('overloaded')
      await page.keyboard.press('Enter')
      await expect.poll(() => line.count()).toBeLessThan(before)
      expect(await line.locator('mark').allInnerTexts()).toContain('Overloaded')
      await page.getByRole('combobox', { name: 'Service' }).selectOption('shop-api')
      await expect.poll(hash).toBe('#/errors?q=overloaded&service=shop-api')
      await page.getByRole('searchbox').fill('nothing of the kind')
      await page.keyboard.press('Enter')
      await page.getByText('No matching errors').waitFor()
    })

    it('the overview has the figures of the range', async () => {
      await open('#/overview')
      await page.locator('.figure').first().waitFor()
      const figures = await page.locator('.figures').innerText()
      expect(figures).toMatch(/Traces\s+41/)
      expect(figures).toMatch(/LLM calls\s+43/)
      expect(figures).toMatch(/Errors\s+\d+\s+in \d+ traces \(/)
    })
  })

  it('asks nothing by itself, or forgets on the next visit that it was to', async () => {
    await open('#/overview')
    await page.locator('.figure').first().waitFor()
    await page.getByLabel('Auto-refresh').selectOption('10')
    await page.waitForRequest(request => request.url().includes('/api/afn/overview'), { timeout: 40_000 })
    await page.reload()
    expect(await page.getByLabel('Auto-refresh').inputValue()).toBe('10')
    await page.getByLabel('Auto-refresh').selectOption('0')
  })

  it('says when the server does not answer, and goes on when it does', async () => {
    await page.route('**/api/afn/overview*', route => route.abort())
    await open('#/overview')
    await page.getByText('The server is not responding').waitFor()
    await page.unroute('**/api/afn/overview*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.figure').first().waitFor()
  })

  describe('the page', () => {
    it('shows its keys on ?, and goes where they say', async () => {
      await open('#/traces?range=6h')
      await rows().first().waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('g')
      await page.keyboard.press('o')
      await page.locator('.figure').first().waitFor()
      expect(await hash()).toBe('#/overview?range=6h')
    })

    it('is Japanese and dark when the reader chooses so, also after a reload', async () => {
      await open('#/traces')
      await page.getByLabel('Language').selectOption('ja')
      await page.getByLabel('配色').selectOption('dark')
      await page.reload()
      await page.getByRole('heading', { name: 'トレース' }).waitFor()
      expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark')
      await page.evaluate('localStorage.clear()')
    })
  })

  it('keeps the list while it is live, and puts what comes in above it', async () => {
    await open('#/traces?live=1&from=1000&to=2000')
    await page.getByText('Waiting for traces…').waitFor()
    await open('#/traces?live=1')
    await rows().first().waitFor()
    const now = BigInt(Date.now()) * 1_000_000n
    const span = { id: hex(0xfee1, 16), name: 'just now', at: 0, for: 5 }
    await site.send('traces', tracesRequest([{ id: hex(0xfee1, 32), start: now, services: { live: [span] } }]))
    await rows().filter({ hasText: 'just now' }).waitFor()
    expect(await rows().nth(1).innerText()).toContain('Ask a question')
  })

  it('draws only the rows in sight, whatever the length of the list', async () => {
    const now = BigInt(Date.now()) * 1_000_000n
    const many = Array.from({ length: 450 }, (_, n) => ({
      id: hex(0xaa0000 + n, 32),
      start: now - BigInt(n) * 1_000_000n,
      services: { many: [{ id: hex(0xaa0000 + n, 16), name: `number ${n}`, at: 0, for: 5 }] },
    }))
    await site.send('traces', tracesRequest(many))
    await open(`#/traces?q=${encodeURIComponent('{ resource.service.name = "many" }')}`)
    await rows().first().waitFor()
    const toEnd = () => page.evaluate("document.querySelector('.traces-table').parentElement.scrollTo(0, 1e9)")
    await expect
      .poll(
        async () => {
          await toEnd()
          return page.getByRole('status').innerText()
        },
        { timeout: 20_000 },
      )
      .toBe('450 traces')
    await toEnd()
    await rows().filter({ hasText: 'number 449' }).waitFor()
    expect(await rows().count()).toBeLessThan(100)
  })

  it('forgets on the way back which rows there were, and where the reader was in them', async () => {
    await rows().filter({ hasText: 'number 449' }).getByRole('link').click()
    await page.getByRole('treeitem').first().waitFor()
    await page.goBack()
    await rows().filter({ hasText: 'number 449' }).waitFor()
    expect(await page.getByRole('status').innerText()).toBe('450 traces')
    // who comes by a link has the newest first
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: 'Traces', exact: true }).first().click()
    await rows().filter({ hasText: 'number 0' }).waitFor()
  })

  it('draws a ring around the whole page after a key', async () => {
    await open('#/overview')
    await page.locator('.figure').first().waitFor()
    await page.locator('#main').focus()
    await page.keyboard.press('x')
    expect(await page.evaluate("getComputedStyle(document.getElementById('main')).outlineStyle")).toBe('none')
  })
})
