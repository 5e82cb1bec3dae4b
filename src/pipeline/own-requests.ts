// Whose metrics share a request: by our own components those of one service alone. Upstream's put all together that is told in one interval.
import type { Pipeline } from './own-components'
import { note, type Section } from './yaml-comments'

const splitter = 'afn_by_service'

export const byService: Section = {
  [splitter]: note('What Prometheus refuses of one service it refuses of this one alone.', {}),
}

/** Pipelines in which many services wait for the same clock. */
const isShared = (processor: string): boolean => /^(?:interval|afn_cumulative)\//.test(processor)

export const bounded = (pipelines: Record<string, Pipeline>): Record<string, Pipeline> =>
  Object.fromEntries(
    Object.entries(pipelines).map(([name, pipeline]) => {
      const { processors = [] } = pipeline
      return [name, processors.some(isShared) ? { ...pipeline, processors: [...processors, splitter] } : pipeline]
    }),
  )
