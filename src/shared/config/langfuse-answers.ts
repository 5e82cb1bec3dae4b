// What an answer of LangFuse says about the same request later. It answers 500 while its S3, Redis or Postgres is away, and
// 401 to a key that is being changed: OTLP's list of retryable statuses has neither.

/** These are about the request itself: malformed, too large, of a wrong type, of wrong values. */
const refusals = new Set([400, 405, 411, 413, 414, 415, 422, 431])

/** Whether the same request would be refused again. Every other failure passes with an outage, a key or an address. */
export const isFinal = (status: number): boolean => refusals.has(status)
