// Durations of requests and sessions, by the MCP conventions of the GenAI registry. Recorded here and not from spans, because requests also
// count if their span is not sampled.
import type { Attributes, Histogram, Meter } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  METRIC_MCP_CLIENT_OPERATION_DURATION,
  METRIC_MCP_CLIENT_SESSION_DURATION,
  METRIC_MCP_SERVER_OPERATION_DURATION,
  METRIC_MCP_SERVER_SESSION_DURATION,
  METRIC_OPTIONS_MCP_CLIENT_OPERATION_DURATION,
  METRIC_OPTIONS_MCP_CLIENT_SESSION_DURATION,
  METRIC_OPTIONS_MCP_SERVER_OPERATION_DURATION,
  METRIC_OPTIONS_MCP_SERVER_SESSION_DURATION,
} from '../../../../../semconv'
import { CardinalityLimiter } from '../../report/metrics/series'

export type Role = 'client' | 'server'

export interface McpMetrics {
  /** @param attributes of the span; those with too many values for a series are left out */
  operation(role: Role, seconds: number, attributes: Attributes): void
  session(role: Role, seconds: number, attributes: Attributes): void
}

const ofSession = [ATTR_MCP_PROTOCOL_VERSION, ATTR_NETWORK_PROTOCOL_NAME, ATTR_SERVER_ADDRESS]
const ofOperation = [
  ...ofSession,
  ATTR_MCP_METHOD_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
]

/** @param meter called at the first request, so that a process without requests creates no instruments */
export function createMcpMetrics(meter: () => Meter): McpMetrics {
  let histograms: Record<'operation' | 'session', Record<Role, Histogram>> | undefined
  // the other side chooses the names of tools and errors
  const limiters = new Map<string, CardinalityLimiter>(ofOperation.map(key => [key, new CardinalityLimiter()]))
  const picked = (keys: readonly string[], attributes: Attributes): Attributes => {
    const series: Attributes = {}
    for (const key of keys) {
      const value = limiters.get(key)?.limit(attributes[key])
      if (value !== undefined) series[key] = value
    }
    const address = series[ATTR_SERVER_ADDRESS]
    // an address that is left out must not leave its port behind
    if (address !== undefined && address === attributes[ATTR_SERVER_ADDRESS])
      series[ATTR_SERVER_PORT] = attributes[ATTR_SERVER_PORT]
    return series
  }
  const of = (kind: 'operation' | 'session', role: Role) => {
    histograms ??= createHistograms(meter())
    return histograms[kind][role]
  }
  return {
    operation: (role, seconds, attributes) => of('operation', role).record(seconds, picked(ofOperation, attributes)),
    session: (role, seconds, attributes) => of('session', role).record(seconds, picked(ofSession, attributes)),
  }
}

function createHistograms(meter: Meter) {
  return {
    operation: {
      client: meter.createHistogram(METRIC_MCP_CLIENT_OPERATION_DURATION, METRIC_OPTIONS_MCP_CLIENT_OPERATION_DURATION),
      server: meter.createHistogram(METRIC_MCP_SERVER_OPERATION_DURATION, METRIC_OPTIONS_MCP_SERVER_OPERATION_DURATION),
    },
    session: {
      client: meter.createHistogram(METRIC_MCP_CLIENT_SESSION_DURATION, METRIC_OPTIONS_MCP_CLIENT_SESSION_DURATION),
      server: meter.createHistogram(METRIC_MCP_SERVER_SESSION_DURATION, METRIC_OPTIONS_MCP_SERVER_SESSION_DURATION),
    },
  }
}
