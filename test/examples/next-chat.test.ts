// examples/next-chat as a stranger makes it, in a real Chromium, held against what it exports: one trace from the click to the
// tokens, and nothing of what was typed.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, hasChromium, startChromium } from '../browser/chromium'
import { freePorts } from '../support/ports'
import { type ReceivedSpan, type Receiver, startReceiver } from '../support/receiver'
import { type Child, startChild } from './child'
import { installed } from './installed'

/** Of shapes that detectors know, and of none. */
const TYPED = ['hannah.meier@example.org', '4242 4242 4242 4242', 'sk-proj-Zk3mQ8vT1xW5cR7nB2yL9pD4', 'zirconium-otter']
const ANSWER = 'Take the Keihan line to Gion-Shijo; from there it is a walk of five minutes along the canal.'

/** Holds the bytes of the scripts that the page has without the monitor. */
const WITHOUT = '.afn-bytes-without'

const scriptsOf = (folder: string): string[] => {
  const place = path.join(folder, '.next/static')
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
  return files.map(file => readFileSync(path.join(place, file), 'utf8'))
}
const gzipped = (texts: string[]) => texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0)

function withAndWithout(folder: string, npm: (...args: string[]) => void): void {
  const monitor = path.join(folder, 'instrumentation-client.ts')
  renameSync(monitor, `${monitor}.off`)
  npm('run', 'build')
  writeFileSync(path.join(folder, WITHOUT), `${gzipped(scriptsOf(folder))}`)
  renameSync(`${monitor}.off`, monitor)
  npm('run', 'build')
}

