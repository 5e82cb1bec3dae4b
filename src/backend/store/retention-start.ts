// From when on the time counts for which something is kept, as SQL for who sweeps, and for who says until when.

const dayNs = 86_400_000_000_000n

/** @param days to the thousandth */
export const nsOfDays = (days: number): bigint => BigInt(Math.round(days * 1_000)) * (dayNs / 1_000n)

/**
 * From its end, by the clock of its sender. A clock that is wrong by more than the time for which it would be kept says nothing: what
 * came from 1970 would go at once, and what came from 2100 never. Then the time counts from its arrival.
 * @param endNs nanoseconds since 1970; so is `receivedNs`
 */
export function keptFrom(endNs: bigint, receivedNs: bigint, days: number): bigint {
  const off = endNs > receivedNs ? endNs - receivedNs : receivedNs - endNs
  return off < nsOfDays(days) ? endNs : receivedNs
}

/** The same in SQL, over a column `received_ns`; of 128 bits, since files have times from before these were looked at. */
export const keptFromSql = (end: string, days: number): string =>
  `CASE WHEN abs(${end}::HUGEINT - received_ns) < ${nsOfDays(days)} THEN ${end} ELSE received_ns END`
