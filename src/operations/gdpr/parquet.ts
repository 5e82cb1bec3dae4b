/** Writes the records of an export as Parquet, for data frames and databases. Uses DuckDB, an optional peer dependency. */
import { text } from '../../backend/store/columns'
import { loadDuckDB } from '../../backend/store/duckdb'

/** Minimum buffer size in bytes. DuckDB allocates twice the maximum length of a line, so it is kept small. */
const LEAST_ROOM = 2 ** 20

/**
 * @param lines file of JSON objects, one per line, with `store`, `signal` and `record`
 * @param longest length of the longest line in bytes
 * @param file to create; `record` is JSON text in it
 * @throws CannotOpen if DuckDB is not installed
 */
export async function writeParquet(lines: string, longest: number, file: string): Promise<void> {
  const { api } = loadDuckDB()
  const instance = await api.DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    const columns = "{store: 'VARCHAR', signal: 'VARCHAR', record: 'JSON'}"
    const source = `read_json(${text(lines)}, format = 'newline_delimited', columns = ${columns}, maximum_object_size = ${Math.max(LEAST_ROOM, longest + 1)})`
    await connection.run(
      `COPY (SELECT store, signal, record::VARCHAR AS record FROM ${source}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`,
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
