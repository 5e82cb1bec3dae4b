// Ends an appender of DuckDB.
import type { DuckDBAppender } from '@duckdb/node-api'

/** Without writing what is left in it. An appender that is open keeps the file open. */
export function close(appender: DuckDBAppender): void {
  try {
    appender.clear()
    appender.closeSync()
  } catch {
    // DuckDB has given up.
  }
}
