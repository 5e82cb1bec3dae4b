// Codex: log records and, where `[otel]` has a `trace_exporter`, spans of its insides, of which `handle_responses` repeats what a call
// used, without its model. Read from what version 0.171.0 sent (test/fixtures/agents) and from
// https://github.com/openai/codex/blob/main/codex-rs/otel/src/events/session_telemetry.rs (as of 2026-12).
import {
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { AgentDialect } from './dialect'

export const codex: AgentDialect = {
  name: 'codex',
  agent: 'codex',
  senders: ['codex', 'codex_', 'codex-'],
  prefix: 'codex.',
  events: [
    { name: 'conversation_starts', means: 'session' },
    // one for each event of the stream; the last of an answer comes twice, once with its counts
    { name: 'sse_event', means: 'call', has: 'input_token_count' },
    { name: 'tool_result', means: 'tool' },
    { name: 'tool_decision', means: 'decision' },
  ],
  spans: [],
  sessionStart: { event: 'conversation_starts' },
  fields: [
    [ATTR_GEN_AI_CONVERSATION_ID, 'conversation.id'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'model'],
    [ATTR_GEN_AI_AGENT_NAME, 'subagent_type'],
    [ATTR_AFN_AGENT_MCP_SERVER_NAME, 'mcp_server'],
    [ATTR_GEN_AI_TOOL_NAME, 'tool_name'],
    [ATTR_GEN_AI_TOOL_CALL_ID, 'call_id'],
  ],
  counts: {
    input: ['input_token_count'],
    output: ['output_token_count'],
    cacheRead: ['cached_token_count'],
    cacheWrite: ['cache_write_token_count'],
    reasoning: ['reasoning_token_count'],
  },
  session: ['conversation.id'],
  callId: [],
  toolCallId: ['call_id'],
  duration: ['duration_ms'],
  eventsAreTraced: false,
  hasToolSpans: false,
  editors: ['apply_patch'],
  decision: {
    source: ['decision'],
    accepted: ['approved', 'approved_for_session', 'approved_execpolicy_amendment'],
    refused: ['denied', 'abort'],
  },
}
