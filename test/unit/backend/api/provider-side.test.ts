// What a provider sent of its own side of a call, in whatever trace: below the call in the trace view, and no call besides.
import { afterEach, expect, it } from 'vitest'
import type { ProviderSideAnswer } from '../../../../src/backend/api/break-answers'
import { readTrace, type TraceAnswer } from '../../../../src/backend/explorer/data/otlp-json'
import { withProviderSide } from '../../../../src/backend/explorer/data/provider-side'
import { type Node, treeOf } from '../../../../src/backend/explorer/data/tree'
import { createIntake } from '../../../../src/backend/ingest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { type Api, apiOn } from './ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const [INTERNAL, SERVER, CLIENT] = [1, 2, 3]
const usage = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 }
const model = {
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-sonnet-4-6',
}

interface Given {
  readonly trace: string
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly kind: number | undefined
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

const hex = (text: string, digits: number): string => Buffer.from(text).toString('hex').padStart(digits, '0')
const otlpValue = (value: string | number | boolean) =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : Number.isInteger(value)
        ? { intValue: `${value}` }
        : { doubleValue: value }

function request(service: string, scope: string, spans: readonly Given[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [
          {
            scope: { name: scope },
            spans: spans.map(({ trace, id, parent, name, kind, attributes = {} }) => ({
              traceId: hex(trace, 32),
              spanId: hex(id, 16),
              ...(parent && { parentSpanId: hex(parent, 16) }),
              name,
              kind,
              startTimeUnixNano: `${start}000000`,
              endTimeUnixNano: `${start + 10}000000`,
              attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) })),
            })),
          },
        ],
      },
    ],
  }
}

const ours = (spans: readonly Given[]) => request('shop', '@afn/otel/llm', spans)
const theirs = (spans: readonly Given[]) => request('claude-platform', 'com.anthropic.claude-platform', spans)
const handler: Given = { trace: 'app', id: 'handler', name: 'handler', kind: SERVER }
const call = (id: string, response: string, more = {}): Given => ({
  trace: 'app',
  id,
  parent: 'handler',
  name: `chat ${id}`,
  kind: CLIENT,
  attributes: { ...model, ...usage, 'gen_ai.response.id': response, 'afn.llm.cost.total': 0.5, ...more },
})
/** A request of the provider with a run below it, which alone says which answer it is. */
const side = (trace: string, id: string, parent: string | undefined, response: string): Given[] => [
  { trace, id, ...(parent && { parent }), name: `request ${id}`, kind: SERVER, attributes: model },
  {
    trace,
    id: `${id}r`,
    parent: id,
    name: `run ${id}`,
    kind: INTERNAL,
    attributes: { ...model, ...usage, 'gen_ai.response.id': response },
  },
  { trace, id: `${id}t`, parent: `${id}r`, name: `tool ${id}`, kind: INTERNAL },
]

let store: Store | undefined
afterEach(() => store?.close())

async function shown(requests: readonly object[], trace = 'app') {
  store = await openStore({ path: ':memory:' })
  const take = createIntake(store, { redactor: undefined, prometheus: undefined })
  for (const one of requests) await take('traces', one as never)
  const api: Api = apiOn(store, () => start + 60_000)
  const id = hex(trace, 32)
  const answer: TraceAnswer = await api.json(`/api/v2/traces/${id}`)
  const beside: ProviderSideAnswer = await api.json(`/api/afn/traces/${id}/provider-side`)
  const lines = (node: Node): string[] => [
    `${' '.repeat(node.depth)}${node.span.name}${node.span.elsewhere ? ' (elsewhere)' : ''}${node.orphan ? ' (orphan)' : ''}`,
    ...node.children.flatMap(lines),
  ]
  return { api, lines: treeOf(withProviderSide(readTrace(answer), beside)).roots.flatMap(lines) }
}

it("a provider's spans are not the inside of the call whose context they got", async () => {
  const { lines } = await shown([ours([handler, call('a', 'msg_a')]), theirs(side('app', 'x', 'a', 'msg_a'))])
  expect(lines).toEqual(['handler', ' chat a', '  request x', '   run x', '    tool x'])
})

it('they stand beside the call, or hang on nothing, where they got another context of the trace', async () => {
  const spans = [...side('app', 'x', 'handler', 'msg_a'), ...side('app', 'y', 'gone', 'msg_b')]
  const { lines } = await shown([ours([handler, call('a', 'msg_a'), call('b', 'msg_b')]), theirs(spans)])
  expect(lines).toEqual([
    'handler',
    ' chat a',
    '  request x',
    '   run x',
    '    tool x',
    ' chat b',
    '  request y',
    '   run y',
    '    tool y',
  ])
})

it('they are not shown where they came in a trace of their own, or those of other calls are', async () => {
  // a session of an agent has a turn for each
  const session: Given[] = [
    { trace: 'session', id: 'session', name: 'session', kind: INTERNAL },
    ...side('session', 'y', 'session', 'msg_b'),
    ...side('session', 'z', 'session', 'msg_other'),
  ]
  const { api, lines } = await shown([
    ours([handler, call('a', 'msg_a'), call('b', 'msg_b')]),
    theirs([...side('own', 'x', undefined, 'msg_a'), ...session]),
  ])
  expect(lines).toEqual([
    'handler',
    ' chat a',
    '  request x (elsewhere)',
    '   run x (elsewhere)',
    '    tool x (elsewhere)',
    ' chat b',
    '  request y (elsewhere)',
    '   run y (elsewhere)',
    '    tool y (elsewhere)',
  ])
  expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject({ calls: 2, costUsd: 1, unpriced: 0 })
})

it('a call that a span above it repeats is not the one that they belong to', async () => {
  const outer = call('outer', 'msg_a', { 'afn.llm.usage.rollup': true })
  const attempt = { ...call('a', 'msg_a'), parent: 'outer' }
  for (const order of [
    [outer, attempt],
    [attempt, outer],
  ]) {
    const { lines } = await shown([ours([handler, ...order]), theirs(side('own', 'x', undefined, 'msg_a'))])
    expect(lines.slice(0, 4)).toEqual(['handler', ' chat outer', '  chat a', '   request x (elsewhere)'])
    await store?.close()
  }
})

it('a trace without a call, and one that is not there, have an inside', async () => {
  const { api } = await shown([ours([handler]), theirs(side('own', 'x', undefined, 'msg_a'))])
  for (const trace of ['app', 'none'])
    expect(await api.json(`/api/afn/traces/${hex(trace, 32)}/provider-side`)).toEqual({ traces: [] })
})
