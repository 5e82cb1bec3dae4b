// A request that one side of a connection sends: a CLIENT span, and its context in `params._meta`, where the other side
// finds it. Called by `instrumentation.ts`.
import { context, propagation, type Span, SpanKind, trace } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../../semconv'
import { attributesOf, type Endpoint, type Message, nameOf, observed, type Side, setArguments } from './side'

interface Sender extends Endpoint {
  /** The id that the request will get. */
  readonly _requestMessageId?: number
}

export type Request = (this: Sender, request: Message, ...rest: unknown[]) => Promise<unknown>

export function requested(send: Request, side: Side): Request {
  return function (request, ...rest) {
    const outside = context.active()
    const own = executing(trace.getSpan(outside), request)
    const attributes = attributesOf(request, this._requestMessageId, this)
    const span =
      own?.setAttributes(attributes) ??
      side.tracer.startSpan(nameOf(request), { kind: SpanKind.CLIENT, attributes }, outside)
    setArguments(span, request, side)
    const inside = trace.setSpan(outside, span)
    const meta = { ...request.params?._meta }
    propagation.inject(inside, meta)
    const carrying = { ...request, params: { ...request.params, _meta: meta } }
    const answer = context.with(inside, () => Reflect.apply(send, this, [carrying, ...rest]))
    return observed(answer, span, request, side, own === undefined)
  }
}

/** The span of the same tool's execution, which then is that of the request too. */
function executing(active: Span | undefined, { method, params }: Message): Span | undefined {
  const { attributes } = (active ?? {}) as { attributes?: Record<string, unknown> }
  const isOwn =
    method === 'tools/call' &&
    active?.isRecording() &&
    attributes?.[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL &&
    attributes[ATTR_GEN_AI_TOOL_NAME] === params?.name
  return isOwn ? active : undefined
}
