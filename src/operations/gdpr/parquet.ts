/** The records of an export as Parquet, for data frames and databases. Written by DuckDB, which is an optional peer. */
import { text } from '../../backend/store/columns'
import { loadDuckDB } from '../../backend/store/duckdb'

/** DuckDB sets twice as much aside as a line may have, so it is no more than has to be. Bytes. */
const LEAST_ROOM = 2 ** 20

/**
 * @param lines file of JSON objects, one a line, with `store`, `signal` and `record`
 * @param longest of the lines, in bytes
 * @param file made here; `record` is JSON as text in it
 * @throws CannotOpen where DuckDB is not installed
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
