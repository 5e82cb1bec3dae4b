// What senders share, by our own components: a request has the metrics of one service alone, and each has so many series. Upstream's put all
// together that is told in one interval, and have room for a number of series of all together.
import type { Pipeline } from './collector-sections'
import { env } from './environment'
import { usable } from './metric-window'
import { note, type Section } from './yaml-comments'

const [splitter, limiter] = ['afn_by_service', 'afn_series_limiter'] as const

export const sharing = (): Section => ({
  [splitter]: note('If Prometheus refuses data of one service, no other service loses data.', {}),
  [limiter]: note('No service uses the series of another one; series above the limit are counted (too_many_series).', {
    series: 10_000,
    collector: env('AFN_COLLECTOR_NAME'),
  }),
})

/** Pipelines in which many services wait for the same clock. */
const isShared = (processor: string): boolean => /^(?:interval|afn_cumulative)\//.test(processor)

const alone = (processors: readonly string[]): string[] => [
  ...processors.flatMap(id => (id === usable ? [id, limiter] : [id])),
  ...(processors.some(isShared) ? [splitter] : []),
]

export const bounded = (pipelines: Record<string, Pipeline>): Record<string, Pipeline> =>
  Object.fromEntries(
    Object.entries(pipelines).map(([name, pipeline]) => [
      name,
      pipeline.processors ? { ...pipeline, processors: alone(pipeline.processors) } : pipeline,
    ]),
  )
