// What coding agents cost and did, as test/fixtures/agents has it from their binaries, through the real Collector into a real Prometheus.
// Oracles: arithmetic over the answers of the providers that the binaries ran against, and `afn-otel up`, which has taken the same requests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { TAKEN } from '../../src/app/llm/report/cost/litellm-table'
import { builtIn } from '../../src/app/llm/report/cost/prices'
import { budget } from '../../src/cli/cost/budget'
import type { Document } from '../../src/shared/otlp/schema'
import { until } from '../collector/support'
import { type Pipeline, startPipeline } from '../dashboards/load'
import { listen } from '../support/ports'
import {
  type Answer,
  EMAIL,
  recordings,
  requestsOf,
  signalOf,
  signedIn,
  type Taken,
  taken,
} from '../unit/backend/agent-recordings'

const binary = inject('prometheusBinary')

/** A run whose calls have ids of their own, and whose edit was refused. */
const refused = (name: string): Document[] =>
  JSON.parse(
    JSON.stringify(requestsOf(name)).replaceAll('req_011PLANT', 'req_012AGAIN').replaceAll('"accept"', '"reject"'),
  )

interface Run {
  readonly dialect: string
  readonly provider: string
  readonly model: string
  readonly answers: readonly Answer[]
  readonly requests: readonly Document[]
}
const run = (dialect: string, provider: string, model: string, name: string, requests = requestsOf(name)): Run => ({
  dialect,
  provider,
  model,
  answers: recordings[name]!,
  requests,
})
/** Claude Code sends metrics, log records and spans of each call, Codex and Gemini CLI records and spans, Copilot metrics and spans. */
const runs: readonly Run[] = [
  run('claude_code', 'anthropic', 'claude-sonnet-5', 'claude-code-2.1.197-parts-traces'),
  run(
    'claude_code',
    'anthropic',
    'claude-sonnet-5',
    'claude-code-2.1.197-traces',
    refused('claude-code-2.1.197-traces'),
  ),
  run('codex', 'openai', 'gpt-5.5', 'codex-0.171.0-traces'),
  run('gemini_cli', 'gcp.gemini', 'gemini-2.5-pro', 'gemini-cli-0.61.0-detailed'),
  run('qwen_code', 'dashscope', 'qwen3-coder-plus', 'qwen-code-0.15.10'),
  run('copilot', 'openai', 'gpt-5.2', 'copilot-cli-1.0.102'),
  run('opencode', 'openai', 'gpt-5.2', 'opencode-1.18.33'),
]

