// `GET /api/afn/export`: exports one signal as a Parquet file, which DuckDB writes to disk and the response streams.

import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { signals } from '../../../shared/config/otlp'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { spanIdHex, text, traceIdHex } from '../../store/columns'
import { oneOf } from '../parameters'
import type { Parts } from '../parts'

/** Columns of the resource and the scope; all others are as in the store, with hexadecimal ids. */
const about = `r.service_name, r.attr_s AS resource_attr_s, r.attr_i AS resource_attr_i, r.attr_f AS resource_attr_f,
  r.attr_b AS resource_attr_b, c.name AS scope_name, c.version AS scope_version`
const tables = {
  traces: { table: 'spans', time: 'start_ns', ids: { trace_id: traceIdHex, span_id: spanIdHex, parent_id: spanIdHex } },
  metrics: { table: 'metric_points', time: 'time_ns', ids: {} },
  logs: { table: 'logs', time: 'time_ns', ids: { trace_id: traceIdHex, span_id: spanIdHex } },
} as const
/** The size of a row group, which DuckDB buffers. It is small, because DuckDB has little memory. */
const rowsInMemory = 20_480
/** Columns without a meaning outside of the store. */
const internal = ['seq', 'resource', 'scope', 'received_ns']

/** @param period undefined for all data @throws Refused with 400 */
export async function exported(
  { store }: Parts,
  params: QueryParams,
  period: TimeRangeNs | undefined,
): Promise<Response> {
  const signal = oneOf(params, 'signal', signals, 'traces')
  oneOf(params, 'format', ['parquet'], 'parquet')
  const { table, time, ids } = tables[signal]
  const hex = Object.entries(ids).map(([column, write]) => `${write(`t.${column}`)} AS ${column}`)
  const folder = await mkdtemp(path.join(tmpdir(), 'afn-export-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const file = path.join(folder, `${signal}.parquet`)
    await store.query(`COPY (
      SELECT t.* EXCLUDE (${internal.join(', ')}) ${hex.length > 0 ? `REPLACE (${hex.join(', ')})` : ''}, ${about}
      FROM ${table} t JOIN resources r ON r.id = t.resource JOIN scopes c ON c.id = t.scope
      ${period ? `WHERE t.${time} >= ${period.fromNs} AND t.${time} < ${period.toNs}` : ''}
    ) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowsInMemory})`)
    const { size } = await stat(file)
    const stream = createReadStream(file).once('close', remove)
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: {
        'content-type': 'application/vnd.apache.parquet',
        'content-length': String(size),
        'content-disposition': `attachment; filename="${signal}.parquet"`,
      },
    })
  } catch (error) {
    await remove()
    throw error
  }
}
