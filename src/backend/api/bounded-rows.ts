// Reads rows with texts of any length in parts, up to the size limit of an answer. 50,000 prompts of 200 KB must not be in memory at once
// in the process that ingests spans.
import type { Row } from '../store/store'
import { earlier, later } from '../traceql/newest-traces'

/** Bytes of rows per answer; no page and no agent can read more. */
export const MOST_BYTES = 32 * 2 ** 20
/** Bytes per query, once the size of the rows is known. */
const AT_ONCE = 8 * 2 ** 20
const [FIRST, LEAST, MOST] = [32, 8, 4_096]

/**
 * @param seqs the row numbers, in the order of the answer
 * @param read returns the rows that match a condition on `s.seq`, in any order, with their `seq`
 * @returns the rows that fit, at least one
 */
export async function readBounded(
  seqs: readonly bigint[],
  read: (condition: string) => Promise<Row[]>,
  mostBytes = MOST_BYTES,
): Promise<Row[]> {
  const found: Row[] = []
  let bytes = 0
  for (let at = 0, size = FIRST; at < seqs.length && bytes < mostBytes; ) {
    const part = seqs.slice(at, at + size)
    at += part.length
    const rows = new Map((await read(amongRows(part))).map(row => [row.seq as bigint, row]))
    const before = bytes
    for (const seq of part) {
      const row = rows.get(seq)
      if (!row || bytes >= mostBytes) continue
      bytes += sizeOf(row)
      found.push(row)
    }
    const each = Math.max(1, (bytes - before) / part.length)
    size = Math.min(MOST, Math.max(LEAST, Math.floor(AT_ONCE / each)))
  }
  return found
}

/** A condition with a range, which lets DuckDB skip row groups. */
function amongRows(seqs: readonly bigint[]): string {
  const [first, last] = [seqs.reduce(earlier), seqs.reduce(later)]
  const range = `s.seq BETWEEN ${first} AND ${last}`
  return last - first + 1n === BigInt(seqs.length) ? range : `${range} AND list_contains([${seqs.join(', ')}], s.seq)`
}

/** Estimates the size in JSON, in bytes. */
function sizeOf(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object') return 8
  let bytes = 2
  for (const one of Array.isArray(value) ? value : Object.values(value)) bytes += sizeOf(one) + 8
  return bytes
}
