// A provider that sends spans of its own side of a call: the call, its tokens and its cost count once.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createIntake } from '../../../src/backend/ingest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { requestMessages } from '../../../src/shared/otlp/messages'
import type { Document } from '../../../src/shared/otlp/schema'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { type Api, apiOn } from './api/ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const usage = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 }
const model = {
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-sonnet-4-6',
}

function request(scope: string, service: string, attributes: Record<string, string | number>, ids: object): Document {
  const list = Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : key.includes('cost')
          ? { doubleValue: value }
          : { intValue: `${value}` },
  }))
  const times = { startTimeUnixNano: `${start}000000`, endTimeUnixNano: `${start + 10}000000` }
  const span = { name: 'chat', kind: 2, ...ids, ...times, attributes: list }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: scope }, spans: [span] }] }] }
}
const ours = (trace: string) =>
  request(
    '@afn/otel/llm',
    'shop',
    { ...model, ...usage, 'afn.llm.cost.total': 0.5 },
    { traceId: trace, spanId: '1'.repeat(16) },
  )
const theirs = (trace: string) =>
  request(
    'com.anthropic.claude-platform',
    'claude-platform',
    { ...model, ...usage, 'anthropic.request.id': 'req_1' },
    { traceId: trace, spanId: '2'.repeat(16), parentSpanId: '1'.repeat(16) },
  )

let store: Store
let api: Api
const traces = ['a', 'b'].map(digit => digit.repeat(32))
beforeAll(async () => {
  store = await openStore({ path: ':memory:' })
  const take = createIntake(store, { redactor: undefined, prometheus: undefined })
  const [json, protobuf] = traces as [string, string]
  for (const one of [ours(json), theirs(json)]) await take('traces', one)
  for (const one of [ours(protobuf), theirs(protobuf)])
    await take('traces', Buffer.from(toProtobuf(requestMessages.traces, one)))
  api = apiOn(store, () => start + 60_000)
})
afterAll(() => store.close())

it('the call of the app counts twice, or makes a sum incomplete', async () => {
  const sum = { calls: 2, costUsd: 1, unpriced: 0 }
  expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject(sum)
  const { traces: rows } = await api.json(`/api/search?afn=true&${window}`)
  expect(rows.map(({ afn }: { afn: object }) => afn)).toMatchObject([
    { calls: 1, costUsd: 0.5, inputTokens: 100, outputTokens: 20, unpriced: 0 },
    { calls: 1, costUsd: 0.5, inputTokens: 100, outputTokens: 20, unpriced: 0 },
  ])
})

it("the provider's span is lost", async () => {
  const q = '{ instrumentation:name = "com.anthropic.claude-platform" && span.afn.llm.usage.rollup = true }'
  const { traces: found } = await api.json(`/api/search?q=${encodeURIComponent(q)}&${window}`)
  expect(found).toHaveLength(2)
})
