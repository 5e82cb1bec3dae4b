/** The syntax tree of TraceQL. `at` is the offset in the query, in UTF-16 code units; error messages need it. */

/** A whole query: a search for spans, or metrics computed from them. */
export type Query = SearchQuery | MetricsQuery

export interface SearchQuery extends QueryText {
  readonly type: 'search'
  readonly stages: readonly Stage[]
}

export interface MetricsQuery extends QueryText {
  readonly type: 'metrics'
  readonly metrics: Metrics
}

interface QueryText {
  readonly text: string
  readonly hints: readonly Hint[]
}

/** `with(name = value)`. Unknown hints are not an error, as in Tempo. */
export interface Hint {
  readonly name: string
  readonly value: Literal
  readonly at: number
}

/** A stage of the pipeline, between two `|`. */
export type Stage = Spansets | ScalarFilter | GroupBy | Coalesce | Select

/** An expression that selects spans of a trace. */
export type Spansets = SpanFilter | SpansetOperation | WrappedPipeline

/** `{ … }`; `{}` has the literal `true` as its expression. */
export interface SpanFilter {
  readonly type: 'filter'
  readonly expression: Field
  readonly at: number
}

/** What spans on the right are to those on the left: `>` children, `>>` descendants, `<` parents, `<<` ancestors, `~` siblings. */
export type Relation = '>' | '>>' | '<' | '<<' | '~'

export interface SpansetOperation {
  readonly type: 'spansets'
  /** `!>` selects spans on the right that have this relation to no span on the left; `&>` selects both sides of each match. */
  readonly op: '&&' | '||' | Relation | `!${Relation}` | `&${Relation}`
  readonly left: Spansets
  readonly right: Spansets
  readonly at: number
}

/** `( … | … )` as an operand. */
export interface WrappedPipeline {
  readonly type: 'pipeline'
  readonly stages: readonly Stage[]
  readonly at: number
}

export interface ScalarFilter {
  readonly type: 'scalarFilter'
  readonly op: Comparison
  readonly left: Aggregate
  /** A number or a duration; the parser has folded constant arithmetic. */
  readonly right: Literal
  readonly at: number
}

export interface Aggregate {
  readonly type: 'aggregate'
  readonly op: 'count' | 'avg' | 'min' | 'max' | 'sum'
  /** Undefined for count. */
  readonly of?: Field
  readonly at: number
}

export interface GroupBy {
  readonly type: 'by'
  readonly expression: Field
  readonly at: number
}

export interface Coalesce {
  readonly type: 'coalesce'
  readonly at: number
}

export interface Select {
  readonly type: 'select'
  readonly fields: readonly (Attribute | Intrinsic)[]
  readonly at: number
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^'

/** An expression inside braces, by() or an aggregate. */
export type Field = Literal | Attribute | Intrinsic | Binary | Unary | Exists

export interface Literal {
  readonly type: 'literal'
  readonly value: Value
  readonly at: number
}

export type Value =
  | { readonly kind: 'string'; readonly value: string }
  /** 64 bits. */
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Nanoseconds. */
  | { readonly kind: 'duration'; readonly value: bigint }
  | { readonly kind: 'status'; readonly value: 'unset' | 'ok' | 'error' }
  | { readonly kind: 'kind'; readonly value: SpanKind }

export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export interface Attribute {
  readonly type: 'attribute'
  /** `any` for `.name`: the span's attribute, or the resource's if the span has none. */
  readonly scope: 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation'
  readonly name: string
  readonly at: number
}

export interface Intrinsic {
  readonly type: 'intrinsic'
  readonly name: IntrinsicName
  readonly at: number
}

/** Current names; the parser maps older ones such as `duration` or `rootServiceName` to these. Nested sets have only one name. */
export type IntrinsicName =
  | 'span:duration'
  | 'span:name'
  | 'span:status'
  | 'span:statusMessage'
  | 'span:kind'
  | 'span:id'
  | 'span:parentID'
  | 'span:childCount'
  | 'trace:duration'
  | 'trace:rootName'
  | 'trace:rootService'
  | 'trace:id'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'

export interface Binary {
  readonly type: 'binary'
  readonly op: '&&' | '||' | Comparison | '=~' | '!~' | Arithmetic
  readonly left: Field
  readonly right: Field
  readonly at: number
}

export interface Unary {
  readonly type: 'unary'
  readonly op: '-' | '!'
  readonly operand: Field
  readonly at: number
}

/** `… != nil`; with `negated`, `… = nil`. */
export interface Exists {
  readonly type: 'exists'
  readonly negated: boolean
  readonly operand: Field
  readonly at: number
}

/** A metrics query, or arithmetic with metrics. */
export type Metrics = FirstStage | Best | MetricsFilter | MetricsMath

/** `spans | rate() by (…)`. */
export interface FirstStage {
  readonly type: 'firstStage'
  readonly spans: readonly Stage[]
  readonly function: MetricsFunction
  readonly at: number
}

export type MetricsFunction =
  | { readonly op: 'rate' | 'count_over_time'; readonly by: readonly (Attribute | Intrinsic)[] }
  | {
      readonly op: 'min_over_time' | 'max_over_time' | 'avg_over_time' | 'sum_over_time' | 'histogram_over_time'
      readonly of: Attribute | Intrinsic
      readonly by: readonly (Attribute | Intrinsic)[]
    }
  | {
      readonly op: 'quantile_over_time'
      readonly of: Attribute | Intrinsic
      /** Each 0 to 1. */
      readonly quantiles: readonly number[]
      readonly by: readonly (Attribute | Intrinsic)[]
    }
  | {
      readonly op: 'compare'
      readonly selection: SpanFilter
      /** The maximum number of values per attribute. */
      readonly top: number
      /** The time range of the selection, in nanoseconds since 1970; both are 0 for the whole range of the query. */
      readonly start: bigint
      readonly end: bigint
    }

/** `| topk(n)`, `| bottomk(n)`. */
export interface Best {
  readonly type: 'topk' | 'bottomk'
  readonly limit: number
  readonly of: Metrics
  readonly at: number
}

/** `… > 5`. Durations are in seconds here. */
export interface MetricsFilter {
  readonly type: 'metricsFilter'
  readonly op: Comparison
  readonly value: number
  readonly of: Metrics
  readonly at: number
}

/** `( … ) / ( … )`; one side may be a plain number. */
export interface MetricsMath {
  readonly type: 'metricsMath'
  readonly op: '+' | '-' | '*' | '/'
  readonly left: Metrics | number
  readonly right: Metrics | number
  readonly at: number
}
