// A request that one side of a connection sends: a CLIENT span, and its context in `params._meta`, where the other side
// finds it.
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
  /** The id that the request will get. */
  readonly _requestMessageId?: number
}

export type Request = (this: Sender, ...given: readonly unknown[]) => Promise<unknown>

/** Who sent a request and in which context, by what the request carries as `_meta`. */
const underWay = new WeakMap<object, { readonly sender: unknown; readonly inside: Context }>()

/** A transport within a process hands the same objects to the other side, for which they are not its own request. */
function sentBy(sender: unknown, request: Message | undefined): Context | undefined {
  const meta = request?.params?._meta
  const sent = meta && underWay.get(meta)
  return sent?.sender === sender ? sent?.inside : undefined
}

/** @param at where the request stands among what `send` is given */
export function requested(send: Request, side: Side, at: number): Request {
  return function (...given) {
    const request = given[at] as Message
    const plainly = () => Reflect.apply(send, this, given)
    // sent again with what its answer asked for: the same request to the app, and to its trace
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

/** The message with the context that the other side is to take. */
export function carryingContext(message: Message, inside: Context, attributes: Attributes, side: Side): Message {
  const meta = { ...message.params?._meta }
  // the server is mostly somebody else's, as a model's provider is: unless it is named, it gets the trace, and nothing that the app says of its users
  const isNamed = side.baggageHosts.includes(String(attributes[ATTR_SERVER_ADDRESS]))
  propagation.inject(isNamed ? inside : propagation.deleteBaggage(inside), meta)
  return { ...message, params: { ...message.params, _meta: meta } }
}

export type Resolve = (this: unknown, decoded: unknown, flow: { readonly request: Message }) => unknown

/** An answer that asks for more comes in the context of the transport: what it asks the app for belongs to the request. */
export function resolved(resolve: Resolve): Resolve {
  return function (decoded, flow) {
    const inside = sentBy(this, flow?.request) ?? context.active()
    return context.with(inside, () => Reflect.apply(resolve, this, [decoded, flow]))
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
