// The tables of the embedded backend, as in docs/decisions/0010, for all code that writes rows or queries them.
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_AFN_LLM_UNPRICED_REASON,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../semconv'

/** The types of TraceQL, which it never compares with each other. */
export type AttributeType = 'string' | 'int' | 'float' | 'bool'

export const sqlTypes = { string: 'VARCHAR', int: 'BIGINT', float: 'DOUBLE', bool: 'BOOLEAN' } as const

/**
 * Span attributes with a column of their own, which holds values of the listed type; see columns.ts. promotion.ts adapts files with other
 * columns when they are opened.
 */
const promotedKeys = {
  string: [
    ATTR_GEN_AI_OPERATION_NAME,
    ATTR_GEN_AI_PROVIDER_NAME,
    ATTR_GEN_AI_REQUEST_MODEL,
    ATTR_GEN_AI_RESPONSE_MODEL,
    ATTR_GEN_AI_CONVERSATION_ID,
    ATTR_GEN_AI_AGENT_NAME,
    ATTR_GEN_AI_TOOL_NAME,
    ATTR_GEN_AI_EVALUATION_NAME,
    ATTR_AFN_LLM_STREAM_END,
    ATTR_AFN_LLM_UNPRICED_REASON,
    ATTR_USER_ID,
    ATTR_SESSION_ID,
    ATTR_ERROR_TYPE,
    ATTR_SERVER_ADDRESS,
    'http.request.method',
    'http.route',
    'url.path',
    'db.system.name',
    'db.operation.name',
  ],
  int: [
    ATTR_HTTP_RESPONSE_STATUS_CODE,
    ATTR_GEN_AI_USAGE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
    ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
    ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ],
  float: [ATTR_AFN_LLM_COST_TOTAL, ATTR_GEN_AI_EVALUATION_SCORE_VALUE, ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED],
  bool: [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED, ATTR_AFN_LLM_USAGE_ROLLUP],
} as const satisfies Record<AttributeType, readonly string[]>

export interface Promoted {
  readonly key: string
  readonly type: AttributeType
  readonly column: string
}

/** By key, in the order of the columns. */
export const promoted: ReadonlyMap<string, Promoted> = new Map(
  (Object.keys(promotedKeys) as AttributeType[]).flatMap(type =>
    promotedKeys[type].map(key => [key, { key, type, column: key.replaceAll(/\W/g, '_') }] as const),
  ),
)

/** The maps of attributes by type; spans, resources, scopes, events, links, log records and data points have all of them. */
export const attributeMaps = {
  string: 'attr_s',
  int: 'attr_i',
  float: 'attr_f',
  bool: 'attr_b',
  array: 'attr_arrays',
  other: 'attr_other',
} as const

export type Columns = Readonly<Record<string, string>>

/** When the request arrived, by the store's clock. */
const arrival: Columns = { received_ns: 'BIGINT' }

const attributes: Columns = {
  attr_s: 'MAP(VARCHAR, VARCHAR)',
  attr_i: 'MAP(VARCHAR, BIGINT)',
  attr_f: 'MAP(VARCHAR, DOUBLE)',
  attr_b: 'MAP(VARCHAR, BOOLEAN)',
  attr_arrays: 'MAP(VARCHAR, STRUCT(s VARCHAR[], i BIGINT[], f DOUBLE[], b BOOLEAN[]))',
  attr_other: 'MAP(VARCHAR, VARCHAR)',
}

export const columnList = (columns: Columns): string =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')

const events: Columns = { time_ns: 'BIGINT', name: 'VARCHAR', ...attributes, dropped_attributes: 'UINTEGER' }
const links: Columns = {
  trace_id: 'UHUGEINT',
  span_id: 'UBIGINT',
  trace_state: 'VARCHAR',
  flags: 'UINTEGER',
  ...attributes,
  dropped_attributes: 'UINTEGER',
}

/** Table → column → type. Names need no quotes in SQL. Every change needs a migration: see migrations.ts. */
export const tables = {
  resources: { id: 'INTEGER', service_name: 'VARCHAR', ...attributes, dropped_attributes: 'UINTEGER' },
  scopes: { id: 'INTEGER', name: 'VARCHAR', version: 'VARCHAR', ...attributes, dropped_attributes: 'UINTEGER' },
  spans: {
    seq: 'BIGINT',
    trace_id: 'UHUGEINT',
    span_id: 'UBIGINT',
    parent_id: 'UBIGINT',
    start_ns: 'BIGINT',
    duration_ns: 'BIGINT',
    name: 'VARCHAR',
    kind: 'UTINYINT',
    status: 'UTINYINT',
    status_message: 'VARCHAR',
    trace_state: 'VARCHAR',
    flags: 'UINTEGER',
    resource: 'INTEGER',
    scope: 'INTEGER',
    signals: 'UTINYINT',
    nleft: 'INTEGER',
    nright: 'INTEGER',
    nparent: 'INTEGER',
    nchildren: 'INTEGER',
    ...Object.fromEntries(Array.from(promoted.values(), ({ column, type }) => [column, sqlTypes[type]])),
    ...attributes,
    events: `STRUCT(${columnList(events)})[]`,
    links: `STRUCT(${columnList(links)})[]`,
    dropped_attributes: 'UINTEGER',
    dropped_events: 'UINTEGER',
    dropped_links: 'UINTEGER',
    ...arrival,
  },
  logs: {
    seq: 'BIGINT',
    class: 'VARCHAR',
    resource: 'INTEGER',
    scope: 'INTEGER',
    time_ns: 'BIGINT',
    observed_ns: 'BIGINT',
    severity: 'UTINYINT',
    severity_text: 'VARCHAR',
    event_name: 'VARCHAR',
    /** A text; other values as OTLP JSON. */
    body: 'VARCHAR',
    trace_id: 'UHUGEINT',
    span_id: 'UBIGINT',
    flags: 'UINTEGER',
    ...attributes,
    dropped_attributes: 'UINTEGER',
    ...arrival,
  },
  metric_points: {
    seq: 'BIGINT',
    /** high, medium or low, as in src/shared/tiers. */
    resolution: 'VARCHAR',
    resource: 'INTEGER',
    scope: 'INTEGER',
    name: 'VARCHAR',
    unit: 'VARCHAR',
    description: 'VARCHAR',
    /** gauge, sum, histogram, exponentialHistogram or summary. */
    kind: 'VARCHAR',
    temporality: 'UTINYINT',
    monotonic: 'BOOLEAN',
    start_ns: 'BIGINT',
    time_ns: 'BIGINT',
    /** The value of a gauge or sum, also of integer ones. */
    value: 'DOUBLE',
    count: 'UBIGINT',
    sum: 'DOUBLE',
    min: 'DOUBLE',
    max: 'DOUBLE',
    bounds: 'DOUBLE[]',
    bucket_counts: 'UBIGINT[]',
    /** The data point as OTLP JSON if it has more than the columns: exponential buckets, quantiles, exemplars. */
    point: 'VARCHAR',
    flags: 'UINTEGER',
    ...attributes,
    ...arrival,
  },
} as const satisfies Record<string, Columns>

export type Table = keyof typeof tables
