// A store that has every edge of 64 bits in every numeric field of OTLP, sent as JSON and as protobuf: it takes all of it, is swept, starts
// again, and answers every route and every query of every board.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { promoted } from '../../../src/backend/store/schema'
import { openStore } from '../../../src/backend/store/store'
import { boardsOfUp } from '../../../src/cli/dashboards/of-up'
import { metrics as ofBoards } from '../../../src/monitoring/dashboards/metrics'
import type { Signal } from '../../../src/shared/config/otlp'
import { messages, requestMessages } from '../../../src/shared/otlp/messages'
import type { Document } from '../../../src/shared/otlp/schema'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { withEdges } from '../../support/edges'
import { type Api, apiOn } from './api/ask'

const day = 86_400_000
const start = Date.parse('2026-11-30T12:00:00Z')
const nanos = (ms: number) => `${BigInt(start + ms) * 1_000_000n}`
const attribute = (key: string, value: object) => ({ key, value })
const ids = (n: number) => ({
  traceId: (n + 1).toString(16).padStart(32, '0'),
  spanId: (n + 1).toString(16).padStart(16, '0'),
})

const int = { intValue: '7' }
const float = { doubleValue: 0.5 }
const numbers = [
  attribute('an.int', int),
  attribute('a.float', float),
  attribute('ints', { arrayValue: { values: [int, int] } }),
  attribute('floats', { arrayValue: { values: [float, float] } }),
  attribute('map', { kvlistValue: { values: [attribute('int', int), attribute('float', float)] } }),
]
const promotedValues = { string: { stringValue: 'chat' }, int, float, bool: { boolValue: false } }

const span: Document = {
  ...ids(0),
  parentSpanId: '',
  name: 'chat',
  kind: 3,
  startTimeUnixNano: nanos(-2_000),
  endTimeUnixNano: nanos(-1_000),
  flags: 1,
  status: { code: 1 },
  attributes: [
    ...Array.from(promoted.values(), ({ key, type }) => attribute(key, promotedValues[type])),
    ...numbers,
    attribute('gen_ai.response.time_to_first_chunk', float),
  ],
  droppedAttributesCount: 1,
  events: [{ name: 'exception', timeUnixNano: nanos(-1_500), attributes: numbers, droppedAttributesCount: 1 }],
  droppedEventsCount: 1,
  links: [{ ...ids(0), flags: 1, attributes: numbers, droppedAttributesCount: 1 }],
  droppedLinksCount: 1,
}
const spans = [...withEdges(messages.Span, span)].map((one, n) => ({ ...one, ...ids(n) }))
/** All in one trace and one session, so that sums are of all. */
const ofOneTrace = spans.map((one, n) => ({ ...one, ...ids(0), spanId: ids(n).spanId }))

const log: Document = {
  timeUnixNano: nanos(-1_000),
  observedTimeUnixNano: nanos(-500),
  severityNumber: 17,
  body: { kvlistValue: { values: numbers } },
  eventName: 'browser.web_vital',
  attributes: [
    ...numbers,
    attribute('session.id', { stringValue: 'chat' }),
    attribute('gen_ai.evaluation.name', { stringValue: 'helpful' }),
    attribute('gen_ai.evaluation.score.value', float),
  ],
  droppedAttributesCount: 1,
  flags: 1,
  ...ids(0),
}
const logRecords = [...withEdges(messages.LogRecord, log)]

const moment = { startTimeUnixNano: nanos(-60_000), timeUnixNano: nanos(-1_000), flags: 0 }
const exemplars = [
  { timeUnixNano: nanos(-1_000), asDouble: 1, ...ids(0) },
  { timeUnixNano: nanos(-1_000), asInt: '1', ...ids(0) },
]
const histogram = {
  ...moment,
  count: '2',
  sum: 3,
  min: 1,
  max: 2,
  explicitBounds: [1, 2],
  bucketCounts: ['1', '1', '0'],
}
/** Cumulative, and deltas. */
const temporalities = [2, 1]

