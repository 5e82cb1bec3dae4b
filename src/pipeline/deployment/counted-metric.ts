// One metric of a connector `signal_to_metrics`.
import type { Section } from './yaml-comments'

/** An attribute that a series has if the record has it, or one as the connector writes it: without `optional`, only records that have it count. */
export type Label = string | { readonly key: string; readonly default_value?: string }

export interface CountedMetric {
  readonly metric: string
  readonly options: { readonly unit: string; readonly description: string; readonly advice?: object }
  readonly when: string
  readonly by?: readonly Label[]
  /** Resource attributes besides those of an app. */
  readonly of?: readonly string[]
  readonly value: Section
}

/** Of an app, and not of each of its processes. */
const ofApp = ['service.name', 'service.namespace', 'deployment.environment.name']

export const counted = ({ metric, options, when, by = [], of = [], value }: CountedMetric): Section => ({
  name: metric,
  unit: options.unit,
  description: options.description,
  include_resource_attributes: [...ofApp, ...of].map(key => ({ key })),
  conditions: [when],
  ...(by.length > 0 && {
    attributes: by.map(label => (typeof label === 'string' ? { key: label, optional: true } : label)),
  }),
  ...value,
})

/** Anybody can send a span or a record: one that is no number, or below 0, could spoil a sum. */
export const isAmount = (value: string): string => `(IsDouble(${value}) or IsInt(${value})) and Double(${value}) >= 0.0`
