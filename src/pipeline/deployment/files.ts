// `afn-otel collector run --files` lays it over otel-collector.yaml: maps are merged, lists replaced.
import { collectorConfig } from './collector-config'
import type { Plan } from './plan'
import type { Section } from './yaml-comments'

/** Every leg ends in a file of OTLP JSON, one request a line; no store is needed and no queue; what is counted stays on the disk. */
export function filesOverlay(plan: Plan): Section {
  const { service, connectors, processors } = collectorConfig(plan) as {
    service: { extensions: string[]; pipelines: Record<string, { exporters: string[] }> }
    connectors: Section
    processors: Record<string, { storage?: string }>
  }
  const exporters: Section = {}
  const pipelines: Section = {}
  for (const [pipeline, leg] of Object.entries(service.pipelines)) {
    const onward = leg.exporters.filter(name => name in connectors)
    const [signal, part] = pipeline.split('/') as [string, string]
    // all metrics and all logs too, before they are thinned out or sorted
    if (onward.length === leg.exporters.length && !(part === 'in' && signal !== 'traces')) continue
    const name = part === 'in' ? signal : signal === 'traces' ? part.replace(/^redacted-/, '') : `${signal}-${part}`
    exporters[`file/${name}`] = file(name)
    pipelines[pipeline] = { exporters: [...onward, `file/${name}`] }
  }
  const stored = Object.values(processors).map(({ storage }) => storage)
  const extensions = service.extensions.filter(name => name !== 'file_storage/queue' || stored.includes(name))
  return { exporters, service: { extensions, pipelines } }
}

const file = (name: string): Section => ({
  path: `\${env:AFN_FILES_DIR}/${name}.json`,
  append: true,
  create_directory: true,
  flush_interval: '200ms',
})
