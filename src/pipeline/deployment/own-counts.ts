// What connectors count, added up on disk by our own components: a Collector that is killed goes on with the series that it had.
import type { CollectorSections, Pipeline } from './collector-sections'
import { onDisk, spanMetrics } from './span-metrics'
import { note } from './yaml-comments'

const [connector, told] = ['afn_span_metrics', 'forward/counted'] as const
const sums = (of: string): string => `afn_cumulative/${of}`
/** The pipelines whose connectors tell each batch what it counts. */
const others = ['counts', 'leaks', 'data-quality'] as const
/** Of those alone. */
const inMemory = others.map(of => `interval/${of}`)
const storage = 'file_storage/queue'

export function countedOnDisk(config: CollectorSections): CollectorSections {
  const { span_metrics: _, ...connectors } = config.connectors
  const processors = Object.entries(config.processors).filter(([id]) => !inMemory.includes(id))
  return {
    ...config,
    processors: {
      ...Object.fromEntries(processors),
      [sums('spans')]: note('What was acknowledged is counted, and the count is on the disk: kill -9 loses none.', {
        storage,
        ...onDisk,
      }),
      ...Object.fromEntries(others.map(of => [sums(of), { storage, interval: '15s' }])),
    },
    connectors: { ...connectors, [connector]: spanMetrics({}), [told]: {} },
    service: {
      ...config.service,
      pipelines: {
        ...Object.fromEntries(Object.entries(config.service.pipelines).map(counted)),
        'metrics/spans': { receivers: [connector], processors: [sums('spans')], exporters: [told] },
      },
    },
  }
}

function counted([name, { receivers, processors, exporters }]: [string, Pipeline]): [string, Pipeline] {
  const of = others.find(of => name === `metrics/${of}`)
  const inSteps = of
    ? [...processors!.filter(id => id !== 'delta_to_cumulative' && !inMemory.includes(id)), sums(of)]
    : processors
  const pipeline = {
    receivers: receivers.map(id => (id === 'span_metrics' ? told : id)),
    ...(inSteps && { processors: inSteps }),
    exporters: exporters.map(id => (id === 'span_metrics' ? connector : id)),
  }
  return [name, pipeline]
}
