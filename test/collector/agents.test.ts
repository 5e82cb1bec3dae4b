// What coding agents send, as test/fixtures/agents has it from their binaries, through the real Collector.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TAKEN } from '../../src/app/llm/report/cost/litellm-table'
import { builtIn } from '../../src/app/llm/report/cost/prices'
import {
  describeCollector,
  everyConfiguration,
  linesOf,
  type Running,
  scratchFolder,
  startCollector,
  until,
} from './support'

const fixtures = path.join(import.meta.dirname, '../fixtures/agents')
const EMAIL = 'ann.planted@example.org'
const PLANTED = /planted@example|sk-ant-api03|5f0c1c9e-3a43/i

/** As the provider's answers said, what was read from the cache and written to it being a part of the input: the n-th has n more of each. */
const answers = {
  'claude-sonnet-5': { provider: 'anthropic', input: 6_500, output: 200, cacheRead: 5_000, cacheWrite: 300 },
  'gpt-5.5': { provider: 'openai', input: 4_000, output: 300, cacheRead: 1_000, cacheWrite: 0 },
  'gpt-5.2': { provider: 'openai', input: 4_000, output: 300, cacheRead: 1_000, cacheWrite: 0 },
  // thoughts are beside the answer there
  'gemini-2.5-pro': { provider: 'gcp.gemini', input: 4_000, output: 350, cacheRead: 1_000, cacheWrite: 0 },
  'qwen3-coder-plus': { provider: 'dashscope', input: 4_000, output: 300, cacheRead: 1_000, cacheWrite: 0 },
} as const

/** `name model input output usd` of the n-th call; without a price of the model none. */
function callOf(name: string, model: keyof typeof answers, n: number): string {
  const { provider, ...told } = answers[model]
  const usage = {
    input: told.input + n * (told.cacheWrite > 0 ? 3 : 1),
    output: told.output + n * (model.startsWith('gemini') ? 2 : 1),
    cacheRead: told.cacheRead + n,
    ...(told.cacheWrite > 0 && { cacheWrite: told.cacheWrite + n }),
  }
  const price = builtIn.litellm.price({ provider, models: [model], usage, at: new Date(TAKEN) })
  return [name, model, usage.input, usage.output, 'cause' in price ? 'none' : price.total.toFixed(9)].join(' ')
}

function withPerson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPerson)
  if (typeof value !== 'object' || value === null) return value
  const known = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPerson(inner)]))
  if (!Array.isArray(known.attributes) || !('timeUnixNano' in known || 'spanId' in known)) return known
  const who = { key: 'user.email', value: { stringValue: EMAIL } }
  const account = { key: 'user.account_uuid', value: { stringValue: '5f0c1c9e-3a43-4b0e-8ad1-6f1b3a9b7c11' } }
  return { ...known, attributes: [...known.attributes, who, account] }
}

const recordings = [
  'claude-code-2.1.197-traces',
  'codex-0.171.0-logs',
  'gemini-cli-0.61.0',
  'qwen-code-0.15.10',
  'copilot-cli-1.0.102',
  'opencode-1.18.33',
]

/** A provider's own side of a call, as the Claude API sends it, and the app's span of the same call. */
const providerSide = {
  resourceSpans: ['com.anthropic.claude-platform', '@afn/otel/llm'].map((scope, n) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: n === 0 ? 'claude-platform' : 'shop' } }] },
    scopeSpans: [
      {
        scope: { name: scope },
        spans: [
          {
            traceId: '5b8efff798038103d269b633813fc60c',
            spanId: `eee19b7ec3c1b17${n}`,
            ...(n === 0 && { parentSpanId: 'eee19b7ec3c1b171' }),
            name: n === 0 ? 'anthropic.messages.create' : 'chat claude-sonnet-5',
            kind: n === 0 ? 2 : 3,
            startTimeUnixNano: `${Date.now()}000000`,
            endTimeUnixNano: `${Date.now() + 10}000000`,
            attributes: [
              { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
              { key: 'gen_ai.request.model', value: { stringValue: 'claude-sonnet-5' } },
              { key: 'gen_ai.response.id', value: { stringValue: 'msg_of_both' } },
              { key: 'gen_ai.usage.input_tokens', value: { intValue: '10' } },
            ],
          },
        ],
      },
    ],
  })),
}

type Plain = Record<string, string | number | boolean>
interface Sent {
  readonly key: string
  readonly value?: Record<string, unknown>
}
interface Holder extends Record<string, unknown> {
  readonly attributes?: readonly Sent[]
}
const plain = (list: readonly Sent[] = []): Plain =>
  Object.fromEntries(
    list.map(({ key, value = {} }) => {
      const [type, inner] = Object.entries(value)[0] ?? []
      return [key, type === 'intValue' || type === 'doubleValue' ? Number(inner) : (inner as string)]
    }),
  )

