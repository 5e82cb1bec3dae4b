// Tempo's HTTP shapes. What Tempo 3 answers to the same requests was recorded by hand; where ours says why something is
// wrong in other words, the status is what counts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromProtobuf } from '../../../../src/shared/otlp/from-protobuf'
import { messages } from '../../../../src/shared/otlp/messages'
import { requests } from '../../../tempo/traces'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const kv = (key: string, value: object) => ({ key, value })
const nanos = (ms: number) => `${start + ms}000000`

const root = {
  traceId: '00000000000000000000000000abc001',
  spanId: '0000000000000001',
  traceState: 'a=b',
  flags: 257,
  name: 'root',
  kind: 2,
  startTimeUnixNano: nanos(0),
  endTimeUnixNano: nanos(500),
  attributes: [
    kv('arr', { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } }),
    kv('b', { boolValue: false }),
    kv('bytes', { bytesValue: 'AQID' }),
    kv('f', { doubleValue: 1.5 }),
    kv('f1', { doubleValue: 1 }),
    kv('http.route', { stringValue: '/x' }),
    kv('i', { intValue: '9007199254740993' }),
    kv('map', { kvlistValue: { values: [kv('k', { intValue: '1' })] } }),
    kv('mix', { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'b' }] } }),
    kv('one', { arrayValue: { values: [{ stringValue: 'a' }] } }),
    kv('s', { stringValue: 'x' }),
  ],
  droppedAttributesCount: 3,
  events: [
    { timeUnixNano: nanos(10), name: 'ev', attributes: [kv('e', { stringValue: '1' })], droppedAttributesCount: 6 },
  ],
  droppedEventsCount: 4,
  links: [
    {
      traceId: '0000000000000000000000000000beef',
      spanId: '00000000000000ff',
      traceState: 'c=d',
      flags: 1,
      attributes: [kv('l', { intValue: '7' })],
      droppedAttributesCount: 7,
    },
  ],
  droppedLinksCount: 5,
  status: { message: 'bad', code: 2 },
}
const child = {
  traceId: root.traceId,
  spanId: '0000000000000002',
  parentSpanId: root.spanId,
  name: 'child',
  kind: 3,
  startTimeUnixNano: nanos(100),
  endTimeUnixNano: nanos(300),
  status: {},
}
const rich = {
  resourceSpans: [
    {
      resource: {
        attributes: [kv('host.cpus', { intValue: '4' }), kv('service.name', { stringValue: 'rich' })],
        droppedAttributesCount: 1,
      },
      scopeSpans: [
        {
          scope: { name: 'sc', version: '1.2', attributes: [kv('sa', { boolValue: true })], droppedAttributesCount: 2 },
          spans: [root, child],
        },
      ],
    },
  ],
}

let api: Api
beforeAll(async () => {
  api = await startApi([rich, ...requests(start).map(({ body }) => body)], start + 60_000)
})
afterAll(() => api.store.close())

