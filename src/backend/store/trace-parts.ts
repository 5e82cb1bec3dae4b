// The table of traces holds what lists, tiers, sums and retention need about a trace. A commit writes a row for each trace with new spans
// in the same transaction, so that both tables always agree. A trace whose spans arrive in several commits has several rows. Views sum them
// until the trace gets no new spans and the finalizer merges its rows.
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../semconv'
import { cost, inputTokens, isCall, outputTokens, unpricedBy } from './calls'
import { attribute } from './columns'
import type { Columns } from './schema'

/** How far a sender's clock may be ahead: ten minutes, as in Prometheus. */
export const aheadNs = 600_000_000_000n

/** Orders spans by their start, or by their arrival if the start is in the future: such a span would otherwise stay on top forever. */
export const fresh = (alias: string): string =>
  `CASE WHEN ${alias}.start_ns <= ${alias}.received_ns + ${aheadNs} THEN ${alias}.start_ns ELSE ${alias}.received_ns END`

interface Measure {
  readonly type: string
  /** An aggregate over `spans s`. */
  readonly ofSpans: string
  /** Merges parts: an aggregate over rows of this table. */
  readonly ofParts: string
}

const number = (type: string, ofSpans: string, how: 'min' | 'max' | 'bit_or') =>
  ({ type, ofSpans, how: (column: string) => `${how}(${column})` }) as const
const sum = (type: string, ofSpans: string) =>
  ({ type, ofSpans, how: (column: string) => `sum(${column})::${type}` }) as const
const ofRoot = (type: string, column: string) =>
  ({
    type,
    ofSpans: `arg_min(s.${column}, s.seq) FILTER (s.parent_id = 0)`,
    how: (own: string) => `arg_min(${own}, root_seq)`,
  }) as const
/** Uses doubles: senders' values may add up to more than 64 bits. */
const tokens = (column: string) => sum('DOUBLE', `sum(${column}::DOUBLE) FILTER (${isCall})`)
const int = (key: string) => attribute('span', key, 'int')
const [session, conversation, user] = [ATTR_SESSION_ID, ATTR_GEN_AI_CONVERSATION_ID, ATTR_USER_ID].map(key =>
  attribute('span', key, 'string'),
) as [string, string, string]

const columns = {
  /** The lowest sequence number of its spans, so that no earlier span has to be read. */
  first_seq: number('BIGINT', 'min(s.seq)', 'min'),
  first_ns: number('BIGINT', 'min(s.start_ns)', 'min'),
  /** The start of its last span. */
  last_start_ns: number('BIGINT', 'max(s.start_ns)', 'max'),
  last_ns: number('BIGINT', 'max(s.start_ns + s.duration_ns)', 'max'),
  fresh_ns: number('BIGINT', `min(${fresh('s')})`, 'min'),
  newest_ns: number('BIGINT', `max(${fresh('s')})`, 'max'),
  received_ns: number('BIGINT', 'max(s.received_ns)', 'max'),
  signals: number('UTINYINT', 'bit_or(s.signals)', 'bit_or'),
  spans: sum('BIGINT', 'count(*)'),
  errors: sum('BIGINT', 'count(*) FILTER (s.status = 2)'),
  calls: sum('BIGINT', `count(*) FILTER (${isCall})`),
  cost: sum('DOUBLE', `sum(${cost})`),
  input: tokens(inputTokens),
  output: tokens(outputTokens),
  cache_read: tokens(int(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS)),
  cache_write: tokens(int(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS)),
  reasoning: tokens(int(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS)),
  no_price: sum('BIGINT', unpricedBy.no_price),
  no_usage: sum('BIGINT', unpricedBy.no_usage),
  roots: sum('BIGINT', 'count(*) FILTER (s.parent_id = 0)'),
  /** If there are several roots, the first one received. */
  root_seq: number('BIGINT', 'min(s.seq) FILTER (s.parent_id = 0)', 'min'),
  root_name: ofRoot('VARCHAR', 'name'),
  root_resource: ofRoot('INTEGER', 'resource'),
  root_duration_ns: ofRoot('BIGINT', 'duration_ns'),
  /** The user of the latest span that names one, and the start of that span. */
  user_id: {
    type: 'VARCHAR',
    ofSpans: `arg_max(${user}, s.start_ns)`,
    how: (own: string) => `arg_max(${own}, user_ns)`,
  },
  user_ns: number('BIGINT', `max(s.start_ns) FILTER (${user} IS NOT NULL)`, 'max'),
  /** Both are equal if all spans with a session name the same one. */
  session_min: number('VARCHAR', `min(${session})`, 'min'),
  session_max: number('VARCHAR', `max(${session})`, 'max'),
  conversation_min: number('VARCHAR', `min(${conversation})`, 'min'),
  conversation_max: number('VARCHAR', `max(${conversation})`, 'max'),
} as const

