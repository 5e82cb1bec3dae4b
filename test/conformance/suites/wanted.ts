// Tests of others that end otherwise with us, and why they may.

interface Wanted {
  readonly suite: string
  readonly tests: RegExp
  readonly why: string
}

export const wanted: readonly Wanted[] = [
  {
    suite: 'node',
    tests:
      /\/test-(http-client-default-headers-exist|http-client-headers-array|http-content-length|https?-max-headers-count|http-multiple-headers|http-mutable-headers|http-raw-headers|http-sync-write-error-during-continue)\.js$/,
    why: 'traceparent is among the headers that are counted',
  },
  {
    suite: 'node',
    tests:
      /\/test-(async-hooks-http-parser-destroy|diagnostics-channel-http|http-agent-domain-reused-gc|http-agent-handle-reuse-parallel|http-nodelay|http-perf_hooks|http-server-connection-list-when-close)\.js$/,
    why: 'requests that export telemetry are among those of the process',
  },
  {
    suite: 'pino',
    tests: /./,
    why: 'trace_id, span_id and trace_flags are in lines',
  },
  {
    suite: 'instrumentation-express',
    tests: /create a child span|captures a?sync|supports a?sync|client aborts/,
    why: 'a span for each layer is off by default',
  },
]
