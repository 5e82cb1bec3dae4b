// Budgets of what coding agents cost, by team and by person: `afn-otel cost budget` over the API of `afn-otel up`, which has taken the recordings of
// their binaries. Oracle: arithmetic over the answers of the providers that the binaries ran against.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { budget } from '../../../src/cli/cost/budget'
import { pseudonym } from '../../../src/cli/pseudonym'
import { listen } from '../../support/ports'
import { costOf, EMAIL, KEY, ownPrices, recordings, requestsOf, type Taken, taken } from '../backend/agent-recordings'

/** Of Claude Code's resource the team is `platform`; Codex tells none. */
const [ofTeam, ofNone] = ['claude-code-2.1.197-logs', 'codex-0.171.0-logs'] as const
const usdOf = (...names: string[]) => names.flatMap(name => recordings[name]!.map(costOf)).reduce((a, b) => a + b, 0)

const folder = mkdtempSync(path.join(tmpdir(), 'afn-agents-budget-'))
const file = path.join(folder, 'monitoring-config.json')
let found: Taken
let server: Server
let url: string
let alerts: { labels: Record<string, string>; annotations: Record<string, string> }[]
let out: string

beforeAll(async () => {
  const prices = path.join(folder, 'prices.json')
  writeFileSync(prices, ownPrices)
  found = await taken([ofTeam, ofNone].flatMap(requestsOf), prices, 'json', () => Date.now())
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (request.url === '/api/v2/alerts') alerts.push(...JSON.parse(text))
    const answer = request.url!.startsWith('/api/v2') ? new Response('{}') : await found.api.get(request.url!)
    response.writeHead(answer.status).end(await answer.text())
  })
  url = `http://127.0.0.1:${await listen(server)}`
})
beforeEach(() => {
  alerts = []
  out = ''
  for (const name of Object.keys(process.env)) if (/^(?:AFN|OTEL)_/.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('AFN_TEMPO_URL', url)
  vi.stubEnv('AFN_HMAC_KEY', KEY)
  vi.spyOn(console, 'log').mockImplementation(line => {
    out += `${line}\n`
  })
  // the day of the recordings
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-03T12:00:00Z') })
  return () => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
})
afterAll(async () => {
  server?.close()
  await found?.store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function spentBy(scope: object, amount: number): Promise<{ spent: number; passed: number[] }> {
  const budgets = [{ name: 'agents', period: 'day', amount, scope, thresholds: [50, 80] }]
  writeFileSync(file, JSON.stringify({ budget_config: { budgets } }))
  out = ''
  const database = path.join(folder, `${Math.random()}.db`)
  expect(await budget(['--json', '--config', file, '--alertmanager', url, '--database', database])).toBe(0)
  return JSON.parse(out)
}

it("a team's budget has not the cost of its coding agents, or that of others", async () => {
  const { spent, passed } = await spentBy({ team: 'platform' }, usdOf(ofTeam) / 0.6)
  expect(spent).toBeCloseTo(usdOf(ofTeam), 12)
  expect(passed).toEqual([50])
  const raised = alerts.filter(({ labels }) => labels.alertname === 'AfnBudgetThreshold')
  expect(raised.map(({ labels }) => [labels.budget, labels.team, labels.threshold])).toEqual([
    ['agents', 'platform', '50'],
  ])
})

it("a person's budget is not found by the pseudonym that the command prints, or its alert names the person", async () => {
  await pseudonym([EMAIL])
  const name = /\[EMAIL:[\da-f]{16}\]/.exec(out)![0]
  const { spent } = await spentBy({ user: name }, usdOf(ofTeam, ofNone))
  expect(spent).toBeCloseTo(usdOf(ofTeam, ofNone), 12)
  expect(alerts).not.toEqual([])
  expect(JSON.stringify(alerts)).not.toContain(name)
})

it('a budget of one agent has the cost of another', async () => {
  const { spent } = await spentBy({ service: 'codex_exec' }, 1)
  expect(spent).toBeCloseTo(usdOf(ofNone), 12)
})
