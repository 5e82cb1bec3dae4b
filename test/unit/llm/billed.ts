// An answer of a provider on the way out: what it used and what that costs, in spans and counters.
import { type Attributes, SpanKind } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { answerAttributes } from '../../../src/app/llm/observe/response-attributes'
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { createPricer } from '../../../src/app/llm/report/cost/pricer'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { createCallMetrics } from '../../../src/app/llm/report/metrics/call-metrics'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { SpanPipeline } from '../../../src/app/sdk/span-pipeline'

export interface Answered {
  readonly protocol: ProtocolName
  readonly provider: string
  readonly model: string
  /** The answer, or the events of its stream. */
  readonly answer: object | readonly object[]
  readonly attributes?: Attributes
  readonly header?: (name: string) => string | undefined
}

export interface Billed {
  readonly spans: readonly SpanCopy[]
  /** USD of all spans; undefined where one has no cost. */
  readonly cost: number | undefined
  readonly causes: readonly unknown[]
  /** The sum of an attribute over all spans. */
  total(name: string): number
  /** The same by the counter of a metric. */
  counted(metric: string): number
}

export async function billed({
  protocol,
  provider,
  model,
  answer,
  attributes,
  header = () => undefined,
}: Answered): Promise<Billed> {
  const { operation, response, fold } = protocols[protocol]
  const spans: SpanCopy[] = []
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 })
  const meters = new MeterProvider({ readers: [reader] })
  const pricer = createPricer({
    load: () => loadPrices(undefined, () => {}),
    onFailure: error => {
      throw error
    },
  })
  pricer.load()
  const count = createCallMetrics({ meter: () => meters.getMeter('test') })
  const sink = { add: (span: SpanCopy) => void spans.push(span), flush: async () => {} }
  const path = new SpanPipeline({ span() {}, *spanInPieces() {} }, pricer, sink, {
    normalise() {},
    count: [count],
    write: [],
  })
  const inMemory = new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() })
  const tracer = new TracerProvider({ spanProcessors: [path, inMemory] }).getTracer('@afn/otel/llm')
  const span = tracer.startSpan(operation, {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      'afn.llm.usage.source': 'provider',
      'user.id': 'u-1',
      ...attributes,
    },
  })
  let document: unknown = answer
  if (Array.isArray(answer)) {
    const folding = fold({ choices: 1, content: false })
    for (const event of answer) folding.event(event)
    document = folding.document()
  }
  span.setAttributes(answerAttributes(response(document, header)))
  span.end()
  await path.drain()
  await reader.forceFlush()
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics))
  const costs = spans.map(one => one.attributes['afn.llm.cost.total'] as number | undefined)
  return {
    spans,
    cost: costs.some(cost => cost === undefined) ? undefined : costs.reduce<number>((sum, cost) => sum + cost!, 0),
    causes: spans.map(one => one.attributes['afn.llm.unpriced.cause']).filter(Boolean),
    total: name => spans.reduce((sum, one) => sum + ((one.attributes[name] as number | undefined) ?? 0), 0),
    counted: metric =>
      metrics
        .filter(({ descriptor }) => descriptor.name === metric)
        .flatMap(({ dataPoints }) => dataPoints as { value: number }[])
        .reduce((sum, { value }) => sum + value, 0),
  }
}
