// Converts values in DuckDB rows for JSON.
import type { Row } from '../../store/store'
import type { UnpricedCalls } from '../answers'

/** Counts and sums stay far below 2^53. */
export const count = (value: unknown): number => Number(value ?? 0)
export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value)
export const textOrNull = (value: unknown): string | null => (value as string | null | undefined) ?? null

/** Reads the columns `no_price` and `no_usage` of calls.ts. */
export function unpricedOf(row: Row): UnpricedCalls {
  const [noPrice, noUsage] = [count(row.no_price), count(row.no_usage)]
  return { unpriced: noPrice + noUsage, unpricedBy: { no_price: noPrice, no_usage: noUsage } }
}

/** Reads the columns `calls`, `cost`, `no_price`, `no_usage`, `input`, `output` and `errors` of calls.ts and of `traces`. */
export function usageOf({ calls, cost, input, output, errors, ...row }: Row) {
  // unknown if there are calls but none reports tokens
  const tokens = (sum: unknown) => (count(calls) === 0 ? 0 : numberOrNull(sum))
  return {
    calls: count(calls),
    costUsd: numberOrNull(cost),
    ...unpricedOf(row),
    inputTokens: tokens(input),
    outputTokens: tokens(output),
    errors: count(errors),
  }
}
