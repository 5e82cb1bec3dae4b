// Metric readers of the user: whatever exporter stands behind them, what they collect is redacted.

import type { CollectionResult, IMetricReader, MetricProducer, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { createStartTimes } from '../delivery/start-times'

type Collect = (...options: never[]) => Promise<CollectionResult>

/**
 * Redacts, and dates the starts of series as for our own readers, in two places of the reader itself, since it may be pulled by others than the provider: what the SDK produces
 * for it, and, in what it collects, the metrics of producers that the user has added. Metrics are redacted once.
 * @returns the same reader
 */
export function redactedReader(
  reader: IMetricReader,
  redact: (metrics: ResourceMetrics) => ResourceMetrics,
): IMetricReader {
  const done = new WeakSet<object>()
  const withStarts = createStartTimes()

  function redacted(result: CollectionResult): CollectionResult {
    const { resource, scopeMetrics } = result.resourceMetrics
    const all = scopeMetrics.map(scope => {
      if (done.has(scope)) return scope
      const [clean] = redact({ resource, scopeMetrics: [scope] }).scopeMetrics
      if (clean) done.add(clean)
      return clean
    })
    return { ...result, resourceMetrics: { resource, scopeMetrics: all.filter(scope => scope !== undefined) } }
  }

  const { setMetricProducer, collect } = reader
  own(reader, 'setMetricProducer', (producer: MetricProducer) =>
    Reflect.apply(setMetricProducer, reader, [
      {
        collect: async (...options: never[]) => {
          const result = await Reflect.apply(producer.collect as Collect, producer, options)
          return redacted({ ...result, resourceMetrics: withStarts(result.resourceMetrics) })
        },
      },
    ]),
  )
  own(reader, 'collect', async (...options: never[]) =>
    redacted(await Reflect.apply(collect as Collect, reader, options)),
  )
  return reader
}

function own(reader: object, name: string, value: unknown): void {
  Object.defineProperty(reader, name, { value, configurable: true, writable: true, enumerable: false })
}
