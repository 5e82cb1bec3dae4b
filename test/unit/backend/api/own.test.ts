// Our own routes, over the twelve traces of test/tempo, which say by hand what is in them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requests } from '../../../tempo/traces'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const kv = (key: string, value: object) => ({ key, value })
const window = `start=${start / 1_000}&end=${start / 1_000 + 60}`

const span = (id: number, more: object) => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  name: 'pay',
  kind: 1,
  startTimeUnixNano: `${start + id}000000`,
  endTimeUnixNano: `${start + id + 10}000000`,
  ...more,
})
const failed = (id: number, message: string, more: object = {}) =>
  span(id, { status: { code: 2, message }, attributes: [kv('error.type', { stringValue: 'PaymentError' })], ...more })
const sent = (service: string, spans: object[]) => ({
  resourceSpans: [
    { resource: { attributes: [kv('service.name', { stringValue: service })] }, scopeSpans: [{ spans }] },
  ],
})

const record = (ms: number, severityNumber: number, body: object | undefined, more: object = {}) => ({
  timeUnixNano: `${start + ms}000000`,
  severityNumber,
  body,
  ...more,
})
const logRequest = {
  resourceLogs: [
    {
      resource: { attributes: [kv('service.name', { stringValue: 'chat-api' })] },
      scopeLogs: [
        {
          logRecords: [
            record(
              1,
              9,
              { stringValue: 'asked the model' },
              { traceId: `${'0'.repeat(29)}abc`, spanId: `${'0'.repeat(15)}1` },
            ),
            record(2, 17, { stringValue: 'The Model failed' }, { attributes: [kv('n', { intValue: '3' })] }),
            record(3, 9, undefined, { eventName: 'browser.web_vital' }),
          ],
        },
      ],
    },
  ],
}

let api: Api
beforeAll(async () => {
  api = await startApi([...requests(start).map(({ body }) => body), logRequest], start + 60_000)
})
afterAll(() => api.store.close())

it('the overview counts each call once, and says which have no price', async () => {
  const failed = await api.json(`/api/search?${window}&q=${encodeURIComponent('{ status = error }')}`)
  expect(await api.json(`/api/afn/overview?${window}`)).toEqual({
    traces: 12,
    spans: 32,
    errors: 5,
    failedTraces: failed.traces.length,
    calls: 15,
    costUsd: expect.closeTo(0.64),
    unpriced: 3,
    unpricedBy: { no_price: 1, no_usage: 2 },
    tokens: { input: 19_480, output: 3_185, cacheRead: 7_100, cacheWrite: 0, reasoning: 0 },
    p50Ms: expect.any(Number),
    p95Ms: expect.any(Number),
    ttftP95Ms: expect.any(Number),
    tiers: { detailed: 6, sampled: 3, errors: 3 },
    keptDays: { detailed: 3, sampled: 30, errors: 90 },
  })
  expect(await api.json('/api/afn/overview?start=1&end=2')).toMatchObject({ traces: 0, costUsd: null, p95Ms: null })
})

describe('the series of a chart', () => {
  const totals = async (parameters: string) => {
    const { series } = await api.json(`/api/afn/series?${window}&${parameters}`)
    return Object.fromEntries(series.map(({ key, total }: { key: string; total: number }) => [key, total]))
  }

  it('sum the cost of calls by each attribute that groups them', async () => {
    const cost = await totals('metric=cost&by=model')
    // one without any price is no model without cost
    expect(Object.keys(cost)).toEqual(['gpt-5-mini', 'claude-sonnet-5', 'text-embedding-3-small', 'local-llm'])
    expect(cost['local-llm']).toBeNull()
    expect(cost['claude-sonnet-5']).toBeCloseTo(0.3)
    expect(await totals('metric=calls&by=provider')).toMatchObject({ anthropic: 2, ollama: 1 })
    expect(await totals('metric=tokens&by=user')).toMatchObject({ u2: 10_750 })
    expect(Object.values(await totals('metric=cost&by=none'))[0]).toBeCloseTo(
      (await api.json(`/api/afn/overview?${window}`)).costUsd,
    )
  })

  it('have a point for each step, and none for steps without a span', async () => {
    const { stepSeconds, series } = await api.json(`/api/afn/series?${window}&metric=calls&by=none&step=2`)
    expect(stepSeconds).toBe(2)
    const points: [number, number][] = series[0].points
    expect(points[0]![0] % 2).toBe(0)
    // one trace began six seconds after the others
    expect(points.at(-1)).toEqual([start / 1_000 + 6, 1])
    expect(points.reduce((sum, [, value]) => sum + value, 0)).toBe(series[0].total)
  })

  it('have the latency of a service by its requests, and that of a model by its calls', async () => {
    expect(await totals('metric=latency&by=service')).toMatchObject({ 'chat-api': expect.any(Number), worker: 300 })
    expect(await totals('metric=latency&by=provider')).toMatchObject({ ollama: 200 })
    expect(await totals('metric=ttft&by=model')).toEqual({ 'claude-sonnet-5': 1_500, 'gpt-5-mini': 400 })
    expect(await totals('metric=errors&by=model')).toEqual({ 'gpt-5-mini': 1, 'claude-sonnet-5': 1 })
  })

  it.each(['metric=nope', 'by=nope', 'step=0', 'step=x', `start=1&end=${start / 1_000}&step=1`])(
    'are refused with 400 and the reason for %s',
    async parameters => {
      const response = await api.get(`/api/afn/series?${parameters}`)
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 400,
        body: { error: expect.stringContaining('invalid') },
      })
    },
  )
})

