// Chunk `environment`: trace context between a process and its children, in the variables TRACEPARENT and TRACESTATE:
// https://opentelemetry.io/docs/specs/otel/context/env-carriers/
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { ATTR_MCP_METHOD_NAME } from '../../../semconv'

/** A child is any program: it gets the trace, and no baggage. */
const fields = ['traceparent', 'tracestate']

/**
 * @param envPairs the environment of a child, `NAME=value` each
 * @param env of this process; what a child has from it is of this process's caller, and is replaced
 */
export function passContext(envPairs: string[], env: NodeJS.ProcessEnv = process.env): void {
  const carrier: Record<string, string> = {}
  propagation.inject(propagation.deleteBaggage(context.active()), carrier)
  if (carrier.traceparent === undefined) return
  const kept = envPairs.filter(pair => !fields.some(field => pair === `${nameOf(field)}=${env[nameOf(field)]}`))
  const parent = `${nameOf('traceparent')}=`
  // the app has set it itself
  if (kept.some(pair => pair.startsWith(parent))) return
  const carried = fields.flatMap(field => (carrier[field] === undefined ? [] : [`${nameOf(field)}=${carrier[field]}`]))
  envPairs.splice(0, envPairs.length, ...kept, ...carried)
}

const nameOf = (field: string): string => field.toUpperCase()

const fromEnvironment = {
  get: (env: NodeJS.ProcessEnv, field: string) => (fields.includes(field) ? env[nameOf(field)] : undefined),
  keys: () => fields,
}

/** A notification of MCP, which clients get as well: whoever serves has got a request. */
const isHeard = ({ attributes }: SpanOptions): boolean =>
  String(attributes?.[ATTR_MCP_METHOD_NAME]).startsWith('notifications/')

/**
 * What a process does of itself belongs to the span that started it. Once it has answered a request or taken a message it is a
 * server, which lives on after its caller: from then on a span without a parent begins a trace of its own, as such a request does.
 */
export function beginBelowCaller(provider: TracerProvider): void {
  let caller: SpanContext | undefined | 'unread' = 'unread'
  const below = (options: SpanOptions, given: Context): Context => {
    if (caller === undefined) return given
    if ((options.kind === SpanKind.SERVER || options.kind === SpanKind.CONSUMER) && !isHeard(options)) {
      caller = undefined
      return given
    }
    if (options.root || trace.getSpanContext(given)) return given
    // who sets the propagator does so after the providers are made
    if (caller === 'unread')
      caller = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, process.env, fromEnvironment))
    return caller ? trace.setSpanContext(given, caller) : given
  }
  const wrapped = new WeakSet<Tracer>()
  const getTracer = provider.getTracer.bind(provider)
  provider.getTracer = (...scope) => {
    const tracer = getTracer(...scope)
    if (wrapped.has(tracer)) return tracer
    wrapped.add(tracer)
    const startSpan = tracer.startSpan.bind(tracer)
    // `startActiveSpan` goes through it too
    tracer.startSpan = (name, options = {}, given = context.active()): Span =>
      startSpan(name, options, below(options, given))
    return tracer
  }
}
