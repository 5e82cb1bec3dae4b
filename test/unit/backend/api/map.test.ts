// The map of services and agents. Oracles: counts that the generators made; the traces that the TraceQL of an edge finds, as the explorer asks it; and
// DuckDB's quantile over the durations that the generator made.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MapAnswer, MapEdge } from '../../../../src/backend/api/map-answers'
import { edgeQuery, nodeQuery } from '../../../../src/backend/explorer/traceql/map-query'
import { type GivenSpan, type GivenTrace, hex, tracesRequest } from '../../../browser/explorer/data'
import { shop } from '../../../browser/explorer/shop'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000
const window = `start=${now / 1_000 - 3_600}&end=${now / 1_000}`
const nowNs = BigInt(now) * 1_000_000n

/** `shop-api → model:gpt-5-mini` and such, with calls and errors. */
function edgesOf({ nodes, edges }: MapAnswer) {
  const nameOf = (index: number | null) => {
    if (index === null) return 'outside'
    const { kind, name, address } = nodes[index]!
    return `${kind}:${name}${address === null ? '' : `@${address}`}`
  }
  const entries = edges.map((edge): [string, MapEdge] => [`${nameOf(edge.from)} → ${nameOf(edge.to)}`, edge])
  return Object.fromEntries(entries)
}
const countsOf = (answer: MapAnswer) =>
  Object.fromEntries(Object.entries(edgesOf(answer)).map(([name, { calls, errors }]) => [name, [calls, errors]]))

describe('the map of the shop', () => {
  let api: Api
  let answer: MapAnswer
  const traces = shop(nowNs)
  const spans = traces.flatMap(({ services }) =>
    Object.entries(services).flatMap(([service, list]) => list.map(span => ({ ...span, service }))),
  )
  beforeAll(async () => {
    api = await startApi([tracesRequest(traces)], now)
    answer = await api.json(`/api/afn/map?${window}`)
  })
  afterAll(() => api.store.close())

  it('has other calls than were made, or counts failures wrongly', () => {
    const expected: Record<string, [number, number]> = {}
    const byId = new Map(spans.map(span => [span.id, span]))
    const add = (name: string, { failed }: GivenSpan) => {
      const [calls, errors] = expected[name] ?? [0, 0]
      expected[name] = [calls + 1, errors + (failed === undefined ? 0 : 1)]
    }
    const nodeOf = ({ attributes = {} }: GivenSpan): string | undefined => {
      const operation = attributes['gen_ai.operation.name']
      if (operation === 'chat') return `model:${attributes['gen_ai.request.model']}`
      if (operation === 'execute_tool') return `tool:${attributes['gen_ai.tool.name']}`
      if (operation === 'invoke_agent') return `agent:${attributes['gen_ai.agent.name']}`
      return attributes['db.system.name'] === undefined ? undefined : `database:${attributes['db.system.name']}`
    }
    for (const span of spans) {
      const parent = byId.get(span.parent ?? '')
      if (!parent) add(`outside → service:${span.service}`, span)
      else if (parent.service !== span.service) add(`service:${parent.service} → service:${span.service}`, span)
      const node = nodeOf(span)
      const above = parent && nodeOf(parent)
      const caller = above && /^(agent|tool):/.test(above) ? above : `service:${span.service}`
      if (node) add(`${caller} → ${node}`, span)
    }
    expect(countsOf(answer)).toEqual(expected)
    expect(Object.keys(expected)).toContain('tool:find_order → database:postgresql')
    expect(answer.all).toEqual({ nodes: answer.nodes.length, edges: Object.keys(expected).length })
  })

  it('has a node whose number is not that of the calls that lead to it', () => {
    for (const [index, { calls, errors }] of answer.nodes.entries()) {
      const leading = answer.edges.filter(({ to }) => to === index)
      const sum = (key: 'calls' | 'errors') => leading.reduce((all, edge) => all + edge[key], 0)
      expect([calls, errors]).toEqual([sum('calls'), sum('errors')])
    }
  })

  it('has an edge whose TraceQL finds no trace, or a node whose TraceQL finds another number of spans', async () => {
    const found = async (q: string) =>
      (await api.json(`/api/search?${window}&limit=1000&spss=100&q=${encodeURIComponent(q)}`)).traces ?? []
    for (const edge of answer.edges) {
      const from = edge.from === null ? null : answer.nodes[edge.from]!
      const matched = await found(edgeQuery(from, answer.nodes[edge.to]!))
      expect(matched.length).toBeGreaterThan(0)
      const spansOf = matched.reduce(
        (sum: number, { spanSets }: never) => sum + (spanSets as [{ matched: number }])[0].matched,
        0,
      )
      expect(spansOf).toBeGreaterThanOrEqual(edge.calls)
    }
    for (const node of answer.nodes.filter(({ kind }) => kind !== 'service')) {
      const matched = await found(nodeQuery(node))
      expect(
        matched.reduce((sum: number, { spanSets }: never) => sum + (spanSets as [{ matched: number }])[0].matched, 0),
      ).toBe(node.calls)
    }
  })

  it('is cut without a word of how many nodes there are, or keeps those that are called least', async () => {
    const cut: MapAnswer = await api.json(`/api/afn/map?${window}&limit=3`)
    expect(cut.all).toEqual(answer.all)
    expect(cut.nodes).toEqual(answer.nodes.slice(0, 3))
    for (const { from, to } of cut.edges) for (const index of [from ?? 0, to]) expect(cut.nodes[index]).toBeDefined()
    expect((await api.get(`/api/afn/map?${window}&limit=1000`)).status).toBe(400)
  })

  it('is empty outside of the window', async () => {
    expect(await api.json('/api/afn/map?start=1000&end=2000')).toEqual({
      nodes: [],
      edges: [],
      all: { nodes: 0, edges: 0 },
    })
  })
})

