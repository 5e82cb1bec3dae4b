// Called by generate.ts, which writes it to collector/files.yaml. `afn-otel collector run --files` lays it over
// otel-collector.yaml: maps are merged, lists replaced.
import type { Section } from './note'

/** Every leg ends in a file of OTLP JSON, one request a line; no store is needed and no queue. */
export function filesOverlay(): Section {
  const file = (name: string): Section => ({
    path: `\${env:AFN_FILES_DIR}/${name}.json`,
    append: true,
    create_directory: true,
    flush_interval: '200ms',
  })
  const legs = {
    'traces/detailed': 'detailed',
    'traces/sampled': 'sampled',
    'traces/errors': 'errors',
    'traces/llm': 'llm',
    'metrics/in': 'metrics',
    'logs/in': 'logs',
  }
  const each = (entry: (pipeline: string, name: string) => [string, unknown]): Section =>
    Object.fromEntries(Object.entries(legs).map(([pipeline, name]) => entry(pipeline, name)))
  return {
    exporters: each((_, name) => [`file/${name}`, file(name)]),
    service: {
      extensions: ['health_check'],
      pipelines: each((pipeline, name) => [pipeline, { exporters: [`file/${name}`] }]),
    },
  }
}