describe.skipIf(!hasChromium)('examples/next-chat', () => {
  let folder: string
  let receiver: Receiver
  let replay: Child
  let next: Child
  let browser: Browser
  let url: string
  let meta: string | null
  let serverTiming: string | undefined
  let health: { status: string; telemetry: { state: string; diagnostics: string[] } }
  let trace: ReceivedSpan[]
  let failed: ReceivedSpan[]

  beforeAll(async () => {
    folder = installed('next-chat', withAndWithout)
    receiver = await startReceiver()
    const [replayPort, port] = await freePorts(2)
    replay = await startChild(folder, ['replay.mjs'], { PORT: `${replayPort}` }, /stands in/)
    const env = {
      NEXT_TELEMETRY_DISABLED: '1',
      OPENAI_BASE_URL: `http://127.0.0.1:${replayPort}/v1`,
      OPENAI_API_KEY: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    }
    const args = ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', `${port}`]
    next = await startChild(folder, args, env, /Ready in/)
    url = `http://127.0.0.1:${port}`

    browser = await startChromium()
    const page = await browser.context.newPage()
    const late = page.waitForResponse(response => response.url().startsWith(`${url}/api/otel/v1/logs`))
    serverTiming = (await page.goto(url))?.headers()['server-timing']
    meta = await page.getAttribute('meta[name=traceparent]', 'content')
    // what was recorded at the load leaves after five seconds; by then the lazy features are there
    await late
    await page.fill('input', `My data: ${TYPED.join(', ')}`)
    await page.click('button')
    await page.waitForFunction(answer => document.querySelector('ol')?.textContent?.endsWith(answer), ANSWER)
    await page.waitForSelector('button:enabled')
    health = await (await fetch(`${url}/api/health`)).json()
    await replay.stop()
    await page.fill('input', 'And back?')
    await page.click('button')
    await page.waitForSelector('text=No answer came')
    // the page is left: what it has not sent yet, it sends now
    await page.goto('about:blank')
    const clicks = () => receiver.spans().filter(({ name }) => name.startsWith('click '))
    const click = () => clicks()[0]
    const ofClick = (n: number) => receiver.spans().filter(({ traceId }) => traceId === clicks()[n]?.traceId)
    const known = (name: string, by: Receiver) =>
      by.logs().some(({ eventName, traceId }) => eventName === name && traceId === click()?.traceId)
    await receiver.until(
      by =>
        [0, 1].every(n => ofClick(n).some(({ name }) => name === 'POST /api/chat')) &&
        known('browser.user_action.click', by) &&
        known('afn.stream', by),
    )
    await next.stop()
    trace = ofClick(0)
    failed = ofClick(1)
  }, 300_000)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([next?.stop(), replay?.stop()])
    await receiver?.close()
  })

  const one = (what: (span: ReceivedSpan) => boolean): ReceivedSpan => {
    const [found, ...more] = trace.filter(what)
    if (!found || more.length > 0) throw new Error(`${more.length} more, of ${trace.map(({ name }) => name)}`)
    return found
  }
  /** From the span up to the root. */
  const pathOf = (span: ReceivedSpan): ReceivedSpan[] => {
    const parent = trace.find(({ spanId }) => spanId === span.parentSpanId)
    return parent ? [span, ...pathOf(parent)] : [span]
  }

  it('is one trace from the click to the model', () => {
    const llm = one(({ scope }) => scope === '@afn/otel/llm')
    const names = pathOf(llm).map(({ name, kind, resource }) => `${resource['service.name']} ${kind} ${name}`)
    expect(names).toEqual([
      'next-chat-example 3 chat gpt-5-mini',
      'next-chat-example 1 executing api route (app) /api/chat',
      'next-chat-example 2 POST /api/chat',
      'next-chat-example 2 POST',
      'next-chat-web 3 POST',
      'next-chat-web 1 click html>body>main>form>button',
    ])
    expect(pathOf(llm).at(-1)?.parentSpanId).toBe('')
    const middleware = one(({ name }) => name === 'middleware POST')
    expect(pathOf(middleware).map(({ name }) => name)).toEqual([
      'middleware POST',
      'POST',
      'POST',
      names.at(-1)?.slice(16),
    ])
    // no request is recorded twice: neither by us nor by Next.js
    expect(trace.filter(({ kind }) => kind === 3)).toHaveLength(2)
  })

  it('knows tokens, cost and the time to the first token, of the server and of the person', () => {
    expect(one(({ scope }) => scope === '@afn/otel/llm').attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
      'gen_ai.usage.input_tokens': 31,
      'gen_ai.usage.output_tokens': 23,
      'afn.llm.usage.source': 'provider',
      'afn.llm.cost.currency': 'USD',
      'afn.llm.cost.total': expect.closeTo(0.00005375, 10),
      'afn.llm.time_to_first_chunk_ms': expect.any(Number),
    })
    const request = one(({ kind, scope }) => kind === 3 && scope === '@afn/otel/browser')
    const [stream] = receiver.logs().filter(({ eventName }) => eventName === 'afn.stream')
    expect(stream).toMatchObject({ traceId: request.traceId, spanId: request.spanId })
    expect(stream?.attributes).toMatchObject({ 'afn.stream.end': 'complete' })
    const { 'afn.stream.first_piece_ms': first, 'afn.stream.duration_ms': whole } = stream?.attributes ?? {}
    expect(first).toBeGreaterThan(0)
    // the answer came in pieces: nothing between the provider and the page held it back
    expect(stream?.attributes['afn.stream.pieces']).toBeGreaterThan(5)
    expect(first as number).toBeLessThan(whole as number)
  })

  it('shows in the trace of the click why a route failed', () => {
    const errors = failed.filter(({ status }) => status.code === 2)
    expect(errors.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST', 'POST /api/chat', 'chat gpt-5-mini']),
    )
    const route = errors.find(({ name }) => name === 'POST /api/chat')
    expect(route?.attributes).toMatchObject({ 'http.route': '/api/chat', 'next.route_type': 'route' })
    const [exception] = errors.flatMap(({ events }) => events).filter(({ name }) => name === 'exception')
    expect(exception?.attributes['exception.message']).toContain('Connection error')
  })

  it('keeps the load of the page in the trace that made it', () => {
    const load = receiver.logs().find(({ eventName }) => eventName === 'browser.navigation_timing')
    const [, traceId] = /^00-([\da-f]{32})-[\da-f]{16}-01$/.exec(meta ?? '') ?? []
    expect(load?.traceId).toBe(traceId)
    expect(serverTiming).toContain(`traceparent;desc="00-${traceId}-`)
    const server = receiver.spans().filter(span => span.traceId === traceId)
    expect(server.map(({ name }) => name)).toContain('render route (app) /')
  })

  it('has the session and its events by way of /api/otel', () => {
    const logs = receiver.logs().filter(({ resource }) => resource['service.name'] === 'next-chat-web')
    const names = logs.map(({ eventName }) => eventName)
    for (const name of ['session.start', 'browser.web_vital', 'browser.user_action.submit'])
      expect(names).toContain(name)
    const sessions = new Set(logs.map(({ attributes }) => attributes['session.id']))
    expect(sessions.size).toBe(1)
    expect(sessions).toContain(trace.find(({ name }) => name.startsWith('click '))?.attributes['session.id'])
  })

  it('makes no trace of telemetry', () => {
    const spans = receiver.spans().map(span => JSON.stringify([span.name, span.attributes]))
    expect(spans.filter(text => /otel|\/v1\/(logs|traces|metrics)/.test(text.replaceAll('@afn/otel', '')))).toEqual([])
  })

  it('exports nothing of what was typed or answered', () => {
    const all = Buffer.concat(receiver.requests.map(({ body }) => body)).toString('latin1')
    for (const typed of [...TYPED, 'Keihan']) expect(all).not.toContain(typed)
  })

  it('answers /api/health, and has nothing to complain of', () => {
    expect(health).toMatchObject({ status: 'ok', telemetry: { state: 'started', diagnostics: [] } })
    expect(next.said()).not.toContain('[@afn/otel]')
  })

  it('brings the monitor to the page within its size, without eval', () => {
    const scripts = scriptsOf(folder)
    // the page's first chunk has React in it too: what is ours of it is what it has more than without
    const added = gzipped(scripts) - Number(readFileSync(path.join(folder, WITHOUT), 'utf8'))
    const lazy = gzipped(scripts.filter(text => text.includes('largest-contentful-paint')))
    // for older browsers, and for who objected
    const seldom = scripts.filter(text => text.length < 3_000 && /sendBeacon|v1\/suppression/.test(text))
    expect(seldom).toHaveLength(2)
    const atOnce = added - lazy - gzipped(seldom)
    console.log(
      `@afn/otel/browser in a bundle of Next.js: ${atOnce} + ${lazy} bytes of gzip, ${gzipped(seldom)} seldom`,
    )
    expect(lazy).toBeGreaterThan(5_000)
    expect(atOnce).toBeLessThanOrEqual(8.5 * 1024)
    expect(atOnce + lazy).toBeLessThanOrEqual(15 * 1024)
    for (const text of scripts.filter(text => text.includes('afn.')))
      expect(text).not.toMatch(/\beval\(|new Function\b/)
  })
})
