// One request of each signal of OTLP that fills every column of the store's tables: each type of attribute, in each place.

import { promoted } from '../../src/backend/store/schema'
import { openStore, type Store } from '../../src/backend/store/store'
import type { Document } from '../../src/shared/otlp/schema'

/** The clock of the store that has the rows. */
export const storedAt = Date.parse('2026-11-30T12:00:00Z')

const nanos = (ms: number) => `${BigInt(storedAt + ms) * 1_000_000n}`
const attribute = (key: string, value: object) => ({ key, value })

const kinds = (prefix: string) => [
  attribute(`${prefix}.text`, { stringValue: 'a text of more than twelve bytes, with 日本語' }),
  attribute(`${prefix}.short`, { stringValue: 'short' }),
  attribute(`${prefix}.int`, { intValue: '-9007199254740993' }),
  attribute(`${prefix}.float`, { doubleValue: 0.1 }),
  attribute(`${prefix}.bool`, { boolValue: true }),
  attribute(`${prefix}.texts`, { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } }),
  attribute(`${prefix}.ints`, { arrayValue: { values: [{ intValue: '1' }, { intValue: '2' }] } }),
  attribute(`${prefix}.floats`, { arrayValue: { values: [{ doubleValue: 1.5 }, { doubleValue: -2 }] } }),
  attribute(`${prefix}.bools`, { arrayValue: { values: [{ boolValue: true }, { boolValue: false }] } }),
  attribute(`${prefix}.one`, { arrayValue: { values: [{ stringValue: 'alone' }] } }),
  attribute(`${prefix}.map`, { kvlistValue: { values: [attribute('a', { intValue: '1' })] } }),
  attribute(`${prefix}.bytes`, { bytesValue: 'AAECAw==' }),
  attribute(`${prefix}.nothing`, {}),
]

const sampleOf = {
  string: { stringValue: 'a value' },
  int: { intValue: '7' },
  float: { doubleValue: 0.25 },
  bool: { boolValue: true },
}
const columns = [...promoted.values()].map(({ key, type }) => attribute(key, sampleOf[type]))

const resource = {
  attributes: [attribute('service.name', { stringValue: 'shop' }), ...kinds('resource')],
  droppedAttributesCount: 1,
}
const scope = { name: 'a library', version: '1.2.3', attributes: kinds('scope'), droppedAttributesCount: 2 }

const ids = { traceId: '000102030405060708090a0b0c0d0e0f', spanId: '00000000000000a1' }
const root = {
  ...ids,
  name: 'GET /',
  kind: 2,
  startTimeUnixNano: nanos(-2_000),
  endTimeUnixNano: nanos(-1_000),
  traceState: 'vendor=value',
  flags: 257,
  status: { code: 2, message: 'it failed' },
  attributes: [...columns, ...kinds('span')],
  droppedAttributesCount: 3,
  events: [
    { timeUnixNano: nanos(-1_500), name: 'an event', attributes: kinds('event'), droppedAttributesCount: 4 },
    { timeUnixNano: nanos(-1_400), name: 'another' },
  ],
  droppedEventsCount: 5,
  links: [
    {
      traceId: 'ffffffffffffffffffffffffffffffff',
      spanId: 'ffffffffffffffff',
      traceState: 'a=b',
      flags: 1,
      attributes: kinds('link'),
      droppedAttributesCount: 6,
    },
  ],
  droppedLinksCount: 7,
}
const child = { ...root, spanId: '00000000000000a2', parentSpanId: ids.spanId, attributes: [], events: [], links: [] }
const spans = [
  root,
  child,
  // promoted keys with values of other types stand in the maps
  {
    ...child,
    spanId: '00000000000000a3',
    attributes: columns.map(({ key, value }) =>
      attribute(key, 'stringValue' in value ? sampleOf.int : sampleOf.string),
    ),
  },
  { ...child, traceId: `${ids.traceId.slice(0, -1)}0`, parentSpanId: '00000000000000ff' },
]

const logRecords = [
  {
    timeUnixNano: nanos(-900),
    observedTimeUnixNano: nanos(-800),
    severityNumber: 17,
    severityText: 'ERROR',
    body: { stringValue: 'a line' },
    eventName: 'an.event',
    attributes: kinds('log'),
    droppedAttributesCount: 8,
    flags: 1,
    ...ids,
  },
  { body: { kvlistValue: { values: [attribute('a', { doubleValue: 1 })] } }, severityNumber: 5 },
  { attributes: [attribute('afn.audit', { boolValue: true })] },
]

const moment = { startTimeUnixNano: nanos(-60_000), timeUnixNano: nanos(-700), attributes: kinds('point'), flags: 1 }
const exemplars = [{ timeUnixNano: nanos(-750), asDouble: 3.5, filteredAttributes: kinds('exemplar'), ...ids }]
const common = { unit: 's', description: 'what it says' }
const metrics = [
  { ...common, name: 'a.gauge', gauge: { dataPoints: [{ ...moment, asDouble: -0.5 }] } },
  {
    ...common,
    name: 'a.sum',
    sum: {
      dataPoints: [{ ...moment, asInt: '9007199254740993', exemplars }],
      aggregationTemporality: 2,
      isMonotonic: true,
    },
  },
  {
    ...common,
    name: 'a.histogram',
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [
        {
          ...moment,
          count: '3',
          sum: 4.5,
          min: 0.5,
          max: 3.5,
          explicitBounds: [1, 2],
          bucketCounts: ['1', '0', '2'],
          exemplars,
        },
      ],
    },
  },
  {
    ...common,
    name: 'an.exponential.histogram',
    exponentialHistogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          ...moment,
          count: '4',
          sum: 5,
          scale: 3,
          zeroCount: '1',
          zeroThreshold: 0.001,
          positive: { offset: -1, bucketCounts: ['1', '2'] },
          negative: { offset: 0, bucketCounts: ['0'] },
        },
      ],
    },
  },
  {
    ...common,
    name: 'a.summary',
    summary: { dataPoints: [{ ...moment, count: '2', sum: 3, quantileValues: [{ quantile: 0.5, value: 1.5 }] }] },
  },
]

const requests: readonly (readonly ['traces' | 'logs' | 'metrics', Document])[] = [
  ['traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }],
  ['logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }],
  ['metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }],
]

/** @param path of the file */
export async function openWithEveryRow(path: string): Promise<Store> {
  const store = await openStore({ path, now: () => storedAt })
  for (const [signal, request] of requests) await store.write(signal, request)
  await store.finalizeTraces()
  return store
}
