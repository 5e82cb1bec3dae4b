/**
 * What a `Retry-After` header asks for: seconds or a date (RFC 9110, 10.2.3). Seconds may have a fraction, as some servers send them.
 * @param now milliseconds since 1970
 * @returns milliseconds from `now`; undefined without the header, for a date in the past and for any other text
 */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined
  // a number with a sign is one too, since `Date` takes -40 for the year 2040
  const ms = /^[-+]?\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return ms >= 0 ? ms : undefined
}
