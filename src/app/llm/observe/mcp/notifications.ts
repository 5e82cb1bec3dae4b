// Notifications: what one side tells the other without waiting for an answer. As the conventions have it, the one that sends it has a CLIENT
// span, and the one that hears it a SERVER span, with the context in `params._meta`.
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
  /** Private there, so it may be missing. */
  readonly _options?: { readonly debouncedNotificationMethods?: readonly string[] }
}

export type Notify = (this: Sender, ...given: readonly unknown[]) => Promise<unknown>

export type Listener = (...given: readonly unknown[]) => unknown

/** @param at where the notification stands among what `send` is given */
export function notified(send: Notify, side: Side, at: number): Notify {
  return function (...given) {
    const message = given[at] as Message | undefined
    const plainly = () => Reflect.apply(send, this, given)
    // several at once are sent as one, if they have no parameters: they must not get any
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

/** @param at of the handler where it was registered: one that stands behind schemas gets the parameters, and then the notification */
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

/** A notification beyond the bound has no span, and belongs to what is around it. */
const within = (outside: Context, span: Span): Context =>
  isSpanContextValid(span.spanContext()) ? trace.setSpan(outside, span) : outside

/** The sender's context, or that of the request that the notification is about, or of the HTTP request that brings it to a server. */
function parentOf(message: Message, endpoint: Endpoint): Context {
  const sent = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, message.params?._meta ?? {}))
  const request = requestOf(endpoint, message)
  if (sent) return trace.setSpanContext(request ?? ROOT_CONTEXT, sent)
  return request ?? (isClient(endpoint) ? ROOT_CONTEXT : bringing(message, endpoint))
}

/**
 * The HTTP request that brings it to a server, or the subscription of a client that it is for. What is active besides is what was active as
 * the connection was made, to which a notification of an hour later does not belong.
 */
function bringing(message: Message, endpoint: Endpoint): Context {
  if (isClient(endpoint)) return subscriptionOf(endpoint, message) ?? ROOT_CONTEXT
  const { [ATTR_NETWORK_PROTOCOL_NAME]: protocol } = attributesOf(message, undefined, endpoint)
  return protocol === 'http' ? context.active() : ROOT_CONTEXT
}
