// Which part of the spans is read for the traces of an answer.
import { expect, test } from 'vitest'
import { spansOf } from '../../../../src/backend/traceql/span-sets'

const MINUTE = 60_000_000_000n

/** @param apart spans between two of them */
const traces = (count: number, apart: number) =>
  Array.from({ length: count }, (_, n) => {
    const start = BigInt(n) * 10n * MINUTE
    return { traceId: BigInt(n + 1), start, end: start + MINUTE, fresh: start, seq: n * apart }
  })
const reads = (count: number, apart: number): number =>
  spansOf(traces(count, apart)).within('SELECT 1').split('FROM store.main.spans').length - 1

test('traces with few spans between them are read at once, however far apart in time', () => {
  expect(reads(20, 1_000)).toBe(0)
  expect(spansOf(traces(20, 1_000)).restriction).toContain(`BETWEEN 0 AND ${191n * MINUTE}`)
})

test('traces with many spans between them are read one by one, so that what is between is left out', () => {
  expect(reads(20, 500_000)).toBe(20)
})
