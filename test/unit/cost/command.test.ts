// `afn-otel cost budget` as a job runs it, against one stand-in for Tempo, Alertmanager and a Collector: what it prints, raises and sends as metrics
// is one number, and whom a budget is about is in none of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { budget } from '../../../src/cli/cost/budget'
import { listen } from '../../support/ports'

let folder: string
let server: Server
let questions: string[]
let bodies: Record<string, unknown[]>
let out: string

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-cost-command-'))
  questions = []
  bodies = {}
  out = ''
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x')
    let text = ''
    for await (const chunk of request) text += chunk
    if (text) bodies[pathname] = [...(bodies[pathname] ?? []), JSON.parse(text)]
    const q = searchParams.get('q') ?? ''
    if (pathname !== '/api/metrics/query')
      return response.writeHead(pathname.startsWith('/api/afn') ? 404 : 200).end('{}')
    questions.push(q)
    const value = /sum_over_time/.test(q) ? 9 : / = nil/.test(q) && !/!= nil \}/.test(q) ? 0 : 40
    return response.end(JSON.stringify({ series: [{ labels: [], value }] }))
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  for (const name of Object.keys(process.env)) if (/^(?:AFN|OTEL)_/.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('AFN_TEMPO_URL', url)
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url)
  vi.stubEnv('AFN_COST_DATABASE', path.join(folder, 'cost.db'))
  vi.spyOn(console, 'log').mockImplementation(line => {
    out += `${line}\n`
  })
  const file = path.join(folder, 'monitoring-config.json')
  const budgets = [
    { name: 'pay', period: 'day', amount: 10, scope: { team: 'pay', user: 'zoe-q' }, thresholds: [50, 80] },
  ]
  writeFileSync(file, JSON.stringify({ budget_config: { budgets } }))
  vi.stubEnv('AFN_TEST_URL', url)
  vi.stubEnv('AFN_TEST_FILE', file)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const gauges = () => {
  const [request] = bodies['/v1/metrics'] as { resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[] }[]
  const all = request!.resourceMetrics[0]!.scopeMetrics[0]!.metrics
  return Object.fromEntries(all.map(({ name, gauge }) => [name, gauge.dataPoints[0]!]))
}
interface Metric {
  readonly name: string
  readonly gauge: {
    readonly dataPoints: { asDouble: number; attributes: { key: string; value: { stringValue: string } }[] }[]
  }
}

it('a budget of a team is asked for by its resource, raised with its label, and sent as what is printed', async () => {
  const { AFN_TEST_URL: url, AFN_TEST_FILE: file } = process.env
  expect(await budget(['--json', '--config', file!, '--alertmanager', url!])).toBe(0)
  const scoped = questions.filter(q => q.includes('zoe-q'))
  expect(scoped.length).toBeGreaterThan(0)
  for (const q of scoped) expect(q).toContain('resource.team = "pay"')
  const standing = JSON.parse(out)
  expect(standing.spent).toBeGreaterThan(0)
  const sent = gauges()
  expect(sent['afn.budget.spent']!.asDouble).toBe(standing.spent)
  expect(sent['afn.budget.amount']!.asDouble).toBe(10)
  expect(sent['afn.budget.threshold']!.asDouble).toBe(standing.passed.at(-1) / 100)
  const labels = Object.fromEntries(sent['afn.budget.spent']!.attributes.map(({ key, value }) => [key, value.stringValue])) // biome-ignore format: one line
  expect(labels).toEqual({ budget: 'pay', currency: 'USD', period: 'day', dimension: 'team, user' })
  const alerts = (bodies['/api/v2/alerts'] as { labels: Record<string, string> }[][]).flat()
  expect(alerts.length).toBeGreaterThan(0)
  for (const alert of alerts) expect(alert.labels.team).toBe('pay')
  expect(JSON.stringify([alerts, bodies['/v1/metrics']])).not.toContain('zoe-q')
})

it('who only looks sends nothing', async () => {
  expect(await budget(['--json', '--config', process.env.AFN_TEST_FILE!])).toBe(0)
  expect(JSON.parse(out).budget.name).toBe('pay')
  expect(bodies).toEqual({})
})
