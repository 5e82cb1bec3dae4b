// A real MeterProvider, and what it holds as plain values.
import type { Attributes } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'

class ManualReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

export interface Point {
  attributes: Attributes
  /** A counter's sum, or a histogram's. */
  sum: number
  count: number
  boundaries: number[]
}

export function collected() {
  const reader = new ManualReader()
  const provider = new MeterProvider({ readers: [reader] })

  async function all(): Promise<Record<string, Point[]>> {
    const { resourceMetrics } = await reader.collect()
    const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics)
    return Object.fromEntries(
      metrics.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => {
          if (typeof value === 'number') return { attributes, sum: value, count: 1, boundaries: [] }
          const {
            sum = 0,
            count,
            buckets,
          } = value as { sum?: number; count: number; buckets?: { boundaries: number[] } }
          return { attributes, sum, count, boundaries: buckets?.boundaries ?? [] }
        }),
      ]),
    )
  }

  return {
    provider,
    meter: () => provider.getMeter('test'),
    all,
    /** The points of one metric. */
    of: async (name: string) => (await all())[name] ?? [],
    /** The sum over all points of one metric. */
    sum: async (name: string) => ((await all())[name] ?? []).reduce((sum, point) => sum + point.sum, 0),
  }
}
