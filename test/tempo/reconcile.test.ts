// `afn-otel reconcile` against a real Tempo whose higher tiers lack what a killed Collector or a late error leaves out.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide, policies, spansOfOtlp, type TraceTier } from '../../src/shared/tiers'
import { inBaseline } from '../../src/shared/tiers/baseline'
import { root } from '../support/packed'
import { Random } from '../support/random'
import { counted, runReconcile, spansIn, tempo } from './tiers'

const random = new Random(7)
const cache = mkdtempSync(path.join(tmpdir(), 'afn-reconcile-'))
/** Eight minutes ago: older than what Tempo calls late. */
const began = BigInt(Date.now() - 8 * 60_000) * 1_000_000n

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  status: { code: number }
  attributes: { key: string; value: object }[]
}

function newTrace(kind: 'failed' | 'slow' | 'costly' | 'plain', spans = 5): Span[] {
  let traceId = random.hex(32)
  while (inBaseline(traceId, policies.baseline)) traceId = random.hex(32)
  const [first] = [random.hex(16)]
  return Array.from({ length: spans }, (_, n) => ({
    traceId,
    spanId: n === 0 ? first : random.hex(16),
    ...(n > 0 && { parentSpanId: first }),
    name: `step ${n}`,
    kind: 1,
    startTimeUnixNano: `${began}`,
    endTimeUnixNano: `${began + BigInt(kind === 'slow' && n === 0 ? 2_500 : 50) * 1_000_000n}`,
    status: { code: kind === 'failed' && n === spans - 1 ? 2 : 0 },
    attributes: kind === 'costly' && n === 1 ? [{ key: 'afn.llm.cost.total', value: { doubleValue: 0.75 } }] : [],
  }))
}

const documentOf = (spans: Span[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'reconciled' } }] },
      scopeSpans: [{ scope: { name: 'test' }, spans }],
    },
  ],
})

async function send(tier: TraceTier, spans: Span[]): Promise<void> {
  const response = await fetch(`${tempo.otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': `afn-${tier}` },
    body: JSON.stringify(documentOf(spans)),
  })
  expect(response.status).toBe(200)
}

describe('reconcile', () => {
  const many = (count: number, kind: Parameters<typeof newTrace>[0]) =>
    Array.from({ length: count }, () => newTrace(kind))
  const lost = many(20, 'failed')
  const partial = many(20, 'failed')
  const late = many(20, 'failed')
  const slow = many(10, 'slow')
  const costly = many(10, 'costly')
  const plain = many(20, 'plain')
  const whole = many(10, 'failed')
  const all = [lost, partial, late, slow, costly, plain, whole].flat()
  const ids = (spans: Span[]) => spans.map(({ spanId }) => spanId).sort()

  beforeAll(async () => {
    await send('detailed', all.flat())
    // what the Collector had passed on before it was killed
    await send(
      'sampled',
      partial.flatMap(spans => spans.slice(0, 3)),
    )
    await send(
      'errors',
      partial.flatMap(spans => spans.slice(0, 2)),
    )
    // decided before the error came
    await send(
      'sampled',
      late.flatMap(spans => spans.slice(0, 4)),
    )
    for (const tier of ['sampled', 'errors'] as const) await send(tier, whole.flat())
    const deadline = Date.now() + 90_000
    while ((await counted('detailed', '{ resource.service.name = "reconciled" }')) < all.length) {
      if (Date.now() > deadline) throw new Error('Tempo does not find what it was sent')
      await new Promise(resolve => setTimeout(resolve, 500))
    }
  })
  afterAll(() => rmSync(cache, { recursive: true, force: true }))

  it('says in a dry run what is missing, and changes nothing', async () => {
    const { code, stdout } = await runReconcile(cache, '--dry-run', '--json')
    expect(code).toBe(0)
    const { repairs } = JSON.parse(stdout)
    const missing = (tier: string) => repairs.filter((repair: { tier: string }) => repair.tier === tier).length
    expect({ sampled: missing('sampled'), errors: missing('errors') }).toEqual({ sampled: 80, errors: 60 })
    expect(await spansIn('errors', lost[0]![0]!.traceId)).toEqual([])
  })

  it('brings back every span that is missing, once, also when two run at the same time', async () => {
    const [one, two] = await Promise.all([runReconcile(cache, '--json'), runReconcile(cache, '--json')])
    expect([one.code, two.code].filter(code => code !== 0 && code !== 3)).toEqual([])
    if (one.code === 3 || two.code === 3) expect(`${one.stderr}${two.stderr}`).toContain('another reconcile is running')
    for (const spans of all) {
      const { tier } = decide(spansOfOtlp(documentOf(spans) as never))
      const { traceId } = spans[0]!
      expect(await spansIn('sampled', traceId)).toEqual(tier === 'detailed' ? [] : ids(spans))
      expect(await spansIn('errors', traceId)).toEqual(tier === 'errors' ? ids(spans) : [])
    }
  })

  it('leaves what it brought back to be found by its time', async () => {
    const deadline = Date.now() + 60_000
    while ((await counted('errors', '{ resource.service.name = "reconciled" }')) < 70 && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 500))
    }
    expect(await counted('errors', '{ resource.service.name = "reconciled" }')).toBe(70)
  })

  it('finds nothing to do in a second run', async () => {
    const { code, stdout } = await runReconcile(cache, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).repairs).toEqual([])
  })
})

describe('reconcile', () => {
  it.each([
    [['--since', 'soon'], '--since takes 90s, 30m, 1h, 3d or 2w, not "soon"', 2],
    [['--from', 'yesterday'], '--from takes a time such as 2026-11-24T10:00:00Z, not "yesterday"', 2],
    [['--limit', '0'], '--limit takes an integer, 1 or more, not "0"', 2],
    [['--tempo', 'http://127.0.0.1:9'], 'Tempo does not answer at http://127.0.0.1:9', 1],
  ])('%j says what is wrong', async (args, message, code) => {
    const command = [path.join(root, 'dist/cli.cjs'), 'reconcile', ...args]
    const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH, AFN_CACHE_DIR: cache } })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text
    })
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(code)
    expect(said).toContain(message)
  })
})