describe('a session', () => {
  it('has all of its traces, and the latest session is first', async () => {
    const { sessions } = await api.json(`/api/afn/sessions?${window}`)
    const byId = Object.fromEntries(sessions.map((one: { kind: string; id: string }) => [`${one.kind} ${one.id}`, one]))
    expect(Object.keys(byId).sort()).toEqual([
      'conversation c1',
      'conversation c2',
      'session s1',
      'session s2',
      'session s3',
    ])
    expect(byId['session s2']).toMatchObject({ user: 'u2', traces: 2, calls: 3, errors: 1, inputTokens: 8_200 })
    expect(byId['session s3']).toMatchObject({ user: 'u1', traces: 1, calls: 3 })
    expect(sessions[0].end).toBeGreaterThanOrEqual(sessions.at(-1).end)
  })

  it('has its calls in order, the oldest first', async () => {
    const { turns } = await api.json('/api/afn/sessions/conversation/c1')
    expect(turns.map(({ startMs, ...turn }: Record<string, unknown>) => [turn.user, turn.model, turn.status])).toEqual([
      ['u1', 'gpt-5-mini', 'unset'],
      ['u2', 'gpt-5-mini', 'error'],
      ['u2', 'gpt-5-mini', 'unset'],
      ['u2', 'claude-sonnet-5', 'unset'],
    ])
    expect(turns[0]).toMatchObject({
      costUsd: 0.02,
      inputTokens: 5_000,
      outputTokens: 300,
      ttftMs: 400,
      durationMs: 900,
    })
    expect(JSON.parse(turns[0].inputMessages)).toMatchObject([{ role: 'user' }])
    expect(await api.json("/api/afn/sessions/session/it's")).toMatchObject({ kind: 'session', id: "it's", turns: [] })
    expect((await api.get('/api/afn/sessions/tribe/x')).status).toBe(404)
  })
})

describe('errors in the list of groups', () => {
  it('are one group where they differ in ids and numbers alone, counted at the span where they began', async () => {
    const own = await startApi(
      [
        sent('shop', [
          failed(1, 'order 4711 of 0f8fad5b-d9cb-469f-a165-70867728950e: card [CARD:0123456789abcdef] refused'),
          failed(2, 'order 99 of 7c9e6679-7425-40de-944b-e07fc1f90ae7: card [CARD:fedcba9876543210] refused'),
          // the request above it fails with it
          span(3, { traceId: `${'0'.repeat(31)}2`, name: 'POST /pay', status: { code: 2 } }),
          failed(4, 'another thing'),
        ]),
        sent('shop', [
          {
            ...failed(2, ''),
            spanId: `${'0'.repeat(15)}5`,
            parentSpanId: `${'0'.repeat(15)}3`,
            status: {},
            events: [],
          },
        ]),
        sent('mail', [
          failed(6, 'order 1 of 0f8fad5b-d9cb-469f-a165-70867728950e: card [CARD:0123456789abcdef] refused'),
        ]),
      ],
      start + 60_000,
    )
    const { groups } = await own.json(`/api/afn/errors?${window}`)
    const shape = 'order <n> of <id>: card [CARD] refused'
    expect(groups.map(({ service, message, count }: Record<string, unknown>) => [service, message, count])).toEqual(
      expect.arrayContaining([
        ['shop', shape, 2],
        ['mail', shape, 1],
        ['shop', 'another thing', 1],
      ]),
    )
    const [first] = groups
    expect(first).toMatchObject({
      type: 'PaymentError',
      span: 'pay',
      first: start / 1_000 + 0.001,
      last: start / 1_000 + 0.002,
    })
    expect(first.examples.map(({ traceId }: { traceId: string }) => traceId)).toEqual([
      `${'0'.repeat(31)}2`,
      `${'0'.repeat(31)}1`,
    ])
    await own.store.close()
  })

  it('are found by exceptions too, and a refused call that was repeated is none', async () => {
    const status = (code: number) => kv('http.response.status_code', { intValue: String(code) })
    const exception = {
      timeUnixNano: `${start}000000`,
      name: 'exception',
      attributes: [
        kv('exception.type', { stringValue: 'TypeError' }),
        kv('exception.message', { stringValue: 'x is not\na function' }),
      ],
    }
    const own = await startApi(
      [
        sent('shop', [
          span(1, { events: [exception] }),
          failed(2, 'too many requests', { kind: 3, attributes: [status(429)], parentSpanId: 'f'.repeat(16) }),
        ]),
      ],
      start + 60_000,
    )
    const { groups } = await own.json(`/api/afn/errors?${window}`)
    expect(groups).toMatchObject([{ type: 'TypeError', message: 'x is not', count: 1 }])
    await own.store.close()
  })
})

