// The parts that are loaded only when they are needed. Each is a file of its own in `dist/chunks`, which the build makes of
// the module that types it here (`scripts/bundles.mjs` reads this interface). A new chunk is a line here, and no other.
import path from 'node:path'
import type { Instrumentation } from './instrument/safe'

export interface Chunks {
  /** Encoders and transport, at the first export. */
  otlp: typeof import('./delivery/otlp')
  /** Exporters to stdout, where a setting wants them. */
  console: typeof import('./delivery/console')
  /** The address that Prometheus scrapes, where a setting wants it. */
  prometheus: typeof import('./delivery/prometheus/endpoint')
  /** The health endpoints on a port of their own, where a setting wants them. */
  health: typeof import('./health/server')
  /** Container and cloud detectors, where a setting wants them. */
  detectors: typeof import('./sdk/detectors')
  /** What all instrumentations share, with the first of them. */
  instrumentation: typeof import('./instrument/safe')
  /** Propagators besides W3C's, where a setting wants them. */
  propagators: typeof import('./sdk/propagators')
  /** What is in the file of an app that was bundled, after the app is up. */
  bundle: typeof import('./instrument/bundle')
  /** Runtime and host metrics, after the app is up. */
  runtime: typeof import('./sdk/runtime')
  /** The hosts of providers, when somebody asks which requests became no LLM call. */
  unobserved: typeof import('./llm/observe/unobserved-at-providers')
  /** Observes LLM calls, at the first request that may be one, or the first child that makes them. */
  'llm-calls': typeof import('./llm/observe/observers')
  /** Writes LLM calls to files to be replayed, where a setting wants it. */
  recorder: typeof import('./llm/record/recorder')
  /** Records what an app reports of its LLM calls itself, at the first report. */
  'manual-records': typeof import('./llm/report/manual-records')
  /** Watches requests of `http` and `https`, when the app loads one of the two. */
  'llm-http': typeof import('./llm/observe/http/client-request')
  /** Watches the streams of `http2`, when the app loads it. */
  'llm-http2': typeof import('./llm/observe/http/client-stream')
  /** Watches requests of npm's `undici`, at the first that may be an LLM call. */
  'llm-undici': typeof import('./llm/observe/http/undici-request')
  /** Budgets that calls are held to and the end of loops, at the first `guard()`, or where a setting wants them. */
  guard: typeof import('./guard/guard')
  /** The redactor with its tables of words and names, at the first record. */
  redact: typeof import('../shared/redact')
  /** The same for metrics, at their first export. */
  'redact-metrics': typeof import('./sdk/redact-metrics')
  /** Names in sentences, with the redactor, where content is sent. */
  names: typeof import('../shared/redact/prose')
  /** Price tables, after the first LLM call has ended. */
  prices: typeof import('./llm/report/cost/prices')
  /** Readers of other conventions, at the first span that is written in one. */
  dialects: typeof import('./llm/spans/dialects')
  /** Trace context in the environment, where this process has it from its caller, or starts a child within a span. */
  environment: typeof import('./sdk/environment')
  /** The same for the functions that wait for the child, when the app loads `child_process`. */
  'environment-sync': typeof import('./sdk/environment-sync')
  /** Spans of the AI SDK, at the first message on its channel. */
  'ai-sdk': typeof import('./llm/observe/ai-sdk/spans')
  /** Keeps back the telemetry of subjects who objected, when there is a list of them. */
  suppression: typeof import('./suppress/suppression')
  /** The same in requests that an earlier process left behind. */
  'suppression-spooled': typeof import('./suppress/spooled')
  /** LangFuse's client, at the first score that goes there. */
  langfuse: typeof import('./sdk/langfuse')
  /** Names of v1.41 beside today's, where a setting wants them. */
  'v1-41': typeof import('./llm/report/v1-41')
  /** Exceptions, and calls with their content, as log records, where settings want them. */
  'log-events': typeof import('./sdk/log-events')
  /** Evaluators that run, where a file names some or the app adds one. */
  evaluators: typeof import('./evaluate')
  /** The thresholds of SLOs, when there is a file of them. */
  slo: typeof import('../monitoring/slo/edges')
  /** The span of an invocation, in a Lambda function. */
  lambda: typeof import('./lambda/redirect')
  /** YAML parser, when there is a YAML settings file, or a file of SLOs. */
  yaml: typeof import('yaml')
}

/**
 * Loads a chunk: in the preload by the loader of `preload/module-loader.ts`, whose `require` this is, elsewhere by Node's.
 * Throws what `require` throws; the caller says what fails then.
 */
export function loadChunk<Name extends keyof Chunks>(name: Name): Chunks[Name] {
  return load(name)
}

/** Loads one of the chunks that `scripts/bundles.mjs` makes in pieces: what `loadChunk` has to load then is what is left. */
export function loadInPieces<Name extends 'redact' | 'prices'>(name: Name): Generator<unknown, Chunks[Name]> {
  return load(`${name}-pieces`).pieces()
}

/** Loads the chunk of one instrumentation of the catalogue. */
export function loadInstrumentation(name: string): { create(config: object): Instrumentation } {
  return load(`instrument-${name}`)
}

function load(name: string) {
  return require(path.join(__dirname, 'chunks', `${name}.cjs`))
}
