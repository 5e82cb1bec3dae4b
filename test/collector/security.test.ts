// F3 and F14 of the attack review, with the real Collector: what a page writes through `otlpHandler`, which brings the app's token to the
// trusted listener, and what a plain sender writes. Its files say what was stored.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { otlpHandler } from '../../src/app/next/otlp-handler'
import { RULE_SET } from '../../src/app/sdk/rule-set'
import { describeCollector, linesOf, type Running, scratchFolder, startCollector, until } from './support'

const now = `${Date.now()}000000`
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const secret = (name: string) => `sk-ant-api03-${name}AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj`

function request(digit: string, more: object, resource: object[] = []) {
  const span = { traceId: digit.repeat(32), spanId: digit.repeat(16), startTimeUnixNano: now, endTimeUnixNano: now }
  const spans = [{ ...span, name: `span ${digit}`, kind: 2, status: { code: 2 }, ...more }]
  return { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ spans }] }] }
}

describeCollector('strangers', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  let collector: Running
  let stored: string

  beforeAll(async () => {
    collector = await startCollector(folder, ['--files', files], { AFN_SPANMETRICS_FLUSH: '1s' })
    const token = readFileSync(path.join(folder, 'cache/ingest.token'), 'utf8')
    const handle = otlpHandler({
      endpoint: collector.trusted,
      headers: { authorization: `Bearer ${token}` },
      serviceNames: ['shop-web'],
    })
    const visit = async (body: object) => {
      const headers = { origin: 'https://shop.example', 'content-type': 'application/json' }
      const url = 'https://shop.example/api/otel/v1/traces'
      return (await handle(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }))).status
    }
    const mark = text('afn.redaction.rules', RULE_SET)
    const forged = [
      text('gen_ai.operation.name', 'chat'),
      { key: 'afn.llm.cost.total', value: { doubleValue: 77777 } },
      { key: 'db.password', value: { string_value: 'ZzVisit1pw' } },
    ]
    expect(await visit(request('a', { attributes: forged }, [mark, text('service.name', 'payments-forged')]))).toBe(200)
    expect(await visit(request('b', { traceState: `v=${secret('visit')}` }, [mark]))).toBe(200)
    // past the page's reading: the second line reads what comes without the mark
    expect(await visit(request('c', { name: `at ${secret('name')}` }, [mark]))).toBe(200)
    const plain = { traceState: `v=${secret('plain')}`, attributes: [text('service', 'x')] }
    expect(await collector.send('traces', request('d', plain, [text('service.name', 'plain')]))).toBe(200)
    await until('all spans', () => linesOf(files, 'detailed').length >= 4)
    await collector.stop()
    stored = ['detailed', 'sampled', 'errors', 'llm', 'metrics'].flatMap(name => linesOf(files, name)).join('\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('F3: a page has no forged service, cost, LLM call, mark or secret stored', () => {
    expect(stored).toContain('shop-web')
    expect(stored).toContain('span a')
    expect(stored).not.toMatch(/payments-forged|77777|ZzVisit1pw|visitAbCdEf|nameAbCdEf/)
    expect(stored).not.toContain(RULE_SET)
    expect(linesOf(files, 'llm').join()).not.toContain('shop-web')
  })

  it('F24: what --files writes is readable for its user alone', () => {
    const names = readdirSync(files)
    expect(names.length).toBeGreaterThan(3)
    for (const name of names) expect(statSync(path.join(files, name)).mode & 0o077, name).toBe(0)
  })

  it('F14: the second line reads trace states', () => {
    expect(stored).toContain('span d')
    expect(stored).not.toContain('plainAbCdEf')
  })
})