describe('the facts of a trace', () => {
  const idOf = (place: number) => {
    const { resourceSpans } = requests(start)[place]!.body as {
      resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[]
    }
    return resourceSpans[0]!.scopeSpans[0]!.spans[0]!.traceId
  }

  it('are its tier, all policies that apply, and until when it is kept', async () => {
    expect(await api.json(`/api/afn/traces/${idOf(1)}`)).toMatchObject({
      traceId: idOf(1),
      tier: 'sampled',
      reason: 'slow',
      policies: ['slow'],
      keptUntil: start / 1_000 + 9.1 + 30 * 86_400,
    })
    const missing = await api.get('/api/afn/traces/fff')
    expect({ status: missing.status, body: await missing.json() }).toEqual({
      status: 404,
      body: { error: expect.stringMatching(/^trace \w+ not found/) },
    })
    expect((await api.get('/api/afn/traces/xyz')).status).toBe(400)
  })
})

describe('log lines', () => {
  it('of a trace are in the order of time, those of a window newest first', async () => {
    const { logs } = await api.json('/api/afn/logs?trace=abc')
    expect(logs).toMatchObject([
      {
        body: 'asked the model',
        class: 'info',
        service: 'chat-api',
        traceId: `${'0'.repeat(29)}abc`,
        spanId: `${'0'.repeat(15)}1`,
      },
    ])
    const all = await api.json(`/api/afn/logs?${window}`)
    expect(all.logs.map(({ body }: { body: string }) => body)).toEqual([null, 'The Model failed', 'asked the model'])
    expect(all.logs.map(({ event }: { event: string }) => event)).toEqual(['browser.web_vital', '', ''])
    expect(all.logs[1]).toMatchObject({ severity: 'ERROR', class: 'error', attributes: { n: 3 }, traceId: null })
  })

  it('are found by a text and by their class', async () => {
    const found = async (parameters: string) => (await api.json(`/api/afn/logs?${window}&${parameters}`)).logs.length
    expect(await found('q=MODEL')).toBe(2)
    expect(await found('q=web_vital')).toBe(1)
    expect(await found("q=it's")).toBe(0)
    expect(await found('class=error')).toBe(1)
    expect((await api.get('/api/afn/logs?class=loud')).status).toBe(400)
  })
})

it('the catalogue has the queries of TraceQL, and each has an answer', async () => {
  const { queries } = await api.json('/api/afn/catalogue')
  expect(queries.length).toBeGreaterThan(40)
  expect(queries.find(({ name }: { name: string }) => name === 'slow-chats')).toMatchObject({
    kind: 'traces',
    tiers: ['detailed', 'sampled', 'errors'],
    text: expect.stringContaining('$over'),
    parameters: expect.arrayContaining([expect.objectContaining({ name: 'over', type: 'duration', fallback: '2s' })]),
  })
})

it('an unknown path is 404 in JSON, and a wrong time 400', async () => {
  const response = await api.get('/api/afn/nothing')
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 404,
    body: { error: expect.any(String) },
  })
  for (const wrong of ['start=x', 'start=5&end=5', 'end=2026-01-01'])
    expect((await api.get(`/api/afn/overview?${wrong}`)).status).toBe(400)
})
