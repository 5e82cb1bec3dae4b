// Options that are wrong: one line in the console says which and what they have to be, and the page runs on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from './chromium'
import { type MonitoredSite, startMonitoredSite } from './monitored-site'

describe.skipIf(!hasChromium)('options', () => {
  let browser: Browser
  let site: MonitoredSite
  beforeAll(async () => {
    browser = await startChromium()
    site = await startMonitoredSite()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** @param options as the page's script would write them */
  async function linesFor(options: string): Promise<{ lines: string[]; named: string[] }> {
    const page = await browser.context.newPage()
    const lines: string[] = []
    page.on('console', message => lines.push(message.text()))
    page.on('pageerror', error => lines.push(`uncaught ${error.message}`))
    await page.addInitScript(`globalThis.monitorOptions = ${options}`)
    await page.goto(site.url)
    // the app's own work goes on, and calls of the monitor do no harm
    await page.evaluate(`monitor.recordCustomEvent('saved'); fetch('/other').then(answer => answer.text())`)
    await page.evaluate('monitor.flush()')
    // the lazy part prints what is wrong, and was asked for before this
    await page.evaluate("import('/nothing.js').catch(() => {})")
    await page.waitForTimeout(200)
    const requested = await page.evaluate<string[]>("performance.getEntriesByType('resource').map(({ name }) => name)")
    await page.close()
    return {
      lines: lines.filter(line => !/nothing\\.js|MIME type/.test(line)),
      named: requested.filter(name => /(?:suppression|older)/.test(name)),
    }
  }

  it.each([
    'undefined',
    'null',
    '{}',
    "{ endpoint: '/api/otel', serviceName: 'shop', serviceVersion: '1', environment: 'test', buildId: 'b', headers: { 'x-key': 'k' } }",
    "{ endpoint: location.origin + '/api/otel/', attributes: { team: 'web' }, sampleRate: 1, consent: true, propagateTo: ['https://api.example.com', 'http://h:8080'] }",
    '{ sampleRate: 0, propagateTo: [], serviceName: undefined }',
    '{ sampleRate: 0.25 }',
    '{ sampleRate: 1e-7 }',
  ])('%s: nothing is said, and no chunk is loaded for it', async options => {
    expect(await linesFor(options)).toEqual({ lines: [], named: [] })
  })

  it.each([
    ["{ sampleRate: 'half' }", 'sampleRate must be a number from 0 to 1, and is "half"'],
    ['{ sampleRate: NaN }', 'sampleRate must be a number from 0 to 1, and is NaN'],
    ['{ sampleRate: 20 }', 'sampleRate must be a number from 0 to 1, and is 20'],
    ['{ sampleRate: -1 }', 'sampleRate must be a number from 0 to 1, and is -1'],
    ["{ consent: 'false' }", 'consent must be true or false, and is "false"'],
    ['{ serviceName: 5 }', 'serviceName must be a text, and is 5'],
    ['{ buildId: null }', 'buildId must be a text, and is null'],
    ["{ headers: 'authorization: secret' }", 'headers must be an object, and is of type string'],
    ["{ propagateTo: 'https://api.example.com' }", 'propagateTo must be a list of origins'],
    ["{ propagateTo: ['https://api.example.com/'] }", 'and is ["https://api.example.com/"]'],
    ['{ propagateTo: null }', 'propagateTo must be a list of origins'],
    [
      "{ endpoint: 'localhost:4318' }",
      'endpoint must be a URL of http or https, or a path such as /api/otel, and is "localhost:4318"',
    ],
    ["{ endpoint: 'ftp://h/x' }", 'endpoint must be a URL of http or https'],
    ['{ endpoint: 8080 }', 'endpoint must be a URL of http or https'],
    ["{ sampelRate: 1, apiKey: 'k' }", 'no option: sampelRate, apiKey; there are endpoint, headers, serviceName'],
    ["'production'", 'no option: 0, 1, 2'],
    [
      '{ sampleRate: 2, consent: 1, foo: () => 1 }',
      'sampleRate must be a number from 0 to 1, and is 2; consent must be true or false, and is 1; no option: foo; there are',
    ],
  ])('%s: %s', async (options, text) => {
    const { lines } = await linesFor(options)
    const ours = lines.filter(said => said.includes('AFN184'))
    const [line] = ours
    expect(ours.length, lines.join('\n')).toBe(1)
    expect(line).toMatch(/^\[@afn\/otel\] AFN184 /)
    expect(line).toContain(text)
    expect(lines.join()).not.toMatch(/uncaught|secret/)
  })

  it.each(["{ endpoint: 'http://' }", "{ endpoint: 'http://h:port' }"])(
    '%s: there is nowhere to send to',
    async options => {
      const { lines } = await linesFor(options)
      expect(
        lines.some(line => /AFN18[14].*URL/.test(line)),
        lines.join('\n'),
      ).toBe(true)
      expect(lines.join()).not.toContain('uncaught')
    },
  )

  it.each(['{ headers: Object.create(null) }', '{ foo: Symbol() }', '{ get foo() { throw new Error() } }', '7'])(
    '%s: nothing is thrown',
    async options => {
      const { lines } = await linesFor(options)
      expect(lines.every(line => line.startsWith('[@afn/otel]'))).toBe(true)
    },
  )

  it('what is no consent records nothing', async () => {
    const before = site.named('saved').length
    await linesFor("{ consent: 'yes' }")
    expect(site.named('saved').length).toBe(before)
    await linesFor('{ consent: true }')
    expect(site.named('saved').length).toBe(before + 1)
  })
})
