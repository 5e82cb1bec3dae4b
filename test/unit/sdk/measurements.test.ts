import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { describe, expect, it, vi } from 'vitest'
// @ts-expect-error: the package exports none of it
import { hashAttributes as theirs } from '../../../node_modules/@opentelemetry/sdk-metrics/dist/utils.mjs'
import { hashAttributes, makeInstrumentsSafe } from '../../../src/app/sdk/measurements'
import { diagnostics } from '../../../src/shared/diag/report'

const samples = [
  {},
  { b: 1, a: 'x' },
  { a: 'x', b: 1 },
  { list: ['a', 'b'], flag: false, none: undefined },
  { 'gen_ai.request.model': 'm"\\é😀', 'server.port': 443, ratio: 0.1 },
]

describe("the hash of a measurement's attributes", () => {
  it("is OpenTelemetry's own, frozen or not, first and again", () => {
    for (const attributes of samples) {
      const frozen = Object.freeze({ ...attributes })
      const ours = [attributes, attributes, frozen, frozen].map(one => hashAttributes(one))
      expect(new Set(ours)).toEqual(new Set([theirs(attributes)]))
    }
  })

  it('follows attributes that change', () => {
    const attributes: Record<string, number> = { a: 1 }
    const list = ['a']
    const holder = Object.freeze({ list })
    const before = [hashAttributes(attributes), hashAttributes(holder)]
    attributes.a = 2
    list.push('b')
    expect(before).toEqual([theirs({ a: 1 }), theirs({ list: ['a'] })])
    expect([hashAttributes(attributes), hashAttributes(holder)]).toEqual([
      theirs({ a: 2 }),
      theirs({ list: ['a', 'b'] }),
    ])
  })

  it('writes fixed attributes out only once', () => {
    const frozen = Object.freeze({ a: 1, b: 2 })
    hashAttributes(frozen)
    const write = vi.spyOn(JSON, 'stringify')
    hashAttributes(frozen)
    expect(write).not.toHaveBeenCalled()
    write.mockRestore()
  })
})

it('a measurement that cannot be recorded is said, and throws nothing into the app', () => {
  const meter = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({ exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE) }),
    ],
  }).getMeter('m')
  makeInstrumentsSafe(new MeterProvider().getMeter('').createCounter('any'))
  const broken = {
    a: {
      toJSON: () => {
        throw new Error('of the app')
      },
    },
  }
  for (const record of [
    () => meter.createCounter('c').add(1, broken),
    () => meter.createHistogram('h').record(1, broken),
    () => meter.createGauge('g').record(1, broken),
    () => meter.createUpDownCounter('u').add(1, broken),
  ])
    expect(record).not.toThrow()
  expect(diagnostics()).toMatchObject([{ code: 'AFN137', count: 4 }])
})
