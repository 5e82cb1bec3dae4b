// When the retention period of a record begins, as SQL for the sweep and as a function for the API that shows the expiry.

const dayNs = 86_400_000_000_000n

/** @param days rounded to a thousandth */
export const nsOfDays = (days: number): bigint => BigInt(Math.round(days * 1_000)) * (dayNs / 1_000n)

/**
 * Retention begins at the end of a record, by its sender's clock. If that clock is off by more than the retention itself, retention begins
 * at the arrival instead: records dated 1970 would otherwise be deleted at once, and those dated 2100 never.
 * @param endNs nanoseconds since 1970; so is `receivedNs`
 */
export function keptFrom(endNs: bigint, receivedNs: bigint, days: number): bigint {
  const off = endNs > receivedNs ? endNs - receivedNs : receivedNs - endNs
  return off < nsOfDays(days) ? endNs : receivedNs
}

/** The same in SQL, over a column `received_ns`. Uses 128 bits, because old files may have impossible times. */
export const keptFromSql = (end: string, days: number): string =>
  `CASE WHEN abs(${end}::HUGEINT - received_ns) < ${nsOfDays(days)} THEN ${end} ELSE received_ns END`