describe('a trace by id', () => {
  it('comes back as it came in, in protobuf', async () => {
    const accept = { accept: 'application/protobuf' }
    const v1 = await api.get('/api/traces/abc001', accept)
    expect(v1.headers.get('content-type')).toBe('application/protobuf')
    const document = fromProtobuf(messages.ExportTraceServiceRequest, Buffer.from(await v1.arrayBuffer()))
    // columns and maps keep no order among attributes
    expect(sorted(document)).toEqual(sorted(rich))
    const v2 = Buffer.from(await (await api.get('/api/v2/traces/abc001', accept)).arrayBuffer())
    // field 1 of the answer, which is all but two bytes of it: the trace
    const trace = v2.subarray(
      v2.length - 2 - Buffer.from(await (await api.get('/api/traces/abc001', accept)).arrayBuffer()).length,
      -2,
    )
    expect(sorted(fromProtobuf(messages.ExportTraceServiceRequest, trace))).toEqual(sorted(rich))
  })

  it("comes in protobuf's JSON, with ids in base64 and enums by name", async () => {
    const { batches } = await api.json('/api/traces/abc001')
    expect(batches[0].scopeSpans[0].spans).toMatchObject([
      {
        traceId: 'AAAAAAAAAAAAAAAAAKvAAQ==',
        spanId: 'AAAAAAAAAAE=',
        kind: 'SPAN_KIND_SERVER',
        status: { code: 'STATUS_CODE_ERROR' },
      },
      { parentSpanId: 'AAAAAAAAAAE=', kind: 'SPAN_KIND_CLIENT', status: {} },
    ])
    const { trace, metrics } = await api.json('/api/v2/traces/abc001')
    expect({ batches: trace.resourceSpans, metrics }).toEqual({ batches, metrics: {} })
  })

  it('is found with and without its leading zeros, and an unknown one is 404, or empty in version 2', async () => {
    expect((await api.get(`/api/traces/${root.traceId}`)).status).toBe(200)
    expect((await api.get('/api/traces/abc')).status).toBe(404)
    expect(await api.json('/api/v2/traces/abc')).toEqual({ trace: {}, metrics: {} })
    for (const wrong of ['xyz', `0${root.traceId}`]) {
      expect((await api.get(`/api/traces/${wrong}`)).status).toBe(400)
      expect((await api.get(`/api/v2/traces/${wrong}`)).status).toBe(400)
    }
  })

  it('has the spans that q matches', async () => {
    const { trace, status } = await api.json('/api/v2/traces/abc001?q={name="child"}')
    expect(trace.resourceSpans[0].scopeSpans[0].spans).toMatchObject([{ name: 'child' }])
    expect(status).toBe('PARTIAL')
    const wrong = await api.get('/api/v2/traces/abc001?q=nonsense')
    expect({ status: wrong.status, text: await wrong.text() }).toEqual({
      status: 400,
      text: expect.stringContaining('nonsense'),
    })
  })
})

