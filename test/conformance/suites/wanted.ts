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

/** `instrumentation-express+spans` and `instrumentation-koa+spans` are the same tests with AFN_MIDDLEWARE_SPANS=true. */
const layersAreOff = 'it finds the span of a layer, which is off by default'

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
    'httpparser-reuse',
  ),
  {
    suite: 'node',
    tests: /^test\/async-hooks\//,
    why: 'whichever of them runs when a timer of ours ends: their init-hooks.js throws at a handle older than itself',
  },
  {
    suite: 'instrumentation-express',
    tests: /layers|middleware|double slashes|wildcard fragments|client aborts|404 page|rename spans/,
    why: layersAreOff,
  },
  {
    suite: 'instrumentation-koa',
    tests: /@koa\/router calls|core middleware calls|requestHook/,
    why: layersAreOff,
  },
  {
    suite: 'instrumentation-http',
    tests:
      /bad instrumentation options|partially disable|ignore hook|custom attributes|require parent|rpc metadata|URL Redaction|http-package/,
    why: 'it sets hooks, or options that no setting sets',
  },
  {
    suite: 'instrumentation-http',
    tests: /not throw exception in https? instrumentation when passing the following argument/,
    why: 'nock refuses what the app has asked, as it does without an instrumentation; theirs asks something else',
  },
]
