// What both sides tell of a request, by the MCP conventions of the GenAI registry. Called by `client.ts` and `server.ts`.
import { type Attributes, type Span, TraceFlags, type Tracer } from '@opentelemetry/api'
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
import { contentOf } from '../../content-of'
import { fail } from '../../spans/fail'
import { titled } from '../../spans/titled'
import { doc, integer, text } from '../wire/value'

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
  return titled(method, method === toolCall || method === 'prompts/get' ? text(params?.name) : undefined)
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
 * The answer as it is, when the span has been told of it.
 * @param end whether the span ends with it
 */
export async function observed(answer: Promise<unknown>, span: Span, message: Message, side: Side, end = true) {
  const over = (tell: () => void) => {
    try {
      tell()
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
