// `afn-otel query` against a server that answers as Tempo and Prometheus do, in their own words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { query } from '../../../src/cli/query'
import { listen } from '../../support/ports'

let requests: { path: string; parameters: Record<string, string>; tenant: string | undefined }[] = []
let answer: { status: number; body: unknown } = { status: 200, body: {} }
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
  const tenant = request.headers['x-scope-orgid'] as string | undefined
  requests.push({ path: pathname, parameters: Object.fromEntries(searchParams), tenant })
  response.writeHead(answer.status).end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
})
let url = ''
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}`
})
afterAll(() => server.close())

let stdout = ''
let stderr = ''
beforeEach(() => {
  requests = []
  stdout = ''
  stderr = ''
  vi.spyOn(console, 'log').mockImplementation(text => {
    stdout += `${text}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(text => {
    stderr += `${text}\n`
  })
})
afterEach(() => vi.restoreAllMocks())

/** `ab12`, as Tempo sends a trace id that begins with zeros. */
const found = {
  traceID: 'ab12',
  rootServiceName: 'chat-api',
  rootTraceName: 'POST /chat',
  startTimeUnixNano: '1790000000000000000',
  durationMs: 3100,
  spanSets: [
    {
      matched: 1,
      spans: [
        {
          spanID: 'cd',
          startTimeUnixNano: '1790000000050000000',
          durationNanos: '3000000000',
          attributes: [
            { key: 'gen_ai.request.model', value: { stringValue: 'claude' } },
            { key: 'gen_ai.usage.output_tokens', value: { intValue: '2500' } },
          ],
        },
      ],
    },
  ],
}
const traceId = `${'0'.repeat(28)}ab12`

it('searches the tiers of a query, and shows a table', async () => {
  answer = { status: 200, body: { traces: [found] } }
  expect(await query(['slow-chats', '--param', 'model=claude.*', '--tempo', `${url}/`])).toBe(0)
  const [{ path, parameters, tenant }] = requests as [(typeof requests)[0]]
  expect([path, tenant]).toEqual(['/api/search', 'afn-detailed|afn-sampled|afn-errors'])
  expect(parameters.q).toContain('span.gen_ai.request.model =~ "claude.*" && duration > 2s')
  expect(parameters.q).not.toContain('//')
  expect(Number(parameters.end) - Number(parameters.start)).toBe(3_600)
  const [head, row] = stdout.split('\n')
  expect(head).toMatch(/^START +SERVICE +ROOT +TRACE MS +SPANS +SPAN MS +REQUEST.MODEL +USAGE.OUTPUT_TOKENS +TRACE$/)
  expect(row).toMatch(new RegExp(`chat-api +POST /chat +3100 +1 +3000 +claude +2500 +${traceId}$`))
})

it('prints JSON, with links where Grafana is', async () => {
  answer = { status: 200, body: { traces: [found] } }
  await query(['slow-chats', '--json', '--tempo', url, '--grafana', 'http://localhost:3001', '--limit', '5'])
  const printed = JSON.parse(stdout)
  expect(printed).toMatchObject({
    query: 'slow-chats',
    language: 'traceql',
    kind: 'traces',
    tenants: ['afn-detailed', 'afn-sampled', 'afn-errors'],
    limit: 5,
    notes: [],
    traces: [{ traceId, service: 'chat-api', matched: 1, spans: [{ spanId: '00000000000000cd', durationMs: 3_000 }] }],
  })
  const link = new URL(printed.traces[0].url)
  expect(link.pathname).toBe('/explore')
  expect(JSON.parse(link.searchParams.get('panes')!).trace.queries[0].query).toBe(traceId)
  expect(stderr).toBe('')
})

it('asks one tenant for numbers, and says so', async () => {
  answer = {
    status: 200,
    body: { series: [{ labels: [{ key: 'span.user.id', value: { stringValue: 'u1' } }], value: 0.5 }] },
  }
  await query(['cost-by-user', '--tempo', url])
  expect(requests).toMatchObject([{ path: '/api/metrics/query', tenant: 'afn-detailed' }])
  expect(stderr).toContain('note: computed only on afn-detailed')
  expect(stdout).toBe('USER.ID  VALUE\nu1         0.5\n')
})

it('knows from the settings file how long a tier keeps', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-query-')), 'settings.yaml')
  writeFileSync(file, 'pipeline: {retention: {traces: {detailed: 14}}}')
  vi.stubEnv('AFN_CONFIG', file)
  answer = { status: 200, body: { series: [] } }
  await query(['cost-by-user', '--since', '10d', '--tempo', url])
  expect(requests).toMatchObject([{ tenant: 'afn-detailed' }])
  expect(stderr).toContain('which retains every trace for 14 days')
  vi.unstubAllEnvs()
  rmSync(path.dirname(file), { recursive: true })
})

it.each(['cost-by-user', '{ } | rate()'])(
  'says what to do where Tempo does not compute over so long, %s',
  async asks => {
    answer = { status: 400, body: 'metrics query time range exceeds the maximum allowed duration of 24h0m0s' }
    expect(await query([asks, '--since', '3d', '--tempo', url])).toBe(1)
    expect(stderr).toContain('Tempo computes metrics over at most 24h0m0s: shorten --since, or raise')
  },
)

