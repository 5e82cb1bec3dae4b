// One trace over a page in Chromium, an app, an MCP server, a child process, a coding agent and a model provider, into a real `afn-otel up`; and each
// link removed in turn, which the explorer then names. The agent and the provider are stand-ins with telemetry of their own: neither
// has our package. Every other part is the packed one.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, request as forward, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BreaksAnswer } from '../../src/backend/api/break-answers'
import { type SpanNode, spanTree } from '../../src/shared/otlp/span-tree'
import type { TraceByIDResponse } from '../../src/shared/queries/tempo-api'
import { bundle } from '../browser/bundle'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { type RunningUp, startUp } from '../support/up'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const sdk = '@modelcontextprotocol/sdk'

/** Sends a span of somebody else's, as OTLP/JSON; shared by both stand-ins. */
const foreign = `
  const hex = bytes => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), byte => byte.toString(16).padStart(2, '0')).join('')
  export async function record({ service, name, kind, start, traceparent, attributes }) {
    const [, traceId = hex(16), parentSpanId] = traceparent?.split('-') ?? []
    const list = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))
    const times = { startTimeUnixNano: start + '000000', endTimeUnixNano: Date.now() + '000000' }
    const spans = [{ traceId, spanId: hex(8), parentSpanId, name, kind, ...times, attributes: list }]
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
    await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }`

const files = {
  'foreign.mjs': foreign,
  'app.mjs': `
    import { execFile, spawn } from 'node:child_process'
    import { once } from 'node:events'
    import { createServer } from 'node:http'
    import { withAgent } from '@afn/otel/api'
    import { context, propagation } from '@opentelemetry/api'
    import { Client } from '${sdk}/client/index.js'
    import { StdioClientTransport } from '${sdk}/client/stdio.js'
    const client = new Client({ name: 'shop', version: '1' })
    const env = { ...process.env, OTEL_SERVICE_NAME: 'tools' }
    await client.connect(new StdioClientTransport({ command: process.execPath, args: ['tools.mjs'], env }))
    const childEnv = (name, cut, more) => ({ ...process.env, ...(name === cut && { TRACEPARENT: '' }), ...more })
    createServer(async (request, response) => {
      const cut = request.url.slice('/ask/'.length)
      await withAgent('helper', async () => {
        await client.callTool({ name: 'weather', arguments: { cut } })
        await new Promise(done => execFile(process.execPath, ['job.mjs'], { env: childEnv('job', cut, { OTEL_SERVICE_NAME: 'job' }) }, done))
        const stdio = ['ignore', 'pipe', 'inherit']
        const agent = spawn(process.execPath, ['agent.mjs', '--output-format', 'stream-json', cut || 'whole'], { stdio, env: childEnv('agent', cut, { NODE_OPTIONS: '' }) })
        agent.stdout.resume()
        await once(agent, 'close')
        // OpenAI's requests have room for what an app wants to tell
        const metadata = {}
        if (cut !== 'provider') propagation.inject(context.active(), metadata)
        const body = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'hi' }], metadata })
        await (await fetch(process.env.PROVIDER + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()
      })
      response.end('done')
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
  // a link that is removed is one whose context is lost on the way
  'tools.mjs': `
    import { Transform } from 'node:stream'
    import { McpServer } from '${sdk}/server/mcp.js'
    import { StdioServerTransport } from '${sdk}/server/stdio.js'
    import { z } from 'zod'
    const mcp = new McpServer({ name: 'tools', version: '1' })
    mcp.registerTool('weather', { inputSchema: { cut: z.string() } }, async () => ({ content: [{ type: 'text', text: 'sun' }] }))
    const losing = new Transform({
      transform(chunk, _, done) {
        const line = chunk.toString()
        done(null, line.includes('"cut":"tools"') ? line.replace(/"traceparent":"[^"]*"/, '"lost":""') : line)
      },
    })
    mcp.connect(new StdioServerTransport(process.stdin.pipe(losing), process.stdout))`,
  'job.mjs': `
    import { withTool } from '@afn/otel/api'
    await withTool('report', async () => {})`,
  // says on stdout what Claude Code says there, and sends what it sends
  'agent.mjs': `
    import { record } from './foreign.mjs'
    const session_id = 'session of ' + process.argv.at(-1)
    const start = Date.now()
    const say = message => console.log(JSON.stringify({ session_id, ...message }))
    say({ type: 'system', subtype: 'init', claude_code_version: '2.1.333', model: 'claude-sonnet-5' })
    const traceparent = process.env.TRACEPARENT || undefined
    await record({ service: 'claude-code', name: 'claude_code.interaction', kind: 1, start, traceparent, attributes: { 'session.id': session_id } })
    say({ type: 'result', subtype: 'success', result: 'done', modelUsage: {} })`,
  'provider.mjs': `
    import { createServer } from 'node:http'
    import { record } from './foreign.mjs'
    createServer(async (request, response) => {
      const start = Date.now()
      const { metadata } = JSON.parse(Buffer.concat(await request.toArray()))
      const id = 'chatcmpl-' + crypto.randomUUID()
      await record({ service: 'provider', name: 'model run', kind: 2, start, traceparent: metadata.traceparent, attributes: { 'gen_ai.response.id': id } })
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }]
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ id, object: 'chat.completion', created: 1, model: 'gpt-5-mini', choices, usage }))
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
}

