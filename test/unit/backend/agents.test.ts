// What coding agents send, as test/fixtures/agents has it from their binaries: calls with a cost, one a call, and nothing of the person.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIntake } from '../../../src/backend/ingest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { fromJson } from '../../../src/shared/otlp/from-json'
import { requestMessages } from '../../../src/shared/otlp/messages'
import type { Document } from '../../../src/shared/otlp/schema'
import {
  costOf,
  EMAIL,
  ownPrices,
  recordings,
  requestsOf,
  signalOf,
  signedIn,
  type Taken,
  taken as takenWith,
} from './agent-recordings'
import type { Api } from './api/ask'

/** In prompts, commands and answers of the recordings, and in what `signedIn` adds. */
const PLANTED = /planted@example|sk-ant-api03|5f0c1c9e-3a43/i

const folder = mkdtempSync(path.join(tmpdir(), 'afn-agents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const prices = path.join(folder, 'prices.json')
writeFileSync(prices, ownPrices)

const taken = (requests: readonly Document[], encoding?: 'json' | 'protobuf') => takenWith(requests, prices, encoding)

async function textsOf(store: Store): Promise<string> {
  const tables = await store.query("select table_name from information_schema.tables where table_type = 'BASE TABLE'")
  const rows: string[] = []
  for (const { table_name } of tables)
    for (const row of await store.query(`select to_json(t)::varchar as text from "${String(table_name)}" t`))
      rows.push(String(row.text))
  return rows.join('\n')
}

const spansBy = async (api: Api, q: string, window: string): Promise<number> => {
  const { traces } = await api.json(`/api/search?q=${encodeURIComponent(q)}&limit=50&spss=50&${window}`)
  return traces.reduce(
    (sum: number, { spanSets }: { spanSets: { matched: number }[] }) => sum + spanSets[0]!.matched,
    0,
  )
}

describe.each(Object.entries(recordings))('%s', (name, answers) => {
  const requests = requestsOf(name)
  const total = answers.reduce((sum, answer) => sum + costOf(answer), 0)

  it.each([
    ['in JSON, all of it twice', 'json', [...requests, ...requests]],
    ['in protobuf, the last request first', 'protobuf', [...requests].reverse()],
  ] as const)(
    "the calls, their tokens or their cost are not those of the provider's answers (%s)",
    async (_, encoding, sent) => {
      const { store, api, window, said } = await taken(sent, encoding)
      const { calls, costUsd, unpriced } = await api.json(`/api/afn/overview?${window}`)
      expect({ calls, unpriced, said }).toEqual({ calls: answers.length, unpriced: 0, said: [] })
      expect(costUsd).toBeCloseTo(total, 12)
      const texts = await textsOf(store)
      expect(texts.match(PLANTED)?.[0]).toBeUndefined()
      await store.close()
    },
  )
})

it('finds what is planted, where nobody reads agents', async () => {
  const store = await openStore({ path: ':memory:' })
  const take = createIntake(store, { redactor: undefined, prometheus: undefined })
  for (const request of requestsOf('claude-code-2.1.197-logs'))
    await take(signalOf(request), fromJson(requestMessages[signalOf(request)], signedIn(request)))
  expect(await textsOf(store)).toMatch(PLANTED)
  await store.close()
})

describe('a session of Claude Code without traces', () => {
  let found: Taken
  beforeAll(async () => {
    found = await taken(requestsOf('claude-code-2.1.197-logs'))
  })
  afterAll(() => found.store.close())

  it('is no trace of the agent with its calls and its tools', async () => {
    const { traces } = await found.api.json(`/api/search?q=${encodeURIComponent('{}')}&${found.window}`)
    expect(traces).toMatchObject([{ rootServiceName: 'claude-code', rootTraceName: 'invoke_agent claude-code' }])
    const q = '{ span.gen_ai.operation.name = "execute_tool" && span.gen_ai.tool.name =~ "Bash|Write" }'
    expect(await spansBy(found.api, q, found.window)).toBe(2)
  })

  it.each([
    ['the person, by one pseudonym', 'span.user.id =~ "\\\\[EMAIL:[0-9a-f]{16}\\\\]"'],
    ['the session', 'span.gen_ai.conversation.id != nil'],
    ['the team, by the name that budgets know', 'resource.team = "platform"'],
    ['the repository', 'resource.vcs.repository.name = "shop"'],
    ['the cost that the agent reckons, beside ours', 'span.afn.llm.cost.reported > 0.009'],
  ])('a call does not tell %s', async (_, condition) => {
    const q = `{ span.gen_ai.operation.name = "chat" && ${condition} }`
    expect(await spansBy(found.api, q, found.window)).toBe(2)
  })

  it('an edit does not tell whether it was accepted, or which', async () => {
    const q = '{ span.afn.agent.edit.decision = "accepted" && span.gen_ai.tool.name = "Write" && span.user.id != nil }'
    expect(await spansBy(found.api, q, found.window)).toBe(1)
    expect(await spansBy(found.api, '{ span.afn.agent.edit.decision != nil }', found.window)).toBe(1)
  })
})

describe('what nobody recorded', () => {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const time = '1796264143508000000'
  const log = (service: string, ...attributes: object[]): Document => ({
    resourceLogs: [
      {
        resource: { attributes: [text('service.name', service)] },
        scopeLogs: [{ scope: { name: service }, logRecords: [{ timeUnixNano: time, attributes }] }],
      },
    ],
  })

  it('a refused edit is not counted', async () => {
    const said = ['tool_decision', 'Edit', 'reject', 'toolu_1', 's1']
    const keys = ['event.name', 'tool_name', 'decision', 'tool_use_id', 'session.id']
    const record = log('claude-code', ...keys.map((key, n) => text(key, said[n]!)))
    const feedback = ['copilot_chat.edit.feedback', 'rejected', 'r1']
    const ofEditor = log(
      'copilot-chat',
      ...['event.name', 'outcome', 'request_id'].map((key, n) => text(key, feedback[n]!)),
    )
    const { store, api, window } = await taken([record, ofEditor])
    expect(await spansBy(api, '{ span.afn.agent.edit.decision = "refused" }', window)).toBe(2)
    await store.close()
  })

  it('what failed is no call that failed', async () => {
    const said = { 'event.name': 'api_error', model: 'claude-sonnet-5', status_code: '529', 'session.id': 's1' }
    const { store, api, window } = await taken([
      log('claude-code', ...Object.entries(said).map(([key, value]) => text(key, value))),
    ])
    expect(
      await spansBy(
        api,
        '{ span.gen_ai.operation.name = "chat" && status = error && span.error.type = "529" }',
        window,
      ),
    ).toBe(1)
    expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject({ calls: 1, unpriced: 0 })
    await store.close()
  })

  it('what Copilot sells in VS Code has not the price of its maker', async () => {
    const counts = { 'gen_ai.usage.input_tokens': 1_000, 'gen_ai.usage.output_tokens': 100 }
    const names = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'github',
      'gen_ai.request.model': 'gpt-5.2',
    }
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'chat gpt-5.2',
      kind: 3,
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      attributes: [
        ...Object.entries(names).map(([key, value]) => text(key, value)),
        ...Object.entries(counts).map(([key, value]) => ({ key, value: { intValue: String(value) } })),
      ],
    }
    const resource = { attributes: [text('service.name', 'copilot-chat')] }
    const { store, api, window } = await taken([{ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }])
    expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject({ calls: 1, costUsd: 0.003 })
    await store.close()
  })

  it('a service of another name is read as an agent, or one of a similar name is changed', async () => {
    const record = log(
      'claude-code-review',
      text('event.name', 'api_request'),
      text('session.id', 's1'),
      text('model', 'x'),
    )
    const { store, api, window } = await taken([record])
    expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject({ calls: 0 })
    expect(await textsOf(store)).toContain(EMAIL)
    await store.close()
  })
})
