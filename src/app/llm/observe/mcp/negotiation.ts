// Observes what a client of 2.x sends outside of its normal requests: the probe for the server's capabilities in `connect()`, and the
// subscription request in `listen()`. Only the transport sees these messages, so the trace context is added there.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_RPC_RESPONSE_STATUS_CODE,
} from '../../../../../semconv'
import { fail, failureName } from '../../spans/failure'
import { doc, integer, text } from '../../wire/json'
import { carryingContext } from './requested'
import { attributesOf, type Endpoint, type Exchange, type Message, observed, type Side } from './requests'
import { isUnderWay } from './under-way'

const DISCOVER = 'server/discover'
const LISTEN = 'subscriptions/listen'
/** Key in the envelope of a message. */
const VERSION = 'io.modelcontextprotocol/protocolVersion'

/** Context key for the probes of a `connect()`. */
const probesKey = createContextKey('@afn/otel/mcp probes')
/** Context key for the state of a `listen()`. */
const listenKey = createContextKey('@afn/otel/mcp listen')

interface Listening {
  readonly exchange: Exchange
  /** Called when the subscription is closed; undefined until its request is sent. */
  closed?: () => void
}

interface Raw extends Message {
  readonly id?: unknown
}

type Transport = NonNullable<Endpoint['transport']> & {
  onmessage?: ((message: unknown, ...more: unknown[]) => void) | undefined
}

export type Send = (this: Transport, ...given: readonly unknown[]) => Promise<unknown>

export function sentRaw(send: Send, side: Side): Send {
  return function (...given) {
    const raw = given[0] as Raw | undefined
    let carrying: Message | undefined
    // the SDK's normal requests have numeric ids, and already carry a context
    if (typeof raw?.id === 'string')
      try {
        const active = context.active()
        const probes = active.getValue(probesKey) as Probe[] | undefined
        const listening = active.getValue(listenKey) as Listening | undefined
        if (raw.method === DISCOVER && probes) carrying = begunProbe(raw, this, probes, active, side)
        if (raw.method === LISTEN && listening) {
          const { span, endpoint, attributes } = listening.exchange
          span.setAttribute(ATTR_JSONRPC_REQUEST_ID, raw.id)
          listening.closed = isUnderWay(endpoint, 'client', raw.id, active)
          carrying = carryingContext(raw, active, attributes, side)
        }
      } catch (error) {
        side.onFailure(error)
      }
    return Reflect.apply(send, this, carrying ? given.with(0, carrying) : given)
  }
}

export type Listen = (this: Endpoint, ...given: readonly unknown[]) => Promise<unknown>

/** The span ends once the server has acknowledged the subscription, which may then stay open for days. */
export function listened(listen: Listen, side: Side): Listen {
  return function (...given) {
    let listening: Listening
    try {
      const message = { method: LISTEN }
      const attributes = attributesOf(message, undefined, this)
      const span = side.tracer.startSpan(LISTEN, { kind: SpanKind.CLIENT, attributes }, context.active())
      listening = { exchange: { message, endpoint: this, role: 'client', attributes, span, isOwn: true } }
    } catch (error) {
      side.onFailure(error)
      return Reflect.apply(listen, this, given)
    }
    const { exchange } = listening
    const inside = trace.setSpan(context.active(), exchange.span).setValue(listenKey, listening)
    const opened = context.with(inside, () => Reflect.apply(listen, this, given))
    const closed = () => listening.closed?.()
    opened.then(subscription => doc(subscription)?.closed).then(closed, closed)
    return observed(opened, exchange, side)
  }
}

interface Probe {
  readonly span: Span
  readonly attributes: Attributes
  readonly begun: number
  /** In milliseconds; undefined if there was no answer. */
  answered?: number
  code?: number | undefined
}

export type Connect = (this: unknown, ...given: readonly unknown[]) => Promise<unknown>

/** A rejected probe is not a failure if the client continues with an older revision. */
export function negotiated(connect: Connect, side: Side): Connect {
  return async function (...given) {
    const probes: Probe[] = []
    const over = (error?: unknown) => {
      try {
        for (const probe of probes) end(probe, error, side)
      } catch (failure) {
        side.onFailure(failure)
      }
    }
    const inside = context.active().setValue(probesKey, probes)
    try {
      const result = await context.with(inside, () => Reflect.apply(connect, this, given))
      over()
      return result
    } catch (error) {
      over(error ?? new Error('rejected without a reason'))
      throw error
    }
  }
}

function begunProbe(raw: Raw, transport: Transport, probes: Probe[], outside: Context, side: Side): Message {
  const attributes = {
    ...attributesOf(raw, raw.id, { transport }),
    [ATTR_MCP_PROTOCOL_VERSION]: text(raw.params?._meta?.[VERSION]),
  }
  const span = side.tracer.startSpan(DISCOVER, { kind: SpanKind.CLIENT, attributes }, outside)
  const probe: Probe = { span, attributes, begun: performance.now() }
  probes.push(probe)
  const hear = transport.onmessage
  transport.onmessage = function (answer, ...more) {
    if (doc(answer)?.id === raw.id) {
      probe.answered = performance.now()
      probe.code = integer(doc(doc(answer)?.error)?.code)
    }
    if (hear) Reflect.apply(hear, this, [answer, ...more])
  }
  return carryingContext(raw, trace.setSpan(outside, span), attributes, side)
}

function end({ span, attributes, begun, answered, code }: Probe, error: unknown, side: Side): void {
  const at = answered ?? performance.now()
  if (error !== undefined) fail(span, error)
  const outcome = {
    ...(code !== undefined && { [ATTR_RPC_RESPONSE_STATUS_CODE]: String(code) }),
    ...(error !== undefined && { [ATTR_ERROR_TYPE]: code === undefined ? failureName(error) : String(code) }),
  }
  span.setAttributes(outcome).end(at)
  side.metrics.operation('client', (at - begun) / 1_000, { ...attributes, ...outcome })
}
