/**
 * The part of weaver's definition/2 format that our registries use. Read by `load.ts`, checked by `validate.ts`.
 * Source: open-telemetry/weaver, schemas/semconv-syntax.v2.md (status Alpha).
 */
interface Member {
  readonly id: string
  readonly value: string
  readonly brief: string
  readonly stability: string
}

export interface Deprecated {
  readonly reason: 'renamed' | 'obsoleted' | 'uncategorized'
  readonly note: string
  readonly renamed_to?: string
}

interface Entry {
  readonly brief: string
  readonly note?: string
  readonly stability: string
  readonly deprecated?: Deprecated
}

export interface Attribute extends Entry {
  readonly key: string
  readonly type: string | { readonly members: readonly Member[] }
  readonly examples?: readonly unknown[]
}

type Level = string | { readonly [level: string]: string }

/** A use of an attribute, or of a group of attributes. */
export interface Ref {
  readonly ref?: string
  readonly ref_group?: string
  readonly requirement_level?: Level
}

/** Weaver has no field for bucket boundaries: `afn.buckets` is ours. */
interface MetricAnnotations {
  readonly code_generation?: { readonly metric_value_type?: 'int' | 'double' }
  readonly 'afn.buckets'?: readonly number[]
}

export interface Metric extends Entry {
  readonly name: string
  readonly instrument: 'counter' | 'histogram' | 'gauge' | 'updowncounter'
  readonly unit: string
  readonly attributes?: readonly Ref[]
  readonly annotations?: MetricAnnotations
}

interface Span extends Entry {
  readonly type: string
  readonly kind: string
  readonly name: { readonly note: string }
  readonly attributes?: readonly Ref[]
}

export interface Event extends Entry {
  readonly name: string
  readonly attributes?: readonly Ref[]
}

interface Group {
  readonly id: string
  readonly visibility: 'internal'
  readonly attributes: readonly Ref[]
}

/** What we add to a span or event that another registry defines. */
export interface Refinement extends Entry {
  readonly id: string
  readonly ref: string
  readonly attributes?: readonly Ref[]
}

/** The lists that a definition file may hold. */
export interface Lists {
  attributes: Attribute[]
  attribute_groups: Group[]
  metrics: Metric[]
  spans: Span[]
  events: Event[]
  span_refinements: Refinement[]
  event_refinements: Refinement[]
}

export interface Manifest {
  readonly schema_url: string
  readonly description: string
  readonly stability: string
  readonly dependencies?: readonly { readonly schema_url: string; readonly registry_path?: string }[]
}

export interface DefinitionFile {
  /** Relative to the repository, for messages. */
  readonly path: string
  readonly content: { readonly file_format?: unknown } & Partial<Lists>
}

export interface Registry {
  /** The folder, relative to the repository. */
  readonly path: string
  readonly manifest: Manifest
  readonly files: readonly DefinitionFile[]
}
