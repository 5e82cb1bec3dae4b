// Failing spans with a message each, which is what groups of errors cost most with; as OTLP in JSON.
const word = n => [...String(n)].map(digit => 'abcdefghij'[Number(digit)]).join('')

/** @param end seconds since 1970 @returns requests of 2,000 spans */
export function failing(count, end) {
  const time = `${end}000000000`
  const spanOf = n => ({
    traceId: (n + 1).toString(16).padStart(32, 'f'),
    spanId: (n + 1).toString(16).padStart(16, 'f'),
    name: 'read',
    kind: 2,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    status: {
      code: 2,
      message: `file ${word(n)} of tenant ${word(n * 7)} was not found in the bucket of the customer`,
    },
  })
  return Array.from({ length: Math.ceil(count / 2_000) }, (_, at) => {
    const spans = Array.from({ length: 2_000 }, (_, n) => spanOf(at * 2_000 + n))
    return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  })
}
