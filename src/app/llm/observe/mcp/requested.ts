// A request that one side of a connection sends: a CLIENT span, whose context is sent in `params._meta` for the other side.
import { type Attributes, type Context, context, propagation, type Span, SpanKind, trace } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_SERVER_ADDRESS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../../../semconv'
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

interface Sender extends Endpoint {
  /** The id of the next request. */
  readonly _requestMessageId?: number
}

export type Request = (this: Sender, ...given: readonly unknown[]) => Promise<unknown>

/** Sender and context of each request, by the object that it carries as `_meta`. */
const underWay = new WeakMap<object, { readonly sender: unknown; readonly inside: Context }>()

/** An in-process transport passes the same objects to the other side, which did not send the request itself. */
function sentBy(sender: unknown, request: Message | undefined): Context | undefined {
  const meta = request?.params?._meta
  const sent = meta && underWay.get(meta)
  return sent?.sender === sender ? sent?.inside : undefined
}

/** @param at index of the request in the arguments of `send` */
export function requested(send: Request, side: Side, at: number): Request {
  return function (...given) {
    const request = given[at] as Message
    const plainly = () => Reflect.apply(send, this, given)
    // a repeated request that adds the requested input is still one request to the app, and in its trace
    if (sentBy(this, request)) return plainly()
    let sent: Sent
    try {
      sent = beginSent(request, this, side)
    } catch (error) {
      side.onFailure(error)
      return plainly()
    }
    const { inside, carrying, attributes } = sent
    const ended = isUnderWay(this, 'client', attributes[ATTR_JSONRPC_REQUEST_ID], inside)
    const answer = context.with(inside, () => Reflect.apply(send, this, given.with(at, carrying)))
    return observed(answer, { ...sent, ended }, side)
  }
}

interface Sent extends Exchange {
  readonly inside: Context
  readonly carrying: Message
}

function beginSent(request: Message, endpoint: Sender, side: Side): Sent {
  const outside = context.active()
  const attributes = attributesOf(request, endpoint._requestMessageId, endpoint)
  const around = executing(trace.getSpan(outside), request)
  const span =
    around?.setAttributes(attributes) ??
    side.tracer.startSpan(nameOf(request), { kind: SpanKind.CLIENT, attributes }, outside)
  setArguments(span, request, side)
  const inside = trace.setSpan(outside, span)
  const carrying = carryingContext(request, inside, attributes, side)
  underWay.set(carrying.params!._meta!, { sender: endpoint, inside })
  return { message: request, endpoint, role: 'client', attributes, span, isOwn: !around, inside, carrying }
}

/** Adds the context for the other side to the message. */
export function carryingContext(message: Message, inside: Context, attributes: Attributes, side: Side): Message {
  const meta = { ...message.params?._meta }
  // the server usually belongs to a third party, like a model provider: unless it is named in the settings, it gets the trace context but
  // no baggage, which may describe users
  const isNamed = side.baggageHosts.includes(String(attributes[ATTR_SERVER_ADDRESS]))
  propagation.inject(isNamed ? inside : propagation.deleteBaggage(inside), meta)
  return { ...message, params: { ...message.params, _meta: meta } }
}

export type Resolve = (this: unknown, decoded: unknown, flow: { readonly request: Message }) => unknown

/** An answer that requests input arrives in the context of the transport. What it asks the app for belongs to the original request. */
export function resolved(resolve: Resolve): Resolve {
  return function (decoded, flow) {
    const inside = sentBy(this, flow?.request) ?? context.active()
    return context.with(inside, () => Reflect.apply(resolve, this, [decoded, flow]))
  }
}

/** The span of the execution of the same tool, which is then also used for the request. */
function executing(active: Span | undefined, { method, params }: Message): Span | undefined {
  const { attributes } = (active ?? {}) as { attributes?: Record<string, unknown> }
  const isOwn =
    method === 'tools/call' &&
    active?.isRecording() &&
    attributes?.[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL &&
    attributes[ATTR_GEN_AI_TOOL_NAME] === params?.name
  return isOwn ? active : undefined
}
