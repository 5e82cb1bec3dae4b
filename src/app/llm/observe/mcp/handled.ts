// A request that one side of a connection answers: a SERVER span with the sender's span as parent, on any transport.
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import {
  attributesOf,
  type Endpoint,
  type Exchange,
  type Message,
  nameOf,
  observed,
  type Side,
  setArguments,
} from './requests'
import { isUnderWay } from './under-way'

export type Handler = (given: unknown, extra?: Extra) => unknown

/** Data of the request besides its message: flat in 1.x, in `mcpReq` in 2.x. */
interface Extra {
  readonly requestId?: unknown
  readonly mcpReq?: { readonly id: unknown; readonly method: string; readonly _meta?: Record<string, unknown> }
}

/** @param isBare whether the handler receives only the parameters, as a handler with schemas does in 2.x */
export function handled(endpoint: Endpoint, handler: Handler, side: Side, isBare: boolean): Handler {
  return (given, extra) => {
    const outside = context.active()
    const { mcpReq } = extra ?? {}
    let exchange: Exchange
    let inside: Context
    try {
      const message =
        isBare && mcpReq
          ? { method: mcpReq.method, params: { ...(given as object), _meta: mcpReq._meta } }
          : (given as Message)
      const id = mcpReq?.id ?? extra?.requestId
      const attributes = attributesOf(message, id, endpoint)
      const span = begin(message, attributes, side, outside)
      inside = trace.setSpan(withBaggage(outside, message), span)
      const ended = isUnderWay(endpoint, 'server', id, inside)
      exchange = { message, endpoint, role: 'server', attributes, span, isOwn: true, ended }
    } catch (error) {
      side.onFailure(error)
      return handler(given, extra)
    }
    const work = async () => handler(given, extra)
    return observed(context.with(inside, work), exchange, side)
  }
}

/** The propagator extracts incoming baggage only if a setting allows it. */
export function withBaggage(outside: Context, { params }: Message): Context {
  const baggage = propagation.getBaggage(propagation.extract(ROOT_CONTEXT, params?._meta ?? {}))
  return baggage ? propagation.setBaggage(outside, baggage) : outside
}

function begin(request: Message, attributes: Attributes, side: Side, outside: Context): Span {
  const sent = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, request.params?._meta ?? {}))
  const around = trace.getSpanContext(outside)
  const span = side.tracer.startSpan(
    nameOf(request),
    {
      kind: SpanKind.SERVER,
      attributes,
      // the HTTP request that carried it
      links: sent && around ? [{ context: around }] : [],
    },
    sent ? trace.setSpanContext(outside, sent) : outside,
  )
  setArguments(span, request, side)
  return span
}
