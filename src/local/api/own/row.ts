// Values of a row of DuckDB as JSON has them. Called by the routes.
import type { Row } from '../../store/store'

/** Counts and sums are far below 2^53. */
export const count = (value: unknown): number => Number(value ?? 0)
export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value)
export const textOrNull = (value: unknown): string | null => (value as string | null | undefined) ?? null

/** Of the columns `calls`, `cost`, `input`, `output` and `failed` of calls.ts. */
export function usageOf({ calls, cost, input, output, failed }: Row) {
  return {
    calls: count(calls),
    costUsd: numberOrNull(cost),
    inputTokens: numberOrNull(input),
    outputTokens: numberOrNull(output),
    errors: count(failed),
  }
}
