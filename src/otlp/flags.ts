// The flags of a span or link in OTLP.

const hasIsRemote = 0x100
const isRemote = 0x200

/** W3C trace flags in the low byte, then whether the parent is remote (opentelemetry-proto, SpanFlags). */
export function spanFlags(traceFlags: number, remote: boolean | undefined): number {
  return (traceFlags & 0xff) | hasIsRemote | (remote ? isRemote : 0)
}
