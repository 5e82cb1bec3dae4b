// A query of the catalogue, of which `collector/queries` has the texts: Tempo answers those in TraceQL, Prometheus those in PromQL.
export type Language = 'traceql' | 'promql'

/** `traces`: a list of traces; `series`: numbers over time; `instant`: one number a group, over the whole window. */
export type Kind = 'traces' | 'series' | 'instant'

/** A tier of traces (TraceQL) or a resolution of metrics (PromQL) in which the answer holds. */
export type Tier = 'detailed' | 'sampled' | 'errors' | 'high' | 'medium' | 'low'

export type ParameterType = 'text' | 'regex' | 'int' | 'float' | 'duration' | 'attribute' | 'label'

export interface Parameter {
  /** Without its `$`. */
  readonly name: string
  readonly type: ParameterType
  /** As `--param` would give it; undefined where it has to be given. */
  readonly fallback: string | undefined
  readonly meaning: string
}

export interface Query {
  /** That of its file. */
  readonly name: string
  readonly language: Language
  readonly title: string
  readonly question: string
  readonly kind: Kind
  readonly tiers: readonly Tier[]
  readonly parameters: readonly Parameter[]
  /** What traces are ordered by, largest first: `duration`, or what the query selects or computes, as Tempo names it. */
  readonly order: string | undefined
  /** What a reader of the answer has to know. */
  readonly note: string | undefined
  /** Without its header; parameters stand in it as `$name`. */
  readonly body: string
}
