// What coding agents cost and did by person, team, model and so on, over the recordings of their binaries. Oracle: arithmetic over the answers
// of the providers that the binaries ran against, and what was recorded of tools and edits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentsAnswer } from '../../../../src/backend/api/agent-answers'
import { costOf, ownPrices, recordings, requestsOf, type Taken, taken } from '../agent-recordings'
import { startApi } from './ask'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-agents-api-'))
const prices = path.join(folder, 'prices.json')
writeFileSync(prices, ownPrices)

/** One of each agent. */
const names = [
  'claude-code-2.1.197-logs',
  'codex-0.171.0-logs',
  'gemini-cli-0.61.0',
  'qwen-code-0.15.10',
  'copilot-cli-1.0.102',
  'opencode-1.18.33',
]
const sumOf = (of: readonly string[], what: (answer: (typeof recordings)[string][number]) => number): number =>
  of.flatMap(name => recordings[name]!).reduce((sum, answer) => sum + what(answer), 0)
const usdOf = (...of: string[]) => sumOf(of, costOf)

describe('what coding agents did', () => {
  let found: Taken
  const ask = (parameters: string): Promise<AgentsAnswer> =>
    found.api.json(`/api/afn/coding-agents?${found.window}&step=3600&${parameters}`)
  const usdBy = async (by: string) =>
    Object.fromEntries(
      (await ask(`by=${by}`)).groups.flatMap(({ key, costUsd }) =>
        costUsd === null ? [] : [[key, Number(costUsd.toFixed(9))]],
      ),
    )
  const rounded = (usd: Record<string, number>) =>
    Object.fromEntries(Object.entries(usd).map(([key, value]) => [key, Number(value.toFixed(9))]))

  beforeAll(async () => {
    found = await taken(names.flatMap(requestsOf), prices)
  })
  afterAll(async () => {
    await found?.store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it("is not the sum of the providers' answers", async () => {
    const { all } = await ask('')
    expect(all.costUsd).toBeCloseTo(usdOf(...names), 12)
    expect(all).toMatchObject({
      groups: 6,
      calls: 13,
      unpriced: 0,
      inputTokens: sumOf(names, ({ input }) => input),
      outputTokens: sumOf(names, ({ output }) => output),
      accepted: 1,
      refused: 0,
      failedToolRuns: 0,
    })
  })

  it.each([
    [
      'agent',
      {
        claude_code: usdOf(names[0]!),
        codex: usdOf(names[1]!),
        gemini_cli: usdOf(names[2]!),
        qwen_code: usdOf(names[3]!),
        copilot: usdOf(names[4]!),
        opencode: usdOf(names[5]!),
      },
    ],
    [
      'model',
      {
        'claude-sonnet-5': usdOf(names[0]!),
        'gpt-5.5': usdOf(names[1]!),
        'gemini-2.5-pro': usdOf(names[2]!),
        'qwen3-coder-plus': usdOf(names[3]!),
        'gpt-5.2': usdOf(names[4]!, names[5]!),
      },
    ],
    // only Claude Code has attributes of the resource here
    ['team', { platform: usdOf(names[0]!), null: usdOf(...names.slice(1)) }],
    ['repository', { shop: usdOf(names[0]!), null: usdOf(...names.slice(1)) }],
    ['skill', { null: usdOf(...names) }],
  ])('by %s costs something else than its calls', async (by, usd) => {
    expect(await usdBy(by)).toEqual(rounded(usd))
  })

  it('of one person is of several, or names them', async () => {
    const { groups } = await ask('by=person')
    expect(groups.map(({ key }) => key)).toEqual([expect.stringMatching(/^\[EMAIL:[\da-f]{16}\]$/)])
    expect(groups[0]!.costUsd).toBeCloseTo(usdOf(...names), 12)
  })

  it.each([
    ['cost', usdOf(...names)],
    ['tokens', sumOf(names, ({ input, output }) => input + output)],
    ['calls', 13],
    ['accepted', 1],
  ])('over time does not add up to the whole: %s', async (measure, whole) => {
    const { groups } = await ask(`measure=${measure}`)
    const points = groups.flatMap(group => group.points)
    expect(points.reduce((sum, [, value]) => sum + value, 0)).toBeCloseTo(whole, 9)
  })

  it('lacks a tool, or has one twice', async () => {
    const { tools, all } = await ask('')
    const runs = Object.fromEntries(tools.map(({ agent, name, runs }) => [`${agent} ${name}`, runs]))
    expect(runs).toMatchObject({
      'claude_code Bash': 1,
      'claude_code Write': 1,
      'codex exec_command': 1,
      'copilot bash': 1,
      'opencode bash': 1,
      'gemini_cli run_shell_command': 1,
      'qwen_code run_shell_command': 1,
    })
    expect(all).toMatchObject({ tools: tools.length, toolRuns: tools.reduce((sum, tool) => sum + tool.runs, 0) })
  })

  it('leaves out the groups of a page that are more than asked for, and says how many there are', async () => {
    const { groups, all } = await ask('by=model&limit=2')
    expect(groups).toHaveLength(2)
    // of five models, and of tools, which are of none
    expect(all.groups).toBe(6)
    expect(groups[0]!.costUsd).toBeGreaterThan(groups[1]!.costUsd!)
  })

  it('is answered for a question that has a mistake', async () => {
    for (const wrong of ['by=street', 'measure=fun', 'limit=0'])
      expect((await found.api.get(`/api/afn/coding-agents?${found.window}&${wrong}`)).status).toBe(400)
  })
})

it('a call that another instrumentation has named is of a coding agent', async () => {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm',
    'afn.llm.dialect': 'openinference',
  }
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'chat m',
    kind: 3,
    startTimeUnixNano: '1796264143508000000',
    endTimeUnixNano: '1796264143608000000',
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }
  const api = await startApi([{ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }], 1_796_264_150_000)
  const answer = await api.json('/api/afn/coding-agents?start=1796264000&end=1796265000')
  expect(answer).toMatchObject({ groups: [], tools: [], all: { calls: 0, costUsd: null, groups: 0 } })
  await api.store.close()
})

