// Composes what observes, counts, redacts and exports, for a runtime that has fetch and none of Node's modules.
import { type Context, context, type Span, type Tracer, trace } from '@opentelemetry/api'
import { tapFetch } from '../llm/observe/fetch/fetch'
import { sendFetch, startFetch } from '../llm/observe/fetch/observed-fetch'
import { endReleasedCalls, openCalls, watch } from '../llm/observe/open-calls'
import type { Observers } from '../llm/observe/options'
import { LLM_SCOPE } from '../llm/spans/span'
import { FetchContextManager } from './context'
import { Exporter } from './exporter'
import { FetchMeter } from './meter'
import { check, type OtelOptions, type SpanRedactor } from './options'
import { problem, reason } from './problems'
import { protocols } from './protocols'
import { coreRedactor } from './redaction'
import { FetchTracers, randomHex } from './tracer'
import { WayOut } from './way-out'

declare const AFN_OTEL_VERSION: string

type Fetch = typeof globalThis.fetch

export interface Otel {
  /** The runtime's `fetch`; calls of models through it are observed. For a client's option `fetch`. */
  readonly fetch: Fetch
  /**
   * Puts `fetch` in the place of `globalThis.fetch`, so that clients need no option.
   * @returns takes it out again
   */
  patchFetch(): () => void
  /** An observed `fetch` whose calls belong below a span, where the runtime has no AsyncLocalStorage to say so. */
  fetchWithin(span: Span): Fetch
  /** For spans of the application. */
  readonly tracer: Tracer
  /** Whether a span stays active over an `await`: the runtime has an AsyncLocalStorage. */
  readonly isAsync: boolean
  /**
   * Waits for the open spans of a trace, 25 s at most, then sends all that has ended. Never rejects.
   * @param traceId by default nothing is waited for
   */
  flush(traceId?: string): Promise<void>
  /** Observes no more calls, gives the globals back and flushes. Never rejects. */
  shutdown(): Promise<void>
}

/**
 * Makes one for the whole runtime: it registers itself as OpenTelemetry's tracer provider and context manager.
 * @throws TypeError that names every option that is wrong
 * @example
 * const otel = createOtel({ serviceName: 'chat', exporter: { url: 'https://collector.example' } })
 * const client = new OpenAI({ fetch: otel.fetch })
 */
export function createOtel(options: OtelOptions): Otel {
  check(options)
  Object.assign(protocols, options.protocols)
  const { fetch: runtimes } = globalThis
  // the edge runtime's promises are of another realm than the code that it runs
  const native: Fetch = (...args) => Promise.resolve(Reflect.apply(runtimes, globalThis, args))
  const redactor = redactorOf(options)
  const meter = new FetchMeter()
  const scope = { name: LLM_SCOPE, version: AFN_OTEL_VERSION }
  const exporter = new Exporter({
    endpoint: { url: options.exporter.url, headers: options.exporter.headers ?? {} },
    fetch: native,
    resource: () => redactor.attributes(resourceOf(options)),
    scope,
    meter,
    sendsMetrics: options.metrics !== false,
  })
  const wayOut = new WayOut({
    redactor,
    prices: options.prices,
    meter,
    next: exporter.add,
    isOpen: (traceId, spanId) => tracers.isOpen(traceId, spanId),
  })
  const tracers = new FetchTracers(options.sampleRate ?? 1, wayOut.ended)
  const manager = new FetchContextManager(options.asyncLocalStorage)
  // somebody else's stays: spans are ours all the same, and their context is the active one
  const isManager = context.setGlobalContextManager(manager)
  const isProvider = trace.setGlobalTracerProvider(tracers)

  const tap = tapFetch(
    native,
    {
      captureContent: options.captureContent ?? 'off',
      includeUsage: options.includeUsage ?? 'off',
      tracer: tracers.getTracer(scope.name, scope.version),
      ends: wayOut.ends,
      repeats: wayOut.repeats,
      onFailure: (error, where) =>
        problem('AFN150', `an LLM call was not recorded in full: ${where} (${reason(error)})`),
    },
    () => observers,
  )
  const patched: (() => void)[] = []

  async function flush(traceId?: string): Promise<void> {
    // a timer of a request that is over never comes: the next call sets another one
    watch.timer = undefined
    if (traceId !== undefined) await tracers.settled(traceId)
    if (openCalls.size > 0) await endReleasedCalls().catch(() => {})
    wayOut.release(traceId)
    await exporter.flush().catch(error => problem('AFN130', reason(error)))
  }

  return {
    fetch: tap.fetch,
    tracer: tracers.getTracer(options.serviceName, options.serviceVersion),
    isAsync: manager.isAsync,
    fetchWithin: span => within(trace.setSpan(context.active(), span), tap.fetch),
    patchFetch() {
      const before = globalThis.fetch
      globalThis.fetch = tap.fetch
      const undo = () => {
        if (globalThis.fetch === tap.fetch) globalThis.fetch = before
      }
      patched.push(undo)
      return undo
    },
    flush,
    async shutdown() {
      for (const undo of patched) undo()
      tap.release()
      if (isManager) context.disable()
      if (isProvider) trace.disable()
      await flush()
    },
  }
}

const within = (parent: Context, fetch: Fetch) => ((...args) => context.with(parent, () => fetch(...args))) as Fetch

/** Of the observers of Node those that a fetch needs. */
const observers = {
  sendFetch,
  startFetch(found, init, options) {
    const name = found.protocol
    if (!name || protocols[name]) return startFetch(found, init, options)
    problem('AFN150', `a call by the protocol ${name} was not recorded; pass protocols of @afn/otel/fetch/protocols`)
    return undefined
  },
} satisfies Pick<Observers, 'sendFetch' | 'startFetch'> as unknown as Observers

function redactorOf({ redactor, captureContent: content = 'off' }: OtelOptions): SpanRedactor {
  if (!redactor) return coreRedactor
  return redactor({
    content,
    onError: (where, error) =>
      problem('AFN140', `redaction failed on ${where} (${reason(error)}); the value was masked whole`),
  })
}

function resourceOf({ serviceName, serviceVersion, resource }: OtelOptions) {
  return {
    'telemetry.sdk.language': 'webjs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': AFN_OTEL_VERSION,
    'telemetry.distro.name': '@afn/otel',
    'telemetry.distro.version': AFN_OTEL_VERSION,
    'service.instance.id': randomHex(16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    ...resource,
    'service.name': serviceName,
    ...(serviceVersion && { 'service.version': serviceVersion }),
  }
}
