// Rows are written in DuckDB's internal layout of vectors (vectors.ts), which its API does not guarantee. Before anything is written to a
// file, this check writes rows of every column type and reads them back.
import { isDeepStrictEqual } from 'node:util'
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { duckdbVersion } from '../../shared/version'
import { Batch } from './batch'
import { CannotOpen, type DuckDB } from './duckdb'
import { Heap } from './heap'
import type { Readers } from './readers'
import { type Columns, tables } from './schema'
import { putValue, type Value } from './values'

const types = [...new Set(Object.values(tables).flatMap((columns: Columns) => Object.values(columns)))]
/** In the in-memory database that the file is attached to. */
const table = 'memory.main.layout'

/** @throws CannotOpen if the values differ */
export async function checkLayout(duckdb: DuckDB, connection: DuckDBConnection, readers: Readers): Promise<void> {
  await connection.run(`CREATE TABLE ${table} (${types.map((type, at) => `c${at} ${type}`).join(', ')})`)
  const heap = new Heap(duckdb)
  const batch = await Batch.on(duckdb, connection, 'layout', { catalog: 'memory' })
  const written = [0, 1, 2].map(row => samples(duckdb, batch.types, row))
  for (const row of written) {
    for (const [column, value] of Object.entries(row))
      putValue(batch.columns.fields.get(column)!, batch.row, value, heap)
    batch.next()
  }
  batch.flush()
  batch.close()
  const read = await readers.query(`FROM ${table}`)
  await connection.run(`DROP TABLE ${table}`)
  if (!isDeepStrictEqual(read, written)) throw new CannotOpen(refusal(duckdb))
}

const refusal = ({ api }: DuckDB): string =>
  `DuckDB ${api.version()} uses another row layout than this version of afn-otel supports: npm i @duckdb/node-api@${duckdbVersion()}`

type Types = ReadonlyMap<string, DuckDBType>
type Samples = Record<string, Value>

/** Three rows of values for every column: large, small and NULL. */
const samples = (duckdb: DuckDB, types: Types, row: number): Samples =>
  Object.fromEntries(Array.from(types, ([name, type]) => [name, row < 2 ? sample(duckdb, type, row) : null]))

function sample(duckdb: DuckDB, type: DuckDBType, row: number): Value {
  const { DuckDBTypeId: id } = duckdb.api
  const isLarge = row === 0
  switch (type.typeId) {
    case id.BOOLEAN:
      return isLarge
    case id.UTINYINT:
      return isLarge ? 255 : 0
    case id.INTEGER:
      return isLarge ? 2 ** 31 - 1 : -1
    case id.UINTEGER:
      return isLarge ? 2 ** 32 - 1 : 1
    case id.BIGINT:
      return isLarge ? -(2n ** 63n) : 2n ** 32n
    case id.UBIGINT:
      return isLarge ? 2n ** 64n - 1n : 0n
    case id.UHUGEINT:
      return isLarge ? 2n ** 128n - 1n : 2n ** 64n
    case id.DOUBLE:
      return isLarge ? -Number.MAX_VALUE : 5e-324
    case id.VARCHAR:
      return isLarge ? 'of more than twelve bytes: 日本語' : 'short'
    case id.STRUCT:
      return samples(duckdb, new Map(type.entryNames.map((name, at) => [name, type.entryTypes[at]!])), row)
    case id.LIST:
      return isLarge ? [0, 1].map(row => sample(duckdb, type.valueType, row)) : []
    case id.MAP: {
      const entry = { key: sample(duckdb, type.keyType, row), value: sample(duckdb, type.valueType, row) }
      return isLarge ? [entry] : []
    }
    default:
      throw new TypeError(`no sample of ${type}`)
  }
}
