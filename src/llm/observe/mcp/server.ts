// A request that one side of a connection answers: a SERVER span below the one that sent it, whatever carried it.
// Called by `instrumentation.ts`.
import { type Context, context, propagation, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api'
import { attributesOf, type Endpoint, type Message, nameOf, observed, type Side, setArguments } from './side'

export type Handler = (request: Message, extra?: { readonly requestId?: unknown }) => unknown

export function handled(endpoint: Endpoint, handler: Handler, side: Side): Handler {
  return (request, extra) => {
    const outside = context.active()
    let span: Span
    try {
      span = begin(request, extra?.requestId, endpoint, side, outside)
    } catch (error) {
      side.onFailure(error)
      return handler(request, extra)
    }
    const work = async () => handler(request, extra)
    return observed(context.with(trace.setSpan(outside, span), work), span, request, side)
  }
}

function begin(request: Message, id: unknown, endpoint: Endpoint, side: Side, outside: Context): Span {
  const sent = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, request.params?._meta ?? {}))
  const around = trace.getSpanContext(outside)
  const span = side.tracer.startSpan(
    nameOf(request),
    {
      kind: SpanKind.SERVER,
      attributes: attributesOf(request, id, endpoint),
      // the HTTP request that brought it
      links: sent && around ? [{ context: around }] : [],
    },
    sent ? trace.setSpanContext(outside, sent) : outside,
  )
  setArguments(span, request, side)
  return span
}