describe.skipIf(!hasChromium)('one trace', () => {
  let up: RunningUp
  let browser: Browser
  let page: Page
  let site: Server
  let origin: string
  const children: ChildProcess[] = []

  beforeAll(async () => {
    up = await startUp()
    const names = ['@opentelemetry/api', sdk, 'zod']
    const modules = Object.fromEntries(names.map(name => [name, path.join(peers, name)]))
    const folder = makeApp({ files, modules })
    async function start(file: string, env: Record<string, string>): Promise<number> {
      const child = spawn(process.execPath, [file], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env.PATH, HOME: folder, OTEL_EXPORTER_OTLP_ENDPOINT: up.otlp, ...env },
      })
      children.push(child)
      for await (const line of child.stdout!) return Number(line)
      throw new Error(`${file} has ended`)
    }
    const provider = await start('provider.mjs', {})
    const port = await start('app.mjs', {
      NODE_OPTIONS: '--import @afn/otel',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      PROVIDER: `http://127.0.0.1:${provider}`,
    })
    const scripts = await bundle('test/browser/pages/monitor.ts')
    // in front of the app, as a proxy that nobody traces: it has the page, and takes what the page records
    site = createServer((request, response) => {
      const { url = '', method, headers } = request
      const script = scripts.get(url)
      if (script !== undefined) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
      const to = url.startsWith('/api/otel')
        ? new URL(up.otlp + url.slice('/api/otel'.length))
        : new URL(`http://127.0.0.1:${port}${url}`)
      if (url === '/') {
        response.writeHead(200, { 'content-type': 'text/html' })
        return response.end(
          '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
        )
      }
      const { traceparent: _, origin: __, ...kept } = headers
      const passed = url === '/ask/page' ? kept : headers
      const onward = forward(
        to,
        { method, headers: url.startsWith('/api') ? { ...kept, host: to.host } : passed },
        answer => {
          response.writeHead(answer.statusCode!, answer.headers)
          answer.pipe(response)
        },
      )
      return request.pipe(onward)
    })
    await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    browser = await startChromium()
    page = await browser.context.newPage()
    await page.addInitScript(`globalThis.monitorOptions = { serviceName: 'shop-web' }`)
  })
  afterAll(async () => {
    for (const child of children) child.kill()
    await browser?.close()
    site?.closeAllConnections()
    site?.close()
    await up?.stop()
  })

  const json = async (path: string) => (await fetch(up.url + path)).json()

  /** @returns the trace of the page */
  async function asked(cut: string): Promise<string> {
    await page.goto(origin)
    await page.waitForFunction('globalThis.monitor')
    expect(await page.evaluate(`fetch('/ask/${cut}').then(answer => answer.text())`)).toBe('done')
    // what is left sends
    await page.goto('about:blank')
    const q = encodeURIComponent(`{ resource.service.name = "shop-web" && span.url.full =~ ".*/ask/${cut}" }`)
    for (let tries = 0; tries < 200; tries++) {
      const { traces = [] } = await json(`/api/search?q=${q}`)
      if (traces.length > 0) return traces[0].traceID.padStart(32, '0')
      await new Promise(done => setTimeout(done, 100))
    }
    throw new Error('the page has sent nothing')
  }

  async function servicesOf(trace: string): Promise<string[]> {
    const { trace: found } = (await json(`/api/v2/traces/${trace}`)) as TraceByIDResponse
    const services = spanTree(found).flatMap(function all({ service, children }: SpanNode): string[] {
      return [service, ...children.flatMap(all)]
    })
    return [...new Set(services)].toSorted()
  }

  const everybody = ['claude-code', 'job', 'provider', 'shop', 'shop-web', 'tools']

  it('goes through all six, and has no break', async () => {
    const trace = await asked('')
    await expect.poll(() => servicesOf(trace), { timeout: 20_000 }).toEqual(everybody)
    expect(await json(`/api/afn/traces/${trace}/breaks`)).toEqual({ breaks: [] })
    await page.goto(`${up.url}/#/trace/${trace}`)
    await page.locator('.wf-row').first().waitFor()
    expect(await page.locator('.wf-break').count()).toBe(0)
  })

  it.each([
    ['page', 'http', 'shop-web', 'shop'],
    ['tools', 'mcp', 'shop', 'tools'],
    ['job', 'process', 'shop', 'job'],
    ['agent', 'session', 'shop', 'claude-code'],
    ['provider', 'response', 'shop', 'provider'],
  ])(
    'is two where the context is lost on the way from or to the %s, and the explorer says where',
    async (cut, kind, caller, callee) => {
      const fromPage = await asked(cut)
      const breaksOf = async () => ((await json(`/api/afn/traces/${fromPage}/breaks`)) as BreaksAnswer).breaks
      await expect.poll(async () => (await breaksOf()).length, { timeout: 20_000 }).toBe(1)
      const [found] = await breaksOf()
      expect(found).toMatchObject({ kind, caller: { traceId: fromPage, service: caller }, callee: { service: callee } })
      const other = found!.callee.traceId
      await expect
        .poll(async () => [...(await servicesOf(fromPage)), ...(await servicesOf(other))].toSorted(), {
          timeout: 20_000,
        })
        .toEqual(everybody)

      await page.goto(`${up.url}/#/trace/${fromPage}`)
      const link = page.locator('.wf-break')
      await link.waitFor()
      expect(await link.allTextContents()).toEqual(['Another trace begins here; nobody passed the context'])
      await link.click()
      await page.waitForURL(new RegExp(other))
      await page
        .locator('.wf-break', { hasText: 'Called from another trace; nobody passed the context' })
        .first()
        .waitFor()

      const { stdout } = await up.command(['trace', fromPage])
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Called: trace ${other}`)
    },
  )
})