describe('a search', () => {
  it.each([
    'limit=0',
    'limit=-1',
    'limit=a',
    'spss=101',
    'start=1',
    'end=1',
    'start=10&end=5',
    'start=1.5&end=3',
    'q={',
    'q={}&tags=a%3Db',
    'tags=a%3Db%20a%3Dc',
    'tags=%22',
    'minDuration=x',
    'minDuration=2s&maxDuration=1s',
    'after=1700000000000000000',
  ])('with %s is 400, in plain text', async parameters => {
    const response = await api.get(`/api/search?${parameters}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  it('has only the fields of Tempo, since Grafana refuses others, and warnings in the headers', async () => {
    const search = `/api/search?q=${encodeURIComponent('{ .属性 = nil }')}&limit=1`
    const plain = await api.get(search)
    expect(plain.headers.get('warning')).toMatch(/^299 - "Tempo treats \.%E5%B1%9E%E6%80%A7 = nil as true/)
    const body = await plain.json()
    expect(Object.keys(body)).toEqual(['traces', 'metrics'])
    expect(body.traces[0]).not.toHaveProperty('afn')
    const more = await api.json(`${search}&afn=true`)
    expect(more.warnings).toEqual([expect.stringContaining('.属性 = nil')])
    const instant = `/api/metrics/query?q=${encodeURIComponent('{ .x = nil } | rate()')}`
    expect(Object.keys(await api.json(instant))).toEqual(['series', 'metrics'])
  })

  it('answers with root, extent and spans of a trace, and with what Tempo has no place for where the request wants it', async () => {
    const { traces, metrics } = await api.json('/api/search?q={resource.service.name="rich"}&spss=1&afn=true')
    const set = {
      spans: [
        {
          spanID: root.spanId,
          startTimeUnixNano: root.startTimeUnixNano,
          durationNanos: '500000000',
          attributes: [kv('service.name', { stringValue: 'rich' })],
        },
      ],
      matched: 2,
    }
    expect(traces).toEqual([
      {
        traceID: 'abc001',
        rootServiceName: 'rich',
        rootTraceName: 'root',
        startTimeUnixNano: root.startTimeUnixNano,
        durationMs: 500,
        spanSet: set,
        spanSets: [set],
        serviceStats: { rich: { spanCount: 2, errorCount: 1 } },
        afn: {
          tier: 'errors',
          reason: 'errors',
          keptUntil: start / 1_000 + 0.5 + 90 * 86_400,
          costUsd: null,
          unpriced: 0,
          unpricedBy: { no_price: 0, no_usage: 0 },
          calls: 0,
          models: [],
          inputTokens: 0,
          outputTokens: 0,
          errors: 1,
          spans: 2,
          user: null,
          prompt: null,
          answer: null,
        },
      },
    ])
    expect(metrics).toBeDefined()
  })

  it.each<[string, number]>([
    ['tags=service.name%3Drich', 1],
    ['tags=service.name%3Drich%20http.route%3D%22%2Fx%22', 1],
    ['tags=http.route%3D%2Fy', 0],
    ['minDuration=3s', 1],
    ['minDuration=600ms&maxDuration=700ms', 2],
    ['tags=service.name%3Dworker&maxDuration=1m', 2],
  ])('by %s finds %i traces, and has no spans of them', async (parameters, count) => {
    const { traces } = await api.json(`/api/search?${parameters}`)
    expect(traces).toHaveLength(count)
    for (const trace of traces) expect(trace.spanSets).toBeUndefined()
  })

  it('goes on behind the last trace of the page before', async () => {
    const all = (await api.json('/api/search?q={}&limit=50')).traces
    const [first] = (await api.json('/api/search?q={}&limit=1')).traces
    const after = `${first.startTimeUnixNano}.${first.traceID}`
    expect([first, ...(await api.json(`/api/search?q={}&limit=50&after=${after}`)).traces]).toEqual(all)
  })

  it('of a tenant has the traces of its tier and of those above, each once for several tenants', async () => {
    const found = async (tenants: string) => {
      const { traces } = await api.json('/api/search?limit=100', { 'x-scope-orgid': tenants })
      return traces.length
    }
    expect(await found('afn-detailed')).toBe(13)
    expect(await found('afn-sampled')).toBe(7)
    expect(await found('afn-errors')).toBe(4)
    expect(await found('afn-errors|afn-sampled|afn-detailed')).toBe(13)
    const rate = async (tenants: string) => {
      const range = `start=${start / 1_000 - 1}&end=${start / 1_000 + 59}`
      const query = `/api/metrics/query?q={}|count_over_time()&${range}`
      return (await api.json(query, { 'x-scope-orgid': tenants })).series[0].value
    }
    expect(await rate('afn-errors')).toBe(14)
    expect(await rate('afn-errors|afn-sampled')).toBeGreaterThan(await rate('afn-errors'))
    const plain = requests(start)[0]!.body as typeof rich
    const { traceId } = plain.resourceSpans[0]!.scopeSpans[0]!.spans[0]!
    expect((await api.get(`/api/traces/${traceId}`, { 'x-scope-orgid': 'afn-errors' })).status).toBe(404)
    expect((await api.get(`/api/traces/${traceId}`, { 'x-scope-orgid': 'afn-detailed' })).status).toBe(200)
  })
})

describe('the route of TraceQL metrics', () => {
  it.each(['query_range?q={}', 'query_range', 'query_range?q={}|rate()&step=0', 'query?q={}', 'query_range?q={'])(
    'refuses %s with 400',
    async path => {
      expect((await api.get(`/api/metrics/${path}`)).status).toBe(400)
    },
  )

  it('answers with series', async () => {
    const { series } = await api.json(
      `/api/metrics/query_range?q={}|rate()&start=${start / 1_000}&end=${start / 1_000 + 30}&step=30`,
    )
    expect(series).toMatchObject([{ labels: [kv('__name__', { stringValue: 'rate' })], samples: expect.any(Array) }])
  })
})

describe('tags of a search', () => {
  const tagsOf = async (parameters: string) => {
    const { scopes } = await api.json(`/api/v2/search/tags?${parameters}`)
    return Object.fromEntries(scopes.map(({ name, tags }: { name: string; tags: string[] }) => [name, tags]))
  }
  const q = 'q={resource.service.name="rich"}'

  it('are those of the scope, of the spans that q lets through', async () => {
    expect(await tagsOf(`${q}&scope=span`)).toEqual({ span: root.attributes.map(({ key }) => key) })
    const all = await tagsOf(q)
    expect(all).toMatchObject({
      resource: ['host.cpus', 'service.name'],
      event: ['e'],
      link: ['l'],
      instrumentation: ['sa'],
      intrinsic: expect.arrayContaining(['duration', 'name', 'rootServiceName', 'span:status']),
    })
    expect(await tagsOf('scope=trace')).toEqual({})
    expect((await api.get('/api/v2/search/tags?scope=bad')).status).toBe(400)
    const { tagNames } = await api.json('/api/search/tags')
    const some = [...root.attributes.map(({ key }) => key), 'e', 'host.cpus', 'l', 'sa', 'service.name']
    expect(tagNames).toEqual(expect.arrayContaining([...some, 'session.id']))
    expect(tagNames).toEqual([...new Set(tagNames)].sort())
    // what came before TraceQL knows no q
    expect((await api.json(`/api/search/tags?${q}`)).tagNames).toEqual(tagNames)
    expect(await api.json(`/api/search/tag/s/values?${encodeURI('q={ name = "none" }')}`)).toMatchObject({
      tagValues: ['x'],
    })
    expect((await api.json('/api/search/tag/rootName/values')).tagValues).toContain('root')
  })

  it.each([
    ['resource.service.name', ['string chat-api', 'string rich', 'string worker']],
    ['.service.name', ['string chat-api', 'string rich', 'string worker']],
    ['span.i', ['int 9007199254740993']],
    ['span.f', ['float 1.5']],
    ['span.f1', ['float 1.0']],
    ['span.one', ['string a']],
    ['span.b', ['bool false']],
    ['span.arr', ['string a', 'string b']],
    ['span.map', []],
    ['event:name', ['string ev', 'string gen_ai.evaluation.result']],
    ['event.e', ['string 1']],
    ['link.l', ['int 7']],
    ['instrumentation:name', ['string sc', 'string test']],
    ['status', ['keyword unset', 'keyword ok', 'keyword error']],
    ['duration', []],
    ['span:id', []],
    ['trace:id', []],
    ['span.nope', []],
  ])('under %s are %j', async (tag, expected) => {
    const { tagValues } = await api.json(`/api/v2/search/tag/${tag}/values`)
    expect(tagValues.map(({ type, value }: { type: string; value: string }) => `${type} ${value}`)).toEqual(expected)
  })

  it.each([
    ['{resource.service.name="rich"}', ['child', 'root']],
    // what is typed at this moment
    ['{resource.service.name="rich" && }', ['child', 'root']],
    ['{resource.service.name="rich" && span.x = "a && }', ['child', 'root']],
  ])('are those of the spans that the filter %s finds', async (query, expected) => {
    const { tagValues } = await api.json(`/api/v2/search/tag/name/values?${new URLSearchParams({ q: query })}`)
    expect(tagValues.map(({ value }: { value: string }) => value)).toEqual(expected)
  })

  it('are all where the filter is no query, and 400 for a wrong scope', async () => {
    const { tagValues } = await api.json('/api/v2/search/tag/name/values?q=garbage')
    expect(tagValues.length).toBeGreaterThan(5)
    expect(await api.json('/api/search/tag/service.name/values')).toEqual({
      tagValues: ['chat-api', 'rich', 'worker'],
      metrics: {},
    })
    for (const wrong of ['service.name', 'bad.x', 'span.a%20%7C%7C%20span.b'])
      expect((await api.get(`/api/v2/search/tag/${wrong}/values`)).status).toBe(400)
  })
})

it('Grafana finds the routes that it probes', async () => {
  expect(await (await api.get('/api/echo')).text()).toBe('echo\n')
  expect(await (await api.get('/ready')).text()).toBe('ready\n')
  expect(await api.json('/api/status/buildinfo')).toMatchObject({ version: expect.any(String), goVersion: '' })
  // Tempo has it for those alone who may change their limits
  expect((await api.get('/api/overrides')).status).toBe(404)
})

/** Attributes by their keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    return items.every(item => typeof item === 'object' && item !== null && 'key' in item)
      ? items.sort((a, b) => ((a as { key: string }).key < (b as { key: string }).key ? -1 : 1))
      : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sorted(one)]))
}
