// Migrations of the file from each format to the next. Never change an existing migration, since files exist in every released format. For
// a change of schema.ts, append a function, and add a file of the previous format to test/fixtures/store.

/**
 * The function at index n migrates format n to n + 1, in one transaction; DuckDB cannot update rows of a table that the transaction has
 * altered.
 * @param nowNs nanoseconds since 1970
 */
export const migrations: readonly ((nowNs: bigint) => readonly string[])[] = [
  // Records the format, and which columns hold which attributes. Rows without an arrival time count as received now.
  nowNs => [
    ...['spans', 'logs', 'metric_points'].map(
      table => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS received_ns BIGINT DEFAULT ${nowNs}`,
    ),
    'CREATE TABLE IF NOT EXISTS words (segment BIGINT, word VARCHAR, seqs BIGINT[])',
    'CREATE TABLE IF NOT EXISTS word_segments (first BIGINT, last BIGINT, spans BIGINT)',
    'CREATE TABLE meta (format INTEGER, written_by VARCHAR)',
    'INSERT INTO meta VALUES (0, NULL)',
    'CREATE TABLE promoted_columns (name VARCHAR, key VARCHAR, type VARCHAR)',
    ...Object.entries(promotedInFormat0).map(
      ([type, keys]) => `INSERT INTO promoted_columns
        SELECT regexp_replace(key, '\\W', '_', 'g'), key, '${type}' FROM (SELECT unnest(string_split('${keys}', ' ')) AS key)`,
    ),
  ],
  // Adds the table of traces; existing spans are summed in the background.
  () => [
    `CREATE TABLE trace_parts (trace_id UHUGEINT, is_part BOOLEAN, first_seq BIGINT, first_ns BIGINT, last_start_ns BIGINT, last_ns BIGINT,
      fresh_ns BIGINT, newest_ns BIGINT, received_ns BIGINT, signals UTINYINT, spans BIGINT, errors BIGINT, calls BIGINT, cost DOUBLE, input DOUBLE,
      output DOUBLE, cache_read DOUBLE, cache_write DOUBLE, reasoning DOUBLE, no_price BIGINT, no_usage BIGINT, roots BIGINT, root_seq BIGINT,
      root_name VARCHAR, root_resource INTEGER, root_duration_ns BIGINT, user_id VARCHAR, user_ns BIGINT, session_min VARCHAR, session_max VARCHAR, conversation_min VARCHAR,
      conversation_max VARCHAR)`,
    'CREATE TABLE untraced (next BIGINT, until BIGINT)',
    'INSERT INTO untraced SELECT coalesce(min(seq), 0), coalesce(max(seq), -1) + 1 FROM spans',
  ],
]

const promotedInFormat0 = {
  string:
    'gen_ai.operation.name gen_ai.provider.name gen_ai.request.model gen_ai.response.model gen_ai.conversation.id gen_ai.agent.name gen_ai.tool.name gen_ai.evaluation.name afn.llm.stream.end afn.llm.unpriced.reason user.id session.id error.type server.address http.request.method http.route url.path db.system.name db.operation.name',
  int: 'http.response.status_code gen_ai.usage.input_tokens gen_ai.usage.output_tokens gen_ai.usage.cache_read.input_tokens gen_ai.usage.cache_write.input_tokens gen_ai.usage.reasoning.output_tokens afn.llm.time_to_first_chunk_ms',
  float: 'afn.llm.cost.total gen_ai.evaluation.score.value afn.llm.evaluation.score.normalized',
  bool: 'afn.llm.guardrail.triggered afn.llm.usage.rollup',
}

/** The format that this version writes. */
export const FORMAT = migrations.length
