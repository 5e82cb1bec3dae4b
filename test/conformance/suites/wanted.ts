// Tests of others that end otherwise with us, and why they may. docs/conformance.md says the same to whoever reads it.

interface Wanted {
  readonly suite: string
  readonly tests: RegExp
  readonly why: string
}

/** Of Node's own, by file. */
const node = (why: string, ...names: string[]): Wanted => ({
  suite: 'node',
  tests: new RegExp(`/test-(${names.join('|')})\\.m?js$`),
  why,
})

export const wanted: readonly Wanted[] = [
  node(
    'traceparent is among the headers that arrive',
    'http-client-default-headers-exist',
    'http-client-headers-array',
    'http-content-length',
    'http-dont-set-default-headers(-with-(setHost|set-header))?',
    'https?-max-headers-count',
    'http-multiple-headers',
    'http-mutable-headers',
    'http-raw-headers',
    'http-sync-write-error-during-continue',
  ),
  node(
    'requests that export telemetry are among those of the process',
    'async-hooks-http-parser-destroy',
    'diagnostics-channel-http',
    'http-agent-domain-reused-gc',
    'http-nodelay',
    'http-perf_hooks',
    'http-server-connection-list-when-close',
  ),
  node(
    'a timer of ours is older than the async hook, which takes each for its own',
    'http-agent-handle-reuse-(parallel|serial)',
    'querywrap',
  ),
]