it('searches week by week until there are enough', async () => {
  answer = { status: 200, body: { traces: [found] } }
  await query(['{ status = error }', '--since', '30d', '--tempo', url])
  const spans = requests.map(({ parameters }) => (Number(parameters.end) - Number(parameters.start)) / 86_400)
  expect(spans).toEqual([7, 7, 7, 7, 2])
  expect(stdout.split(traceId)).toHaveLength(2)
  requests = []
  await query(['{ status = error }', '--since', '30d', '--limit', '1', '--tempo', url])
  expect(requests).toHaveLength(1)
  expect(stderr).toContain('there may be more than 1 (--limit)')
})

it('asks Prometheus what is PromQL', async () => {
  const result = [{ metric: { model: 'm' }, values: [[1_790_000_000, '1.5']] }]
  answer = { status: 200, body: { data: { resultType: 'matrix', result } } }
  await query(['sum(rate(x_total[5m]))', '--prometheus', url, '--json'])
  expect(requests).toMatchObject([{ path: '/api/v1/query_range', tenant: undefined, parameters: { step: '60' } }])
  expect(JSON.parse(stdout).series).toEqual([{ labels: { model: 'm' }, samples: [['2026-09-21T14:13:20.000Z', 1.5]] }])
  answer = { status: 200, body: { data: { resultType: 'vector', result: [{ metric: {}, value: [1, '2'] }] } } }
  await query(['spend', '--prometheus', url])
  expect(requests[1]?.parameters.query).toContain('service_name=~".*"}[3600s]')
})

it('says that nothing was found, and why that may be', async () => {
  answer = { status: 200, body: { traces: [] } }
  expect(await query(['failed-tools', '--tempo', url])).toBe(0)
  expect(stdout).toBe('nothing found\n')
  expect(stderr).toContain('note: spans of the last 30 seconds are not searchable yet')
})

it('passes on what the backend refuses, with exit code 1', async () => {
  answer = { status: 400, body: 'invalid TraceQL query: parse error at line 1, col 3' }
  expect(await query(['{ a }', '--tempo', url])).toBe(1)
  expect(stderr).toBe(
    `afn-otel query: Tempo at ${url} returned 400: invalid TraceQL query: parse error at line 1, col 3\n`,
  )
})

it('says what to do where nobody answers', async () => {
  expect(await query(['{ }', '--tempo', 'http://127.0.0.1:9'])).toBe(1)
  expect(stderr).toMatch(/Tempo does not answer at http:\/\/127\.0\.0\.1:9 \(.+\); start it there, or set --tempo URL/)
  answer = { status: 200, body: '<html>' }
  expect(await query(['{ }', '--tempo', url])).toBe(1)
  expect(stderr).toContain('did not return JSON; is it Tempo?')
})

it.each([
  [[], 'query needs a name or a query'],
  [['slow-chat'], 'did you mean slow-chats'],
  [['user-traces'], 'user-traces needs --param user=…'],
  [['slow-chats', '--param', 'over'], '--param takes NAME=VALUE'],
  [['slow-chats', '--param', 'over=2'], '$over has type duration'],
  [['slow-chats', '--since', 'today'], '--since takes'],
  [['slow-chats', '--limit', '0'], '--limit takes'],
  [['slow-chats', '{ }'], 'unexpected argument "{ }"'],
  [['cost-by-user', '--tier', 'errors'], 'would be wrong on tier errors'],
  [['spend', '--tier', 'errors'], '--tier applies to traces only'],
  [['{ }', '--tempo', 'localhost:3200'], '"localhost:3200" is not an http(s) URL'],
])('refuses %j', async (args, message) => {
  await expect(query(args)).rejects.toThrow(message)
  expect(requests).toEqual([])
})

it('lists what it knows', async () => {
  expect(await query(['--list'])).toBe(0)
  expect(stdout).toMatch(/^slow-chats +traces +detailed sampled errors +Slow chats by model$/m)
  stdout = ''
  await query(['--list', 'user-traces'])
  expect(stdout).toContain('--param user=… (text, required)')
})

it('leaves out what has no value, and says so', async () => {
  const row = (model: string, value: string) => ({ metric: { model }, values: [[1, value]] })
  answer = { status: 200, body: { data: { resultType: 'matrix', result: [row('alpha', '3'), row('beta', 'NaN')] } } }
  expect(await query(['--prometheus', url, 'sum by (model) (rate(x[5m])) / sum by (model) (rate(y[5m]))'])).toBe(0)
  expect(stdout).toContain('alpha')
  expect(stdout).not.toMatch(/NaN|beta/)
  expect(stderr).toContain('note: 1 row has no value in this time range; omitted')
})

it('says how many it has found when it shows fewer', async () => {
  const traces = Array.from({ length: 21 }, (_, n) => ({ ...found, traceID: `ab${n}` }))
  answer = { status: 200, body: { traces } }
  expect(await query(['--tempo', url, 'slow-chats', '--limit', '2'])).toBe(0)
  expect(stderr).toContain('note: the first 2 of 21 (--limit)')
})

it('takes an empty option or variable for none', async () => {
  answer = { status: 200, body: { data: { resultType: 'vector', result: [] } } }
  vi.stubEnv('AFN_PROMETHEUS_URL', '')
  vi.stubEnv('AFN_GRAFANA', '')
  const said = await query(['--prometheus', '', 'up']).catch(error => error.message)
  vi.unstubAllEnvs()
  expect(String(said)).not.toContain('is not an http')
})