function metricOf({ name, unit, instrument }: (typeof ofBoards)[keyof typeof ofBoards]): Document[] {
  if (instrument === 'gauge')
    return ['asInt', 'asDouble'].map(field => ({ name, unit, gauge: { dataPoints: [{ ...moment, [field]: 1 }] } }))
  return temporalities.map(aggregationTemporality =>
    instrument === 'histogram'
      ? { name, unit, histogram: { aggregationTemporality, dataPoints: [{ ...histogram, exemplars }] } }
      : {
          name,
          unit,
          sum: {
            aggregationTemporality,
            isMonotonic: instrument === 'counter',
            dataPoints: [{ ...moment, asInt: '1', exemplars }],
          },
        },
  )
}
const others: Document[] = [
  ...temporalities.map(aggregationTemporality => ({
    name: 'exponential',
    exponentialHistogram: {
      aggregationTemporality,
      dataPoints: [
        {
          ...moment,
          count: '3',
          sum: 3,
          min: -1,
          max: 2,
          scale: 1,
          zeroCount: '1',
          zeroThreshold: 0.1,
          positive: { offset: 1, bucketCounts: ['1'] },
          negative: { offset: 1, bucketCounts: ['1'] },
        },
      ],
    },
  })),
  {
    name: 'summary',
    summary: { dataPoints: [{ ...moment, count: '1', sum: 1, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
  },
]
const metrics = [...Object.values(ofBoards).flatMap(metricOf), ...others].flatMap(metric => [
  ...withEdges(messages.Metric, metric),
])

const resource = {
  attributes: [attribute('service.name', { stringValue: 'chat' }), ...numbers],
  droppedAttributesCount: 1,
}
const scope = { name: 'scope', attributes: numbers, droppedAttributesCount: 1 }
const around = [
  ...[...withEdges(messages.Resource, resource)].map(resource => ({ resource, scope })),
  ...[...withEdges(messages.InstrumentationScope, scope)].map(scope => ({ resource, scope })),
]

const requests: [Signal, Document][] = [
  [
    'traces',
    {
      resourceSpans: [
        {
          resource,
          scopeSpans: [
            { scope, spans },
            { scope, spans: ofOneTrace },
          ],
        },
      ],
    },
  ],
  [
    'traces',
    {
      resourceSpans: around.map(({ resource, scope }, n) => ({
        resource,
        scopeSpans: [{ scope, spans: [{ ...span, ...ids(10_000 + n) }] }],
      })),
    },
  ],
  ['logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }],
  ['metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }],
]

/** A number of OTLP that is a time after 2262, in a time of its own: those of exemplars are text. */
function misdated(records: readonly Document[]): number {
  const isNever = (record: Document) =>
    Object.entries(record).some(([name, value]) =>
      name.endsWith('TimeUnixNano') || name === 'timeUnixNano' ? BigInt(value as string) >= 2n ** 63n : false,
    )
  return records.filter(record => isNever(record) || ((record.events ?? []) as Document[]).some(isNever)).length
}
const pointsOf = (metric: Document) =>
  Object.values(metric).flatMap(value => ((value as Document)?.dataPoints ?? []) as Document[])
const impossible: readonly number[] = [
  2 * misdated(spans),
  0,
  misdated(logRecords),
  misdated(metrics.flatMap(pointsOf)),
]

let folder: string
let clock = start
let api: Api
const faults = vi.spyOn(console, 'error')
const open = async () => {
  api = apiOn(await openStore({ path: path.join(folder, 'afn.duckdb'), now: () => clock }), () => clock, {
    boards: boardsOfUp,
  })
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-edges-'))
  await open()
})
afterAll(async () => {
  await api.store.close()
  rmSync(folder, { recursive: true })
})

it('takes all of it, and says how many had a time that can not be', async () => {
  for (const encoded of [false, true])
    for (const [at, [signal, request]] of requests.entries()) {
      const partial = await api.store.write(signal, encoded ? toProtobuf(requestMessages[signal], request) : request)
      // spans are the same in both, and are taken once
      const count = impossible[at]!
      expect([at, partial]).toEqual([
        at,
        count === 0
          ? undefined
          : { rejected: 0, message: expect.stringMatching(new RegExp(`^${count} had a time after the year 2262`)) },
      ])
    }
  const counted = async (table: string) => (await api.store.query(`SELECT count(*)::INTEGER AS n FROM ${table}`))[0]!.n
  expect([await counted('spans'), await counted('logs'), await counted('metric_points')]).toEqual([
    2 * spans.length - 1 + around.length,
    2 * logRecords.length,
    2 * metrics.length,
  ])
  expect(
    await api.store.query(`SELECT min(t) >= 0 AS later FROM (SELECT unnest([start_ns, start_ns + duration_ns]) AS t FROM spans
    UNION ALL SELECT unnest([time_ns, observed_ns]) FROM logs UNION ALL SELECT unnest([time_ns, start_ns]) FROM metric_points
    UNION ALL SELECT unnest(events).time_ns FROM spans)`),
  ).toEqual([{ later: true }])
})

const id = ids(0).traceId
const fields = [
  'event:timeSinceStart',
  'duration',
  'trace:duration',
  'span:childCount',
  'nestedSetLeft',
  'span.an.int',
  'span.a.float',
  'span.ints',
  'span.floats',
]
  .concat([
    'event.an.int',
    'event.a.float',
    'link.an.int',
    'link.a.float',
    'resource.an.int',
    'instrumentation.a.float',
  ])
  .concat(
    Array.from(promoted.values()).flatMap(({ key, type }) =>
      type === 'int' || type === 'float' ? [`span.${key}`] : [],
    ),
  )
const searches = [
  '{}',
  '{ status = error }',
  ...fields.flatMap(field => [
    `{ ${field} > 1 }`,
    `{ ${field} = 9223372036854775807 }`,
    `{ ${field} > 1ms }`,
    `{} | avg(${field}) > 1`,
    `{} | sum(${field}) > 1`,
    `{} | max(${field}) > 1 | min(${field}) < 1000`,
    `{} | select(${field})`,
  ]),
  ...['+', '-', '*', '/', '%', '^'].flatMap(operator => [
    `{ span.gen_ai.usage.input_tokens ${operator} span.gen_ai.usage.output_tokens > 1 }`,
    `{ span.an.int ${operator} span.a.float > 1 }`,
    `{ duration ${operator} event:timeSinceStart > 1ms }`,
    `{ duration ${operator} span.an.int > 1 }`,
  ]),
  '{ -span.an.int > 1 }',
  '{ span.floats = span.floats } | by(span.floats) | count() > 0',
  '{} >> {}',
  '{} | by(span.an.int) | count() > 1',
]
const overTime = [
  'rate()',
  'count_over_time()',
  'compare({ status = error })',
  ...fields
    .filter((_, at) => at % 3 === 0)
    .flatMap(field =>
      ['sum', 'avg', 'min', 'max', 'histogram']
        .map(of => `${of}_over_time(${field})`)
        .concat(`quantile_over_time(${field}, .5, .99)`),
    ),
].flatMap(metrics => [
  `{} | ${metrics}`,
  ...(metrics.startsWith('compare') ? [] : [`{} | ${metrics} by (span.an.int)`]),
])

/** Of two windows: that of the records, and all that there is. */
const windows = () => {
  const now = Math.floor(clock / 1_000)
  return [
    { start: Math.floor(start / 1_000) - 3_600, end: Math.floor(start / 1_000) + 3_600, step: 60 },
    { start: 1, end: 4_294_967_295, step: 86_400 },
    { start: now - 3_600, end: now + 1, step: 60 },
  ]
}
const withQuery = (path: string, query: object) =>
  `${path}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`

/** Of each path the questions; none where it has none. */
function questions(path: string): readonly object[] {
  const among = windows()
  const each = (list: readonly object[]) => among.flatMap(window => list.map(one => ({ ...one, ...window })))
  if (path === '/api/search')
    return searches
      .flatMap(q => among.slice(0, 2).map(window => ({ q, ...window, limit: 50, spss: 3, afn: true })))
      .concat(
        ['start', 'duration', 'tokens', 'cost', 'errors', 'spans'].map(sort => ({
          q: '{}',
          sort,
          afn: true,
        })) as never[],
      )
  if (path.startsWith('/api/metrics/')) return overTime.map(q => ({ q, ...among[0] }))
  if (path === '/api/afn/series')
    return each(
      ['cost', 'calls', 'tokens', 'errors', 'latency', 'ttft'].map(metric => ({ metric, by: 'model' })),
    ).filter(isShort)
  if (path === '/api/afn/coding-agents') return each([{ by: 'team', measure: 'tokens' }]).filter(isShort)
  if (path === '/api/afn/heatmap') return each(['duration', 'cost'].map(y => ({ y }))).filter(isShort)
  if (path === '/api/afn/quality') return each([{ by: 'model,prompt' }]).filter(isShort)
  if (path === '/api/afn/quality/agreement') return each([{}]).filter(isShort)
  if (path === '/api/afn/quality/answers') return each([{ evaluation: 'helpful' }])
  if (path === '/api/afn/calls') return each([{ q: '{}', limit: 50 }])
  if (path === '/api/afn/logs') return [...each([{ q: '' }, { class: 'error' }]), { trace: id }]
  if (path === '/api/afn/logs/summary') return each([{ q: 'a' }, { level: 'error' }]).filter(isShort)
  if (path === '/api/afn/errors') return each([{}]).filter(isShort)
  if (path === '/api/afn/export') return ['traces', 'metrics', 'logs'].map(signal => ({ signal, format: 'parquet' }))
  if (path === '/api/v1/query') return [{ query: '{__name__=~".+"}' }]
  if (path === '/api/v1/query_range')
    return among.slice(0, 1).map(window => ({ query: 'sum by (__name__) ({__name__=~".+"})', ...window }))
  if (path === '/api/v1/series') return [{ 'match[]': '{__name__=~".+"}' }]
  if (path === '/api/afn/tail') return []
  return each([{}])
}
const isShort = (question: { start?: number; end?: number; step?: number }) =>
  (question.end! - question.start!) / question.step! <= 2_000

const parameters: Readonly<Record<string, string>> = {
  id,
  tag: 'span.an.int',
  kind: 'session',
  uid: 'afn-overview',
  name: '__name__',
}
const notAsked = ['/api/afn/tail', '/api/afn/alerts', '/*', '*', '/api/*']

const routes = (): string[] =>
  api.paths
    .filter(path => !notAsked.includes(path))
    .flatMap(path => {
      const ofSession = path.includes('sessions/') ? 'chat' : undefined
      const named = path.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'id' && ofSession) || parameters[name]!)
      return questions(path).map(question => withQuery(named, question))
    })

function panels(): string[] {
  const [window] = windows()
  return boardsOfUp('en').boards.flatMap(({ panels }) =>
    panels.flatMap(panel =>
      (panel.queries ?? []).flatMap(({ expr }) => {
        const query = expr
          .replaceAll(/\$\{?__(rate_interval|interval|range)\}?(?!_)/g, '5m')
          .replaceAll(/\$\{?__range_s\}?/g, '3600')
          .replaceAll(/\$\{?\w+(:\w+)?\}?/g, '.*')
        return [
          withQuery('/api/v1/query_range', { query, ...window }),
          withQuery('/api/v1/query', { query, time: window!.end - 3_590 }),
        ]
      }),
    ),
  )
}

/** What is answered by a fault of ours, or not at all; the rest is told apart by its status, so that a route that asks for more is not passed over. */
async function unanswered(urls: readonly string[]): Promise<string[]> {
  const failed: string[] = []
  for (const url of urls) {
    const response = await api.get(url)
    const text = await response.text()
    if (response.status !== 200 && response.status !== 404)
      failed.push(`${response.status} ${decodeURIComponent(url)} ${text.slice(0, 300)}`)
  }
  return failed.slice(0, 10)
}

const steps = [0, 8 * day]

describe.each(steps)('%d ms later', later => {
  beforeAll(async () => {
    clock = start + later
    await api.store.sweep()
    await api.store.close()
    await open()
  })

  it('answers every route', { timeout: 600_000 }, async () => {
    expect(await unanswered(routes())).toEqual([])
  })

  it('answers every query of every board', { timeout: 300_000 }, async () => {
    expect(await unanswered(panels())).toEqual([])
  })

  it('has no fault to tell', () => {
    expect(faults.mock.calls).toEqual([])
  })
})
