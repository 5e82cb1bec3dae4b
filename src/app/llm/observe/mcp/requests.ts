// Records requests on both sides, by the MCP conventions of the GenAI registry.
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
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  NETWORK_TRANSPORT_VALUE_PIPE,
  NETWORK_TRANSPORT_VALUE_TCP,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { fail, failureName } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { doc, integer, text } from '../../wire/json'
import type { McpMetrics, Role } from './metrics'
import type { Sparing } from './sparing'

export interface Side {
  readonly tracer: Tracer
  readonly metrics: McpMetrics
  /** Whether arguments and results of tools are recorded; redaction happens later. */
  readonly content: boolean
  /** Limits the number of spans for notifications. */
  readonly sparing: Sparing
  /** Hosts whose servers receive baggage over HTTP. */
  readonly baggageHosts: readonly string[]
  /** Reports a failure of our own, which has not reached the app. */
  readonly onFailure: (error: unknown) => void
}

/** The fields of a JSON-RPC request or notification that are read. */
export interface Message {
  readonly method: string
  readonly params?: { readonly _meta?: Record<string, unknown> | undefined; readonly [key: string]: unknown }
}

/** The SDK's object for one side of a connection; private members may be missing. */
export interface Endpoint {
  /** In 2.x, set once both sides have negotiated a version. */
  getNegotiatedProtocolVersion?(): string | undefined
  /** Only exists on the client's class. */
  readonly getServerCapabilities?: unknown
  readonly transport?: {
    readonly sessionId?: string
    readonly protocolVersion?: string
    /** Set on clients over HTTP. */
    readonly _url?: URL
    readonly constructor: { readonly name: string }
  }
}

const toolCall = 'tools/call'

/** The negotiated version, for SDKs that do not store it, such as 1.x. */
const agreed = new WeakMap<Endpoint, string>()

const protocolVersion = (endpoint: Endpoint): string | undefined =>
  text(endpoint.transport?.protocolVersion ?? endpoint.getNegotiatedProtocolVersion?.() ?? agreed.get(endpoint))

export const isClient = (endpoint: Endpoint): boolean => endpoint.getServerCapabilities !== undefined

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
    [ATTR_MCP_PROTOCOL_VERSION]: protocolVersion(endpoint),
    [ATTR_MCP_RESOURCE_URI]: text(params?.uri),
    ...carrier(transport?.constructor.name),
    ...serverPlace(transport?._url),
    ...(method === 'prompts/get' && { [ATTR_GEN_AI_PROMPT_NAME]: text(params?.name) }),
    ...(isTool && {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: text(params?.name),
    }),
  }
}

/** Arguments are message content, so they are copied only for exported spans. */
export function setArguments(span: Span, { method, params }: Message, side: Side): void {
  if (method !== toolCall || !isContentWanted(span, side)) return
  span.setAttributes({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(params?.arguments) })
}

const isContentWanted = (span: Span, { content }: Side): boolean =>
  content && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0

/** Attributes of the SDK's own transports; nothing is known of others. */
function carrier(transport: string | undefined): Attributes {
  if (/^Stdio/.test(transport ?? '')) return { [ATTR_NETWORK_TRANSPORT]: NETWORK_TRANSPORT_VALUE_PIPE }
  if (!/HTTP|SSE/.test(transport ?? '')) return {}
  return { [ATTR_NETWORK_TRANSPORT]: NETWORK_TRANSPORT_VALUE_TCP, [ATTR_NETWORK_PROTOCOL_NAME]: 'http' }
}

function serverPlace(url: unknown): Attributes {
  if (!(url instanceof URL)) return {}
  const { hostname, port, protocol } = url
  return {
    [ATTR_SERVER_ADDRESS]: hostname,
    [ATTR_SERVER_PORT]: Number(port) || (protocol === 'https:' ? 443 : 80),
  }
}

/** A request in progress. */
export interface Exchange {
  readonly message: Message
  readonly endpoint: Endpoint
  readonly role: Role
  readonly attributes: Attributes
  readonly span: Span
  /** Whether the span was made for this request; otherwise it is the span of the tool's execution. */
  readonly isOwn: boolean
  /** Called when the request ends. */
  readonly ended?: () => void
}

/** Returns the answer unchanged, after setting the span's attributes and recording the duration. */
export async function observed(answer: Promise<unknown>, exchange: Exchange, side: Side) {
  const { span, role, attributes, isOwn, ended } = exchange
  const begun = performance.now()
  const over = (record: () => Attributes) => {
    try {
      const outcome = record()
      span.setAttributes(outcome)
      side.metrics.operation(role, (performance.now() - begun) / 1_000, { ...attributes, ...outcome })
    } catch (error) {
      side.onFailure(error)
    }
    if (isOwn) span.end()
    ended?.()
  }
  try {
    const result = await answer
    over(() => answered(exchange, result, side))
    return result
  } catch (error) {
    over(() => refused(span, role, error))
    throw error
  }
}

/** @returns attributes known with the answer: the negotiated version, or the error type */
function answered({ span, message: { method }, endpoint }: Exchange, result: unknown, side: Side): Attributes {
  if (method === 'initialize') {
    const version = text(doc(result)?.protocolVersion)
    if (version !== undefined) agreed.set(endpoint, version)
    return { [ATTR_MCP_PROTOCOL_VERSION]: version, [ATTR_MCP_SESSION_ID]: text(endpoint.transport?.sessionId) }
  }
  if (method !== toolCall) return {}
  // a failed tool returns a normal answer for the model to read
  const failed = doc(result)?.isError === true
  if (failed) fail(span, 'the tool failed')
  if (isContentWanted(span, side)) span.setAttributes({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(result) })
  return failed ? { [ATTR_ERROR_TYPE]: 'tool_error' } : {}
}

/**
 * Codes of client errors: invalid JSON, invalid request, unknown method, invalid parameters, unknown resource. To the server they are what
 * 4xx is in HTTP: https://github.com/open-telemetry/semantic-conventions-genai/pull/404
 */
const faultsOfClient: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002])

function refused(span: Span, role: Role, error: unknown): Attributes {
  const code = integer(doc(error)?.code)
  const answered = code === undefined ? {} : { [ATTR_RPC_RESPONSE_STATUS_CODE]: String(code) }
  if (role === 'server' && code !== undefined && faultsOfClient.has(code)) return answered
  fail(span, error)
  return { ...answered, [ATTR_ERROR_TYPE]: code === undefined ? failureName(error) : String(code) }
}
