// Sums of a trace with more spans, and of a session with more calls, than one answer has: they are those of the generator, and each answer says
// what it leaves out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainCost } from '../../../../src/backend/mcp/tools/explain-cost'
import { getSpan } from '../../../../src/backend/mcp/tools/get-span'
import { getTrace } from '../../../../src/backend/mcp/tools/get-trace'
import { hex, largeTraces, ofSpans, spanOf } from '../../../support/large-traces'
import { isLong } from '../../../support/long'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const [spansOfLarge, turns] = isLong('store') ? [200_000, 20_000] : [60_000, 2_000]
const { largeId: large, truth, session, requests } = largeTraces(start, spansOfLarge, turns)

let api: Api
beforeAll(async () => {
  api = await startApi([...requests()], start + 300_000)
}, 300_000)
afterAll(() => api.store.close())

/** A tool of the MCP server, which asks this API. */
async function tool(which: typeof getTrace, args: Readonly<Record<string, unknown>>) {
  const asked = globalThis.fetch
  globalThis.fetch = ((input: string | URL | Request) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : String(input))
    return api.get(pathname + search)
  }) as typeof fetch
  try {
    const backend = { name: 'afn-otel up', url: 'http://localhost', setBy: '--url' } as const
    // biome-ignore lint/suspicious/noExplicitAny: what the answer has is what the test is about
    return (await which.run(args, { backend, catalogue: new Map(), now: () => new Date(start) })) as any
  } finally {
    globalThis.fetch = asked
  }
}

describe(`a trace of ${spansOfLarge} spans`, () => {
  it('has the sums of all of them in the list, in its summary and in the overview', async () => {
    const { traces } = await api.json(`/api/search?q={name="root"}&afn=true&limit=5000&${window}`)
    const listed = traces.find(({ traceID }: { traceID: string }) => large.endsWith(traceID))
    expect(listed.afn).toMatchObject({ ...truth, spans: spansOfLarge, unpriced: 0 })
    expect(await api.json(`/api/afn/traces/${large}`)).toMatchObject({
      ...truth,
      spans: spansOfLarge,
      durationMs: spansOfLarge,
    })
    const all = await api.json(`/api/afn/overview?${window}`)
    expect([all.calls, all.costUsd]).toEqual([truth.calls + session.calls, truth.costUsd + session.costUsd])
    expect(all.tokens.input).toBe(truth.inputTokens + session.inputTokens)
  })

  it('has them by model and in TraceQL', async () => {
    const sum = { costUsd: truth.costUsd + session.costUsd, inputTokens: truth.inputTokens + session.inputTokens }
    const { all, series } = await api.json(`/api/afn/series?metric=cost&by=model&${window}`)
    expect(all).toMatchObject({ total: sum.costUsd, calls: truth.calls + session.calls, series: 3 })
    expect(series.reduce((total: number, one: { total: number }) => total + one.total, 0)).toBe(sum.costUsd)
    const asked = async (key: string) => {
      const q = encodeURIComponent(`{ span.${key} != nil } | sum_over_time(span.${key})`)
      return (await api.json(`/api/metrics/query?q=${q}&${window}`)).series[0].value
    }
    expect(await asked('afn.llm.cost.total')).toBe(sum.costUsd)
    expect(await asked('gen_ai.usage.input_tokens')).toBe(sum.inputTokens)
  })

  it('says how many spans an answer leaves out, and has the roots among those that are there', async () => {
    const answer = await api.json(`/api/v2/traces/${large}`)
    const spans = answer.trace.resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: object[] }[] }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    )
    expect(answer.status).toBe('PARTIAL')
    expect(answer.message).toContain(`has ${spansOfLarge} spans; ${spansOfLarge - spans.length} are omitted`)
    expect(spans[0].name).toBe('root')
  })

  it('is explained to an agent with the sums of all, and with a word about what is left out', async () => {
    const { facts, list } = await tool(getTrace, { trace_id: large })
    expect(facts).toMatchObject({ span_count: spansOfLarge, failed_spans: truth.errors, cost_usd: truth.costUsd })
    expect([list.total, facts.note]).toEqual([spansOfLarge, expect.stringContaining('omitted')])
    const cost = await tool(explainCost, { trace_id: large })
    expect(cost.facts).toMatchObject({ cost_usd: truth.costUsd, calls: truth.calls, exact: true })
    const last = await tool(getSpan, { trace_id: large, span_id: hex(spansOfLarge, 16) })
    expect(last.facts).toMatchObject({ span_id: hex(spansOfLarge, 16) })
  })
})

describe(`a session of ${turns} calls`, () => {
  it('has the sums of all of them in the list and on its page, which comes in pages', async () => {
    const { sessions } = await api.json(`/api/afn/sessions?${window}`)
    expect(sessions).toMatchObject([{ id: 'long', ...session }])
    const seen = new Set<string>()
    for (let after: string | null = '0'; after !== null; ) {
      const page: { sum: object; turns: { spanId: string }[]; next: string | null } = await api.json(
        `/api/afn/sessions/session/long?after=${after}`,
      )
      expect(page.sum).toMatchObject(session)
      for (const { spanId } of page.turns) seen.add(spanId)
      after = page.next
    }
    expect(seen.size).toBe(turns)
  })

  it('is explained to an agent with the sums of all, the most expensive call first', async () => {
    const { facts, list } = await tool(explainCost, { session_id: 'long' })
    expect(facts).toMatchObject({
      cost_usd: session.costUsd,
      calls: turns,
      exact: true,
      input_tokens: session.inputTokens,
    })
    expect([list.items[0].cost_usd, list.goesOn]).toEqual([63 / 64, true])
    const models = facts.by_model as { cost_usd: number }[]
    expect(models.reduce((sum, { cost_usd }) => sum + cost_usd, 0)).toBe(session.costUsd)
  })
})

describe('a search for all traces with all of their spans', () => {
  it('has as many as an answer may, and says that there are more', async () => {
    const long = 'x'.repeat(20_000)
    const count = 2_000
    const string = { key: 'long', value: { stringValue: long } }
    const spans = Array.from({ length: count }, (_, n) => spanOf(start, hex(0x90000 + n, 32), n, [string]))
    await api.store.write('traces', ofSpans(spans))
    const q = encodeURIComponent('{ span.long != nil } | select(span.long)')
    const response = await api.get(`/api/search?q=${q}&limit=262144&spss=100&${window}`)
    const { traces } = (await response.json()) as { traces: object[] }
    expect(traces.length).toBeGreaterThanOrEqual(500)
    expect(traces.length).toBeLessThan(count)
    expect(response.headers.get('warning')).toContain(`the first ${traces.length} traces`)
  })
})