const measures: readonly (readonly [name: string, Measure])[] = Object.entries(columns).map(
  ([name, { type, ofSpans, how }]) => [name, { type, ofSpans, ofParts: how(name) }],
)
const named = (aggregate: (measure: Measure) => string): string =>
  measures.map(([name, measure]) => `${aggregate(measure)} AS ${name}`).join(', ')

/** Columns of a row of `traces`, from spans `s` grouped by `trace_id`. */
export const ofSpans = named(({ ofSpans }) => ofSpans)
/** The same columns from rows of `traces`, or from such groups of spans. */
export const ofParts = named(({ ofParts }) => ofParts)

export const tracePartsTables: Readonly<Record<string, Columns>> = {
  trace_parts: {
    trace_id: 'UHUGEINT',
    /** Whether the trace may have more rows. */
    is_part: 'BOOLEAN',
    ...Object.fromEntries(measures.map(([name, { type }]) => [name, type])),
  },
  /** Sequence numbers of spans without rows here, because an earlier version stored them: from `next` to below `until`. */
  untraced: { next: 'BIGINT', until: 'BIGINT' },
}

/** @param where a condition on `spans s` */
export const insertParts = (where: string): string =>
  `INSERT INTO trace_parts BY NAME SELECT s.trace_id, false AS is_part, ${ofSpans} FROM spans s WHERE ${where} GROUP BY s.trace_id`

/**
 * The views `traces`, with one row per trace, and `trace_rows`, with one or more, for queries that aggregate anyway: DuckDB plans all
 * columns of `traces` each time. These definitions read the spans while some spans have no row, which is slow but correct.
 */
export const viewsOfSpans = ['traces', 'trace_rows'].map(
  name => `CREATE OR REPLACE VIEW ${name} AS SELECT s.trace_id, ${ofSpans} FROM spans s GROUP BY s.trace_id`,
)

/** The same views over the table. Few traces consist of parts at any time. */
export const viewsOfParts = [
  'CREATE OR REPLACE VIEW trace_rows AS SELECT * EXCLUDE (is_part) FROM trace_parts',
  `CREATE OR REPLACE VIEW traces AS
  WITH moving AS MATERIALIZED (SELECT DISTINCT trace_id FROM trace_parts WHERE is_part)
  SELECT * EXCLUDE (is_part) FROM trace_parts ANTI JOIN moving USING (trace_id)
  UNION ALL BY NAME SELECT trace_id, ${ofParts} FROM trace_parts SEMI JOIN moving USING (trace_id) GROUP BY trace_id`,
]

/** For an empty table: no span has a row. */
export const allUntraced = 'INSERT INTO untraced SELECT coalesce(min(seq), 0), coalesce(max(seq), -1) + 1 FROM spans'

/** Rebuilds the table from all stored spans, after an erasure. */
export const forgetTraces = ['DELETE FROM trace_parts', 'DELETE FROM untraced', allUntraced, ...viewsOfSpans]