function costOf({ provider, model, answers }: Run): number {
  const costs = answers.map(({ input, read, written, output }) => {
    const usage = { input, output, cacheRead: read, ...(written && { cacheWrite: written }) }
    const price = builtIn.litellm.price({ provider, models: [model], usage, at: new Date(TAKEN) })
    return 'cause' in price ? 0 : price.total
  })
  return costs.reduce((a, b) => a + b, 0)
}
const sumOf = (some: readonly Run[], of: (run: Run) => number): number => some.map(of).reduce((a, b) => a + b, 0)

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined)('coding agents', () => {
  let pipeline: Pipeline
  let up: Taken

  beforeAll(async () => {
    pipeline = await startPipeline(binary!)
    const requests = runs.flatMap(one => one.requests)
    up = await taken(requests, undefined)
    for (const request of requests)
      expect(await pipeline.collector.send(signalOf(request), signedIn(request))).toBe(200)
    await until('the last session', async () => Object.keys(await theirs('afn_agent_sessions_total')).length >= 4)
    await until(
      'the spans',
      async () => Object.keys(await theirs('sum by (afn_llm_dialect) (afn_agent_cost_total)')).length >= 5,
    )
  }, 180_000)
  afterAll(async () => {
    await pipeline?.stop()
    await up?.store.close()
  })

  interface Found {
    readonly metric: Record<string, string>
    readonly value: [number, string]
  }
  const valuesOf = (result: readonly Found[]): Record<string, number> =>
    Object.fromEntries(
      result
        .map(({ metric, value }) => [
          JSON.stringify(Object.entries(metric).sort()),
          Number(Number(value[1]).toPrecision(9)),
        ])
        .sort(([a], [b]) => (a! < b! ? -1 : 1)),
    )
  async function theirs(query: string): Promise<Record<string, number>> {
    const answer = await (await fetch(`${pipeline.url}/api/v1/query?${new URLSearchParams({ query })}`)).json()
    return valuesOf(answer.data.result)
  }
  async function ours(query: string): Promise<Record<string, number>> {
    const [, time] = /end=(\d+)/.exec(up.window)!
    const answer = await up.api.json(`/api/v1/query?${new URLSearchParams({ query, time: time! })}`)
    return valuesOf(answer.data.result)
  }

  it('the cost of an agent is not that of the answers that it got, or counts twice', async () => {
    const found = await theirs('sum by (afn_llm_dialect) (afn_llm_cost_total)')
    for (const dialect of new Set(runs.map(one => one.dialect))) {
      const cost = sumOf(
        runs.filter(one => one.dialect === dialect),
        costOf,
      )
      const key = JSON.stringify([['afn_llm_dialect', dialect]])
      if (cost === 0) expect(found[key], dialect).toBeUndefined()
      else expect(found[key], dialect).toBeCloseTo(cost, 9)
    }
    const calls = await theirs('sum(afn_llm_operation_cost_count) + sum(afn_llm_unpriced_operations_total)')
    expect(Object.values(calls)).toEqual([sumOf(runs, ({ answers }) => answers.length)])
  })

  /** Each has a pseudonym of its own kind for the same person, and the Collector counts no sessions of the last two. */
  const apart = 'user_id, collector_instance_id, instance, job'
  it.each([
    'afn_llm_cost_total',
    'afn_llm_operation_cost_count',
    'afn_llm_operation_cost_sum',
    'afn_llm_operation_cost_bucket',
    'afn_llm_unpriced_operations_total',
    'afn_llm_feature_cost_total',
    'afn_agent_cost_total',
    'afn_agent_edits_total',
    'afn_agent_sessions_total{gen_ai_agent_name!~"copilot|opencode"}',
    'gen_ai_client_inference_usage_input_tokens_total{afn_llm_dialect!=""}',
    'gen_ai_client_inference_usage_output_tokens_total{afn_llm_dialect!=""}',
    'gen_ai_client_inference_usage_cache_read_input_tokens_total{afn_llm_dialect!=""}',
    'gen_ai_client_inference_usage_cache_write_input_tokens_total{afn_llm_dialect!=""}',
    'gen_ai_client_inference_usage_reasoning_output_tokens_total{afn_llm_dialect!=""}',
  ])('%s is not what `up` counts of the same requests', async selector => {
    const query = `sum without (${apart}) (max_over_time(${selector}[1d]))`
    const expected = await ours(query)
    expect(Object.keys(expected).length).toBeGreaterThan(0)
    await expect.poll(() => theirs(query), { timeout: 20_000, interval: 500 }).toEqual(expected)
  })

  it('a person has not one pseudonym for all of their agents, or is named', async () => {
    const persons = Object.keys(await theirs('count by (user_id) (afn_agent_cost_total)'))
    expect(persons.map(text => text.replace(/[\da-f]{64}/, 'hash'))).toEqual(['[["user_id","hash"]]'])
    const named = await fetch(`${pipeline.url}/api/v1/label/user_id/values`)
    expect(await named.text()).not.toContain(EMAIL)
  })

  describe('budgets by team', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-agents-budget-'))
    const file = path.join(folder, 'monitoring-config.json')
    let server: Server
    let url: string
    let alerts: { labels: Record<string, string> }[]
    let out: string

    beforeAll(async () => {
      server = createServer(async (request, response) => {
        let text = ''
        for await (const chunk of request) text += chunk
        if (request.url === '/api/v2/alerts') alerts.push(...JSON.parse(text))
        response.end('{}')
      })
      url = `http://127.0.0.1:${await listen(server)}`
    })
    beforeEach(() => {
      alerts = []
      out = ''
      for (const name of Object.keys(process.env)) if (/^(?:AFN|OTEL)_/.test(name)) vi.stubEnv(name, undefined)
      vi.stubEnv('AFN_PROMETHEUS_URL', pipeline.url)
      vi.spyOn(console, 'log').mockImplementation(line => {
        out += `${line}\n`
      })
      return () => {
        vi.unstubAllEnvs()
        vi.restoreAllMocks()
      }
    })
    afterAll(() => {
      server?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    const ofTeam = runs.filter(({ dialect }) => dialect === 'claude_code')

    it('the budget of a team has not the cost of its agents, or its alert does not name the team', async () => {
      const budgets = [
        { name: 'agents', period: 'month', amount: sumOf(ofTeam, costOf) / 0.6, scope: { team: 'platform' } },
        { name: 'others', period: 'month', amount: 1, scope: { team: 'nobody' } },
      ]
      writeFileSync(file, JSON.stringify({ budget_config: { budgets } }))
      const database = path.join(folder, 'alerts.db')
      expect(await budget(['--json', '--config', file, '--alertmanager', url, '--database', database])).toBe(0)
      const [first, second] = out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(first).toMatchObject({ passed: [50] })
      expect(first.spent).toBeCloseTo(sumOf(ofTeam, costOf), 9)
      expect(second.spent).toBe(0)
      const raised = alerts.filter(({ labels }) => labels.alertname === 'AfnBudgetThreshold')
      expect(raised.map(({ labels }) => [labels.budget, labels.team, labels.threshold])).toEqual([
        ['agents', 'platform', '50'],
      ])
    })
  })
})
