// Notifications are messages without an answer. Following the conventions, the sender has a CLIENT span and the receiver a SERVER span,
// with the context in `params._meta`.
import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { ATTR_NETWORK_PROTOCOL_NAME } from '../../../../../semconv'
import { withBaggage } from './handled'
import type { Role } from './metrics'
import { carryingContext } from './requested'
import {
  attributesOf,
  type Endpoint,
  type Exchange,
  isClient,
  type Message,
  nameOf,
  observed,
  type Side,
} from './requests'
import { requestOf, subscriptionOf } from './under-way'

interface Sender extends Endpoint {
  /** Private in the SDK, so it may be missing. */
  readonly _options?: { readonly debouncedNotificationMethods?: readonly string[] }
}

export type Notify = (this: Sender, ...given: readonly unknown[]) => Promise<unknown>

export type Listener = (...given: readonly unknown[]) => unknown

/** @param at index of the notification in the arguments of `send` */
export function notified(send: Notify, side: Side, at: number): Notify {
  return function (...given) {
    const message = given[at] as Message | undefined
    const plainly = () => Reflect.apply(send, this, given)
    // notifications without parameters may be debounced into one, so they must not get any
    if (!message?.params && this._options?.debouncedNotificationMethods?.includes(String(message?.method)))
      return plainly()
    let sent: ReturnType<typeof beginSent>
    try {
      sent = beginSent(message as Message, this, side)
    } catch (error) {
      side.onFailure(error)
      return plainly()
    }
    const { inside, carrying, exchange } = sent
    const told = context.with(inside, () => Reflect.apply(send, this, carrying ? given.with(at, carrying) : given))
    return observed(told, exchange, side)
  }
}

function beginSent(message: Message, endpoint: Endpoint, side: Side) {
  const outside = context.active()
  const exchange = begin(message, endpoint, side, 'client', outside)
  const inside = within(outside, exchange.span)
  const carrying = carryingContext(message, inside, exchange.attributes, side)
  return { exchange, inside, carrying: Object.keys(carrying.params?._meta ?? {}).length > 0 ? carrying : undefined }
}

/**
 * @param at index of the handler in the arguments of its registration; one that follows schemas receives the parameters and then the
 * notification
 */
export function heard(endpoint: Endpoint, listener: Listener, side: Side, at: number): Listener {
  return (...given) => {
    let inside: Context
    let exchange: Exchange
    try {
      const message = given[at - 1] as Message
      const parent = parentOf(message, endpoint)
      exchange = begin(message, endpoint, side, 'server', parent)
      inside = withBaggage(within(parent, exchange.span), message)
    } catch (error) {
      side.onFailure(error)
      return listener(...given)
    }
    const done = context.with(inside, async () => listener(...given))
    return observed(done, exchange, side)
  }
}

function begin(message: Message, endpoint: Endpoint, side: Side, role: Role, parent: Context): Exchange {
  const attributes = attributesOf(message, undefined, endpoint)
  const above = trace.getSpanContext(parent)
  const around = role === 'server' ? trace.getSpanContext(bringing(message, endpoint)) : undefined
  const options = {
    kind: role === 'client' ? SpanKind.CLIENT : SpanKind.SERVER,
    attributes,
    links: around && around.spanId !== above?.spanId ? [{ context: around }] : [],
  }
  const span = side.sparing.admits(message.method, above)
    ? side.tracer.startSpan(nameOf(message), options, parent)
    : trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
  return { message, endpoint, role, attributes, span, isOwn: true }
}

/** A notification above the limit has no span, so the surrounding context is used. */
const within = (outside: Context, span: Span): Context =>
  isSpanContextValid(span.spanContext()) ? trace.setSpan(outside, span) : outside

/** The sender's context, otherwise that of the related request, or of the HTTP request that carries the notification to a server. */
function parentOf(message: Message, endpoint: Endpoint): Context {
  const sent = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, message.params?._meta ?? {}))
  const request = requestOf(endpoint, message)
  if (sent) return trace.setSpanContext(request ?? ROOT_CONTEXT, sent)
  return request ?? (isClient(endpoint) ? ROOT_CONTEXT : bringing(message, endpoint))
}

/**
 * The HTTP request that carries the notification to a server, or the client's subscription that it is for. Any other active context comes
 * from opening the connection, and a notification an hour later does not belong to it.
 */
function bringing(message: Message, endpoint: Endpoint): Context {
  if (isClient(endpoint)) return subscriptionOf(endpoint, message) ?? ROOT_CONTEXT
  const { [ATTR_NETWORK_PROTOCOL_NAME]: protocol } = attributesOf(message, undefined, endpoint)
  return protocol === 'http' ? context.active() : ROOT_CONTEXT
}