describe('who calls', () => {
  const trace = (n: number, services: GivenTrace['services']): GivenTrace => ({
    id: hex(n, 32),
    start: nowNs - 60_000_000_000n,
    services,
  })
  const mapOf = async (...traces: GivenTrace[]) => {
    const api = await startApi([tracesRequest(traces)], now)
    try {
      return (await api.json(`/api/afn/map?${window}`)) as MapAnswer
    } finally {
      await api.store.close()
    }
  }
  const chat = (id: string, parent: string, more: object = {}): GivenSpan => ({
    id,
    parent,
    name: 'chat',
    at: 1,
    for: 1,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', ...more },
  })
  const agent = (id: string, parent: string | undefined, name: string): GivenSpan => ({
    id,
    ...(parent && { parent }),
    name: `invoke_agent ${name}`,
    at: 0,
    for: 10,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name },
  })
  const step = (id: string, parent?: string, more: Partial<GivenSpan> = {}): GivenSpan => ({
    id,
    ...(parent && { parent }),
    name: 'step',
    at: 0,
    for: 5,
    ...more,
  })
  const id = (n: number) => hex(n, 16)

  it('is the agent around a call, however many spans are between, and not around another service', async () => {
    const answer = await mapOf(
      trace(1, {
        a: [
          step(id(1)),
          agent(id(2), id(1), 'planner'),
          step(id(3), id(2)),
          step(id(4), id(3)),
          chat(id(5), id(4)),
          agent(id(6), id(4), 'writer'),
          chat(id(7), id(6)),
          chat(id(8), id(1)),
        ],
        b: [step(id(9), id(3)), chat(id(10), id(9))],
      }),
    )
    expect(countsOf(answer)).toEqual({
      'outside → service:a': [1, 0],
      'service:a → agent:planner': [1, 0],
      'agent:planner → model:m': [1, 0],
      'agent:planner → agent:writer': [1, 0],
      'agent:writer → model:m': [1, 0],
      'service:a → model:m': [1, 0],
      'agent:planner → service:b': [1, 0],
      'service:b → model:m': [1, 0],
    })
  })

  it('is the service for an agent that another service calls, and for spans whose parent is not there', async () => {
    const lost = id(0xdead)
    const answer = await mapOf(
      trace(1, { a: [step(id(1))], b: [agent(id(2), id(1), 'remote')] }),
      trace(2, { c: [step(id(3), lost, { kind: 2 }), chat(id(4), id(3))] }),
      trace(3, { d: [step(id(5), lost), chat(id(6), lost)] }),
    )
    expect(countsOf(answer)).toEqual({
      'outside → service:a': [1, 0],
      'service:a → service:b': [1, 0],
      'service:b → agent:remote': [1, 0],
      'outside → service:c': [1, 0],
      'service:c → model:m': [1, 0],
      'service:d → model:m': [1, 0],
    })
  })

  it('is counted twice where both ends of a call have one id, as B3 has them, or where a span repeats its calls', async () => {
    const answer = await mapOf(
      trace(1, {
        a: [step(id(1)), step(id(2), id(1), { kind: 3 })],
        b: [step(id(2), id(1), { kind: 2 }), chat(id(3), id(2)), chat(id(4), id(2), { 'afn.llm.usage.rollup': true })],
      }),
    )
    expect(countsOf(answer)).toEqual({
      'outside → service:a': [1, 0],
      'service:a → service:b': [1, 0],
      'service:b → model:m': [1, 0],
    })
  })

  it('is looked for without end in a circle of parents', async () => {
    const answer = await mapOf(trace(1, { a: [agent(id(1), id(3), 'round'), step(id(2), id(1)), step(id(3), id(2))] }))
    expect(answer.all.edges).toBe(0)
  })

  it('and what is called have a p95 of the calls between them', async () => {
    const calls = Array.from({ length: 101 }, (_, n) => ({ ...chat(id(n + 2), id(1)), for: n }))
    const answer = await mapOf(trace(1, { a: [step(id(1), undefined, { for: 200 }), ...calls] }))
    expect(edgesOf(answer)['service:a → model:m']).toMatchObject({ calls: 101, p95Ms: 95 })
  })

  it('of databases is told apart by address', async () => {
    const query = (n: number, address?: string) =>
      step(id(n), id(1), {
        attributes: { 'db.system.name': 'postgresql', ...(address && { 'server.address': address }) },
      })
    const answer = await mapOf(trace(1, { a: [step(id(1)), query(2, 'db-1'), query(3, 'db-2'), query(4)] }))
    expect(Object.keys(countsOf(answer)).sort()).toEqual([
      'outside → service:a',
      'service:a → database:postgresql',
      'service:a → database:postgresql@db-1',
      'service:a → database:postgresql@db-2',
    ])
  })
})
