// What both sides record of a request, by the MCP conventions of the GenAI registry.
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SESSION_ID,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  NETWORK_TRANSPORT_VALUE_PIPE,
  NETWORK_TRANSPORT_VALUE_TCP,
} from '../../../../semconv'
import { contentOf } from '../../content'
import { fail, spanName } from '../../spans/structure'
import { doc, integer, text } from '../wire/json'

export interface Side {
  readonly tracer: Tracer
  /** Whether arguments and results of tools are recorded; redaction comes downstream. */
  readonly content: boolean
  /** A failure of ours, which has not reached the app. */
  readonly onFailure: (error: unknown) => void
}

/** A request of JSON-RPC as far as it is read. */
export interface Message {
  readonly method: string
  readonly params?: { readonly _meta?: Record<string, unknown>; readonly [key: string]: unknown }
}

/** The SDK's object for one side of a connection; what is private there may be missing. */
export interface Endpoint {
  readonly transport?: {
    readonly sessionId?: string
    readonly protocolVersion?: string
    readonly constructor: { readonly name: string }
  }
}

const toolCall = 'tools/call'

export function nameOf({ method, params }: Message): string {
  return spanName(method, method === toolCall || method === 'prompts/get' ? text(params?.name) : undefined)
}

export function attributesOf({ method, params }: Message, id: unknown, endpoint: Endpoint): Attributes {
  const { transport } = endpoint
  const isTool = method === toolCall
  return {
    [ATTR_MCP_METHOD_NAME]: method,
    [ATTR_JSONRPC_REQUEST_ID]: id === undefined ? undefined : String(id),
    [ATTR_MCP_SESSION_ID]: text(transport?.sessionId),
    [ATTR_MCP_PROTOCOL_VERSION]: text(transport?.protocolVersion),
    [ATTR_MCP_RESOURCE_URI]: text(params?.uri),
    ...carrier(transport?.constructor.name),
    ...(method === 'prompts/get' && { [ATTR_GEN_AI_PROMPT_NAME]: text(params?.name) }),
    ...(isTool && {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: text(params?.name),
    }),
  }
}

/** Arguments are message content: they are copied only for a span that is exported. */
export function setArguments(span: Span, { method, params }: Message, side: Side): void {
  if (method !== toolCall || !isContentWanted(span, side)) return
  span.setAttributes({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(params?.arguments) })
}

const isContentWanted = (span: Span, { content }: Side): boolean =>
  content && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0

/** By the SDK's own transports; of another nothing is known. */
function carrier(transport: string | undefined): Attributes {
  if (/^Stdio/.test(transport ?? '')) return { [ATTR_NETWORK_TRANSPORT]: NETWORK_TRANSPORT_VALUE_PIPE }
  if (!/HTTP|SSE/.test(transport ?? '')) return {}
  return { [ATTR_NETWORK_TRANSPORT]: NETWORK_TRANSPORT_VALUE_TCP, [ATTR_NETWORK_PROTOCOL_NAME]: 'http' }
}

/**
 * The answer as it is, after its attributes are on the span.
 * @param end whether the span ends with it
 */
export async function observed(answer: Promise<unknown>, span: Span, message: Message, side: Side, end = true) {
  const over = (record: () => void) => {
    try {
      record()
    } catch (error) {
      side.onFailure(error)
    }
    if (end) span.end()
  }
  try {
    const result = await answer
    over(() => answered(span, message, result, side))
    return result
  } catch (error) {
    over(() => refused(span, error))
    throw error
  }
}

function answered(span: Span, { method }: Message, result: unknown, side: Side): void {
  if (method !== toolCall) return
  // a tool's failure is an answer, for the model to read
  if (doc(result)?.isError === true) {
    fail(span, 'the tool failed')
    span.setAttribute(ATTR_ERROR_TYPE, 'tool_error')
  }
  if (isContentWanted(span, side)) span.setAttributes({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(result) })
}

function refused(span: Span, error: unknown): void {
  fail(span, error)
  const code = integer(doc(error)?.code)
  if (code === undefined) return
  span.setAttributes({ [ATTR_RPC_RESPONSE_STATUS_CODE]: String(code), [ATTR_ERROR_TYPE]: String(code) })
}

// A request that one side of a connection sends: a CLIENT span, and its context in `params._meta`, where the other side
// finds it.

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
    // the server is mostly somebody else's, as a model's provider is: it gets the trace, and nothing that the app says of its users
    propagation.inject(propagation.deleteBaggage(inside), meta)
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

// A request that one side of a connection answers: a SERVER span below the one that sent it, whatever carried it.

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
