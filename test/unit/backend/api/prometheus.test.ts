// Prometheus' HTTP API of `afn-otel up`, without a Prometheus: what test/prometheus/promql can't compare. The words and statuses are those of Prometheus'
// documentation, and sums of deltas those of the Collector's processor `deltatocumulative`: by hand.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../../src/backend/api/app'
import { Labels } from '../../../../src/backend/promql/labels'
import { type Api, startApi } from './ask'

const NOW = Date.UTC(2026, 10, 27, 12)
const SECOND = 1_000

const point = (ageSeconds: number, fields: object) => ({
  timeUnixNano: `${NOW - ageSeconds * SECOND}000000`,
  ...fields,
})

const request = (metrics: readonly object[], service = 'shop') => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeMetrics: [{ metrics }],
    },
  ],
})

const sum = (name: string, aggregationTemporality: number, dataPoints: readonly object[]) => ({
  name,
  sum: { aggregationTemporality, isMonotonic: true, dataPoints },
})

const gauge = (name: string, dataPoints: readonly object[]) => ({ name, gauge: { dataPoints } })

const requests = [
  // deltas of 5, each with its own start, and a gap of more than five minutes, after which they count anew
  ...[900, 840, 780, 120, 60, 0].map(age =>
    request([sum('bytes', 1, [point(age, { startTimeUnixNano: `${NOW - (age + 60) * SECOND}000000`, asInt: '5' })])]),
  ),
  // one series by two senders: the first point of a moment counts
  request([gauge('twice', [point(30, { asDouble: 1 })])]),
  request([gauge('twice', [point(30, { asDouble: 2 }), point(15, { asDouble: 3 })])]),
  request([
    {
      name: 'latency',
      unit: 's',
      exponentialHistogram: {
        aggregationTemporality: 2,
        dataPoints: [point(30, { count: '3', sum: 6, scale: 0, positive: { offset: 0, bucketCounts: ['1', '2'] } })],
      },
    },
  ]),
  request([
    gauge('typed', [
      point(0, {
        asDouble: 1,
        attributes: [
          { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a<b' }, { intValue: '2' }] } } },
          { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
          { key: '0.digit', value: { doubleValue: 1.5 } },
          { key: 'a.b', value: { stringValue: 'one' } },
          { key: 'a_b', value: { stringValue: 'two' } },
          { key: 'service.name', value: { stringValue: 'own' } },
          { key: 'job', value: { stringValue: 'own' } },
        ],
      }),
    ]),
  ]),
]

let api: Api

beforeAll(async () => {
  api = await startApi(requests, NOW)
})
afterAll(() => api.store.close())

const ask = (path: string, parameters: Record<string, string>, headers = {}) =>
  api.get(`/api/v1/${path}?${new URLSearchParams(parameters)}`, headers)

async function query(text: string) {
  const { data } = await api.json(`/api/v1/query?${new URLSearchParams({ query: text, time: String(NOW / SECOND) })}`)
  return data.result
}

it('PromQL of up sums deltas as the Collector does, from 0 at the first start, and anew after a gap', async () => {
  const [series] = await query('bytes_total[20m]')
  const values = series.values.map(([time, value]: [number, string]) => [NOW / SECOND - time, Number(value)])
  expect(values).toEqual([
    [960, 0],
    [900, 5],
    [840, 10],
    [780, 15],
    [180, 0],
    [120, 5],
    [60, 10],
    [0, 15],
  ])
})

it('PromQL of up keeps the first sample of a moment where two processes send one series', async () => {
  const [series] = await query('twice[1m]')
  expect(series.values.map(([, value]: [number, string]) => value)).toEqual(['1', '3'])
})

it("PromQL of up has the labels that Prometheus' receiver makes of attributes", async () => {
  const [{ metric }] = await query('typed')
  expect(metric).toEqual({
    __name__: 'typed',
    list: '["a\\u003cb",2]',
    map: '{"k":true}',
    key_0_digit: '1.5',
    a_b: 'one;two',
    service_name: 'own',
    job: 'shop',
  })
})

describe('PromQL of up refuses with the status and error type of Prometheus', () => {
  it.each([
    [
      'no query',
      'query',
      {},
      400,
      'bad_data',
      'invalid parameter "query": 1:1: parse error: no expression found in input',
    ],
    ['no PromQL', 'query', { query: 'sum(' }, 400, 'bad_data', 'parse error: unexpected end of input'],
    [
      'a function that there is not',
      'query',
      { query: 'foo(up)' },
      400,
      'bad_data',
      'unknown function with name "foo"',
    ],
    [
      'a function that is not implemented',
      'query',
      { query: 'mad_over_time(up[5m])' },
      422,
      'execution',
      'mad_over_time()',
    ],
    ['a time that is none', 'query', { query: '1', time: 'noon' }, 400, 'bad_data', 'invalid parameter "time"'],
    ['no start', 'query_range', { query: '1', end: '1', step: '1' }, 400, 'bad_data', 'invalid parameter "start"'],
    [
      'an end before the start',
      'query_range',
      { query: '1', start: '2', end: '1', step: '1' },
      400,
      'bad_data',
      'before start',
    ],
    [
      'a step of 0',
      'query_range',
      { query: '1', start: '1', end: '2', step: '0' },
      400,
      'bad_data',
      'Try a positive integer',
    ],
    [
      'too many points',
      'query_range',
      { query: '1', start: '0', end: '12000', step: '1' },
      400,
      'bad_data',
      '11,000 points',
    ],
    [
      'a range over time',
      'query_range',
      { query: 'up[5m]', start: '1', end: '2', step: '1' },
      400,
      'bad_data',
      'range vector',
    ],
    [
      'too many samples',
      'query',
      { query: 'count_over_time(vector(1)[12d:100ms])' },
      422,
      'execution',
      'too many samples',
    ],
    [
      'brackets without end',
      'query',
      { query: `${'('.repeat(400)}1${')'.repeat(400)}` },
      400,
      'bad_data',
      'levels deep',
    ],
    ['a row without end', 'query', { query: Array(900).fill('1').join('+') }, 400, 'bad_data', 'more than 500'],
    ['a chain without end', 'query', { query: `a${'[5m:]'.repeat(3_000)}` }, 400, 'bad_data', 'parse error'],
    ['no such route', 'nothing', {}, 404, 'not_found', 'not found: '],
  ] as const)('%s', async (_, path, parameters, status, errorType, words) => {
    const response = await ask(path, parameters)
    expect(await response.json()).toEqual({ status: 'error', errorType, error: expect.stringContaining(words) })
    expect(response.status).toBe(status)
  })

  it('requests from a page of another site', async () => {
    const response = await ask('query', { query: '1' }, { origin: 'https://example.com' })
    expect(response.status).toBe(403)
  })
})

it('PromQL of up warns that it has no series of exponential histograms, where their points are in the time of the query', async () => {
  const answered = async (text: string) => {
    const parameters = new URLSearchParams({ query: text, time: String(NOW / SECOND) })
    const { data, warnings } = await api.json(`/api/v1/query?${parameters}`)
    expect(data.result, text).toEqual([])
    return warnings
  }
  const warning = [
    expect.stringMatching(/^PromQL warning: metric "latency" has exponential histograms, .*--prometheus/),
  ]
  expect(await answered('latency_seconds')).toEqual(warning)
  expect(await answered('histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))')).toEqual(warning)
  expect(await answered('{__name__=~"latency.*_count"}')).toEqual(warning)
  expect(await answered('latency_seconds offset 1h')).toBeUndefined()
  expect(await answered('latency')).toBeUndefined()
})

it('PromQL of up has the series that it records itself, unless somebody sends one of that name', async () => {
  const stored = (name: string) => {
    const labels = Labels.of([
      ['__name__', name],
      ['by', 'up'],
    ])
    return { labels, stored: () => ({ labels, times: Float64Array.of(NOW), values: Float64Array.of(7) }) }
  }
  const alerts = { ...api.parts.alerts, recorded: () => [stored('typed'), stored('slo:objective:ratio')] }
  const app = createApp({ ...api.parts, alerts })
  const of = async (path: string) => {
    const response = await app.request(`http://localhost/api/v1/${path}`, {}, socket)
    return ((await response.json()) as { data: { result: unknown[] } & { by?: string }[] }).data
  }
  const selector = encodeURIComponent('{__name__=~"typed|slo:.*"}')
  const { result } = await of(`query?query=${selector}&time=${NOW / SECOND}`)
  expect(result).toMatchObject([
    { metric: { __name__: 'typed', job: 'shop' } },
    { metric: { __name__: 'slo:objective:ratio', by: 'up' }, value: [NOW / SECOND, '7'] },
  ])
  const series = await of(`series?match[]=${selector}`)
  expect(series.map(({ by }) => by).toSorted()).toEqual(['up', undefined])
})

const socket = { incoming: { headers: { host: 'localhost' }, socket: { localAddress: '127.0.0.1' } } } as never

it('PromQL of up takes a query in the body of a form, and refuses a large one', async () => {
  const post = (body: string) =>
    createApp(api.parts).request(
      'http://localhost/api/v1/query',
      { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      socket,
    )
  const answered = await post(`query=${encodeURIComponent('1 + 1')}&time=5`)
  expect(await answered.json()).toEqual({ status: 'success', data: { resultType: 'scalar', result: [5, '2'] } })
  expect((await post(`query=${'1'.repeat(2 ** 21)}`)).status).toBe(413)
})

it('a query of PromQL is cancelled when its client goes away', async () => {
  const gone = new AbortController()
  const answer = api.get(
    `/api/v1/query?${new URLSearchParams({ query: 'max_over_time(max_over_time(vector(1)[1h:1s])[1h:1s])' })}`,
    {},
    gone.signal,
  )
  setTimeout(() => gone.abort(), 20)
  expect((await answer).status).toBe(499)
})

it('a query of PromQL is cancelled after the time of its parameter', async () => {
  const endless = 'max_over_time(max_over_time(vector(1)[1h:1s])[1h:1s])'
  const response = await ask('query', { query: endless, timeout: '20ms' })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ errorType: 'timeout' })
})

it('up passes queries to the Prometheus next to it, and no request that would change it', async () => {
  const received: string[] = []
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', chunk => {
      body += chunk
    })
    incoming.once('end', () => {
      received.push(`${incoming.method} ${incoming.url} ${body}`)
      response.writeHead(422, { 'content-type': 'application/json' }).end('{"status":"error"}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const app = createApp({ ...api.parts, prometheus: `http://127.0.0.1:${port}/` })
  const got = await app.request('http://localhost/api/v1/query?query=up', {}, socket)
  expect([got.status, await got.json()]).toEqual([422, { status: 'error' }])
  await app.request('http://localhost/api/v1/query_range', { method: 'POST', body: 'query=up' }, socket)
  const changing = await app.request('http://localhost/api/v1/otlp/v1/metrics', { method: 'POST', body: '' }, socket)
  expect(changing.status).toBe(404)
  expect(received).toEqual(['GET /api/v1/query?query=up ', 'POST /api/v1/query_range query=up'])
  await new Promise(resolve => server.close(resolve))
  expect((await app.request('http://localhost/api/v1/query?query=up', {}, socket)).status).toBe(503)
})

it('deltas are summed anew with each day, and none is lost at midnight', async () => {
  const midnight = Date.UTC(2026, 10, 27)
  const minutes = Array.from({ length: 240 }, (_, at) => midnight + (at - 120) * 60 * SECOND + 7_000)
  const points = minutes.map((time, at) => ({
    startTimeUnixNano: `${time - 60 * SECOND}000000`,
    timeUnixNano: `${time}000000`,
    asInt: String(1 + (at % 5)),
  }))
  const old = { ...points[0], startTimeUnixNano: `${midnight - 9e8}000000`, timeUnixNano: `${midnight - 8e8}000000` }
  const deltas = await startApi([request([sum('calls', 1, [old, ...points])])], NOW)
  const ask = async (text: string) => {
    const parameters = new URLSearchParams({ query: text, time: String((midnight + 120 * 60 * SECOND) / SECOND) })
    return (await deltas.json(`/api/v1/query?${parameters}`)).data.result[0]?.value[1]
  }
  // what it counted in the four hours: 48 times 1 to 5
  expect(Number(await ask('increase(calls_total[4h])'))).toBeCloseTo(720, -1)
  // since midnight
  expect(await ask('calls_total')).toBe('360')
  await deltas.store.close()
})
