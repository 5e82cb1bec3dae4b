// The sections of a Collector's configuration, whole and as one signal or store adds to them.
import type { Section } from './yaml-comments'

export interface Pipeline {
  receivers: string[]
  processors?: string[]
  exporters: string[]
}

export interface CollectorSections extends Section {
  processors: Section
  exporters: Section
  connectors: Section
  service: Section & { pipelines: Record<string, Pipeline> }
}

/** What one signal or store adds to the configuration of the funnel. */
export interface Legs {
  readonly processors: Section
  readonly exporters: Section
  readonly connectors: Section
  readonly pipelines: Section
}