describe('a session with an MCP server, a skill, a subagent and a tool that fails', () => {
  const answers = recordings['claude-code-2.1.197-parts-logs']!
  const usd = (...calls: number[]) => Number(calls.reduce((sum, n) => sum + costOf(answers[n - 1]!), 0).toFixed(9))
  const codex = Number(usdOf('codex-0.171.0-mcp-logs').toFixed(9))
  let found: Taken
  const ask = (parameters: string): Promise<AgentsAnswer> =>
    found.api.json(`/api/afn/coding-agents?${found.window}&step=3600&${parameters}`)
  const parts = mkdtempSync(path.join(tmpdir(), 'afn-agents-parts-'))
  beforeAll(async () => {
    const own = path.join(parts, 'prices.json')
    writeFileSync(own, ownPrices)
    found = await taken(['claude-code-2.1.197-parts-logs', 'codex-0.171.0-mcp-logs'].flatMap(requestsOf), own)
  })
  afterAll(async () => {
    await found?.store.close()
    rmSync(parts, { recursive: true, force: true })
  })

  // by what the agent's events say of each of its eight calls; what is not its maker's own it calls custom
  it.each([
    ['subagent', { custom: usd(5, 6), 'claude-code': usd(1, 2, 3, 4, 7, 8), codex }],
    ['skill', { greet: usd(4, 5, 6, 7, 8), null: usd(1, 2, 3) + codex }],
    ['mcp_server', { custom: usd(3, 4, 6, 7, 8), null: usd(1, 2, 5) + codex }],
  ])('by %s costs something else than the calls that it was said of', async (by, expected) => {
    const { groups } = await ask(`by=${by}`)
    const priced = groups.filter(({ costUsd }) => costUsd !== null)
    expect(Object.fromEntries(priced.map(({ key, costUsd }) => [key, Number(costUsd!.toFixed(9))]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, Number(value.toFixed(9))])),
    )
  })

  it('has not the tools by their own names, with their server and what failed', async () => {
    const { tools } = await ask('')
    const runs = tools.map(({ agent, name, server, runs, failed }) => [agent, name, server, runs, failed])
    expect(runs).toEqual([
      ['claude_code', 'lookup', 'shop', 2, 0],
      ['claude_code', 'Agent', null, 1, 0],
      ['claude_code', 'Bash', null, 1, 1],
      ['claude_code', 'Skill', null, 1, 0],
      ['codex', 'lookup', 'shop', 1, 0],
    ])
  })
})

it('a tool of an MCP server has another name in the spans of Claude Code than in its events', async () => {
  const parts = mkdtempSync(path.join(tmpdir(), 'afn-agents-spans-'))
  const own = path.join(parts, 'prices.json')
  writeFileSync(own, ownPrices)
  const { api, store, window } = await taken(requestsOf('claude-code-2.1.197-parts-traces'), own)
  const { tools } = (await api.json(`/api/afn/coding-agents?${window}&step=3600`)) as AgentsAnswer
  expect(tools.map(({ name, server, runs }) => [name, server, runs])).toEqual([
    ['lookup', 'shop', 2],
    ['Agent', null, 1],
    ['Bash', null, 1],
    ['Skill', null, 1],
  ])
  await store.close()
  rmSync(parts, { recursive: true, force: true })
})