describeCollector.each(everyConfiguration)('what coding agents send, $name', ({ args }) => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  let collector: Running
  let spans: Plain[] = []
  let records: Plain[] = []

  const recordsIn = (file: string, lists: readonly string[]): Plain[] =>
    linesOf(files, file).flatMap(line => {
      let found: Holder[] = [JSON.parse(line)]
      for (const list of lists) found = found.flatMap(holder => holder[list] as Holder[])
      return found.map(({ attributes }) => plain(attributes))
    })

  beforeAll(async () => {
    collector = await startCollector(folder, [...args, '--files', files], {
      AFN_DECISION_WAIT: '1s',
      AFN_AFTER_ROOT: '1s',
    })
    for (const name of recordings)
      for (const request of JSON.parse(readFileSync(path.join(fixtures, `${name}.json`), 'utf8'))) {
        const signal = 'resourceLogs' in request ? 'logs' : 'resourceMetrics' in request ? 'metrics' : 'traces'
        expect(await collector.send(signal, withPerson(request))).toBe(200)
      }
    expect(await collector.send('traces', providerSide)).toBe(200)
    await until('every leg to have written', () =>
      ['detailed', 'metrics', 'logs'].every(name => linesOf(files, name).length > 0),
    )
    await collector.stop()
    spans = recordsIn('detailed', ['resourceSpans', 'scopeSpans', 'spans'])
    records = recordsIn('logs', ['resourceLogs', 'scopeLogs', 'logRecords'])
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('something of the person, of their prompts or of their commands is in a leg', () => {
    for (const name of ['detailed', 'sampled', 'errors', 'llm', 'metrics', 'logs'])
      expect(linesOf(files, name).join('\n').match(PLANTED)?.[0], name).toBeUndefined()
  })

  const callsIn = (list: readonly Plain[]): string[] =>
    list
      .filter(said => said['afn.llm.dialect'] !== undefined)
      .map(said => {
        const usd = said['afn.llm.cost.total']
        const used = [said['gen_ai.usage.input_tokens'], said['gen_ai.usage.output_tokens']]
        const cost = usd === undefined ? 'none' : Number(usd).toFixed(9)
        return [said['afn.llm.dialect'], said['gen_ai.request.model'], ...used, cost].join(' ')
      })
      .sort()

  it("the spans of calls have not the tokens of the provider's answers, or not their price", () => {
    const [one, two, three] = [1, 2, 3]
    expect(callsIn(spans)).toEqual([
      callOf('claude_code', 'claude-sonnet-5', one),
      callOf('claude_code', 'claude-sonnet-5', two),
      callOf('copilot', 'gpt-5.2', one),
      callOf('copilot', 'gpt-5.2', two),
      callOf('opencode', 'gpt-5.2', one),
      callOf('opencode', 'gpt-5.2', two),
      callOf('opencode', 'gpt-5.2', three),
    ])
  })

  it("the records of calls have not the tokens of the provider's answers, or not their price", () => {
    const agents = [
      ['claude_code', 'claude-sonnet-5'],
      ['codex', 'gpt-5.5'],
      ['gemini_cli', 'gemini-2.5-pro'],
      ['qwen_code', 'qwen3-coder-plus'],
    ] as const
    expect(callsIn(records)).toEqual(
      agents.flatMap(([name, model]) => [callOf(name, model, 1), callOf(name, model, 2)]),
    )
  })

  it("a provider's own side of a call counts as a call, or is not told apart in the metrics of spans", () => {
    const both = spans.filter(said => said['gen_ai.response.id'] === 'msg_of_both')
    expect(both.map(said => said['afn.llm.usage.rollup'] ?? 'a call').sort()).toEqual(['a call', true])
    const points = linesOf(files, 'metrics').flatMap(line =>
      [...line.matchAll(/"attributes":\[[^\]]*?"anthropic\.messages\.create"[^\]]*\]/g)].map(String),
    )
    expect(points.length).toBeGreaterThan(0)
    for (const point of points) expect(point).toContain('afn.llm.usage.rollup')
  })

  it('a call is of no person, or of no session', () => {
    const calls = [...spans, ...records].filter(said => said['afn.llm.dialect'] !== undefined)
    expect(new Set(calls.map(said => String(said['user.id']).replace(/^[\da-f]{64}$/, 'hash')))).toEqual(
      new Set(['hash']),
    )
    expect(calls.filter(said => said['gen_ai.conversation.id'] === undefined)).toEqual([])
  })

  it('an edit does not tell whether it was accepted', () => {
    expect(records.flatMap(said => said['afn.agent.edit.decision'] ?? [])).toEqual(['accepted'])
  })
})
