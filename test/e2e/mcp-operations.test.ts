// What an agent learns of alerts, SLOs, budgets, evaluations and erasure requests is what the API and the commands say.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { double, otlpAttributes } from '../support/otlp-json'
import { makeApp } from '../support/packed'
import { type RunningUp, startUp } from '../support/up'

const day = 86_400_000
const budgets = {
  budget_config: {
    budgets: [
      { name: 'all', period: 'month', amount: 1_000 },
      { name: 'of-chat', period: 'month', amount: 1, scope: { service: 'chat' }, thresholds: [50, 100] },
      { name: 'of-ann', period: 'month', amount: 10, scope: { user: 'ann' } },
    ],
  },
}

const erasure = {
  version: 1,
  id: 'a1b2c3d4',
  handle: 'ab'.repeat(20),
  number: 1,
  receivedAt: Date.now() - 40 * day,
  dueAt: Date.now() - 9 * day,
  phase: 'running',
  keyIds: ['k1'],
  sealed: { iv: 'x', tag: 'x', text: 'ann@example.com' },
  stores: {
    tempo: { step: 'erase', notBefore: Date.now(), attempts: 2, problem: 'returned 503', found: 7, remaining: 7 },
  },
}

/** A call of 0.75 USD that an evaluator failed. */
function failedAnswer() {
  const at = `${BigInt(Date.now() - 1_000) * 1_000_000n}`
  const ids = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }
  const evaluation = {
    'gen_ai.evaluation.name': 'relevance',
    'gen_ai.evaluation.score.value': double(0.25),
    'gen_ai.evaluation.score.label': 'fail',
    'gen_ai.evaluation.explanation': 'It answers another question.',
    'afn.llm.evaluation.evaluator.type': 'code',
  }
  const span = {
    ...ids,
    name: 'chat model-a',
    kind: 3,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: otlpAttributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 10,
      'afn.llm.cost.total': double(0.75),
      'user.id': 'ann',
    }),
    events: [{ timeUnixNano: at, name: 'gen_ai.evaluation.result', attributes: otlpAttributes(evaluation) }],
  }
  const resource = { attributes: otlpAttributes({ 'service.name': 'chat' }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }
}

let up: RunningUp
let asked: Client
beforeAll(async () => {
  const names = ['@duckdb/node-api', '@modelcontextprotocol/server']
  const folder = makeApp({
    files: { 'monitoring-config.json': JSON.stringify(budgets) },
    modules: Object.fromEntries(names.map(name => [name, name])),
  })
  const requests = path.join(folder, 'requests')
  mkdirSync(requests, { mode: 0o700 })
  writeFileSync(path.join(requests, `erase-${erasure.handle}-1.json`), JSON.stringify(erasure))
  up = await startUp(['--memory'], { folder, env: { AFN_GDPR_DIR: requests } })
  expect((await up.post('traces', failedAnswer())).status).toBe(200)
  asked = new Client({ name: 'test', version: '1' })
  await asked.connect(new StreamableHTTPClientTransport(new URL(`${up.url}/mcp`)))
})
afterAll(async () => {
  await asked?.close()
  await up?.stop()
})

// biome-ignore lint/suspicious/noExplicitAny: each tool has another shape, which the test knows
async function ask(name: string, args: Record<string, unknown> = {}): Promise<any> {
  const { structuredContent, content, isError } = await asked.callTool({ name, arguments: args })
  if (isError) return { error: (content as { text: string }[])[0]!.text }
  return (structuredContent as { data: unknown }).data
}

const json = async (route: string) => (await fetch(`${up.url}/${route}`)).json()

it('an agent is told of each SLO what the API says, and of alerts which fire', async () => {
  const { alerts, objectives } = (await json('api/afn/alerts')) as {
    alerts: { name: string }[]
    objectives: { id: string }[]
  }
  const told = await ask('list-slos')
  expect(told.slos.map(({ id }: { id: string }) => id).toSorted()).toEqual(objectives.map(({ id }) => id).toSorted())
  const fire = await ask('list-alerts')
  expect(fire.alerts.map(({ name }: { name: string }) => name)).toEqual(alerts.map(({ name }) => name))
  expect((await ask('list-alerts', { service: 'nobody' })).alerts).toEqual([])
})

it('an agent is told where a budget stands as the command tells it', async () => {
  const { stdout } = await up.command(['cost', 'budget', '--json', '--tempo', up.url])
  const standings = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { budget: { name: string }; spent: number; percent: number; calls: number })
  const { budgets: told, currency } = await ask('list-budgets')
  expect(currency).toBe('USD')
  const figures = ({ name, spent, percent, calls }: Record<string, unknown>) => ({ name, spent, percent, calls })
  expect(told.map(figures)).toEqual(standings.map(({ budget, ...own }) => figures({ ...own, name: budget.name })))
  expect(told.find(({ name }: { name: string }) => name === 'of-chat')).toMatchObject({
    spent: 0.75,
    percent: 75,
    calls: 1,
    thresholds_passed: [50],
  })
  expect((await ask('list-budgets', { name: 'nobody' })).error).toBe(
    'No budget is called "nobody"; there are all, of-chat, of-ann.',
  )
})

it('a mistake in the file of budgets is told with its place', async () => {
  const file = path.join(up.folder, 'monitoring-config.json')
  writeFileSync(file, JSON.stringify({ budget_config: { budgets: [{ name: 'x', period: 'year', amount: 1 }] } }))
  expect((await ask('list-budgets')).error).toMatch(/^monitoring-config\.json:1:\d+ .*period/)
  writeFileSync(file, JSON.stringify(budgets))
})

it('an agent reads what evaluators said, and the worst answer with its trace', async () => {
  const { evaluations } = await ask('list-evaluations')
  expect(evaluations).toMatchObject([{ evaluation: 'relevance', model: 'model-a', evaluated: 1, passed: 0, failed: 1 }])
  const { answers } = await ask('list-worst-answers')
  expect(answers).toMatchObject([
    {
      verdict: 'fail',
      score: 0.25,
      explanation: 'It answers another question.',
      trace_id: 'ab'.repeat(16),
      cost_usd: 0.75,
    },
  ])
})

it('an overdue erasure is told without anything of the person', async () => {
  const told = await ask('list-erasures')
  expect(told).toMatchObject({
    open: 1,
    requests: [
      {
        id: 'a1b2c3d4',
        phase: 'running',
        overdue: true,
        stores: [{ store: 'tempo', step: 'erase', found: 7, remaining: 7, problem: 'returned 503' }],
      },
    ],
  })
  expect(JSON.stringify(told)).not.toMatch(/ann|ab{20}/)
  expect(JSON.stringify(told)).not.toContain(erasure.handle)
})
