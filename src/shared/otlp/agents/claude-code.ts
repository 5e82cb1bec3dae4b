// Claude Code: log records, metrics, and spans where CLAUDE_CODE_ENHANCED_TELEMETRY_BETA is set. Read from what version 2.1.197 sent
// (test/fixtures/agents) and from https://code.claude.com/docs/en/monitoring-usage (as of 2026-12).
import {
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { AgentDialect } from './dialect'

export const claudeCode: AgentDialect = {
  name: 'claude_code',
  agent: 'claude-code',
  senders: ['claude-code', 'com.anthropic.claude_code', 'com.anthropic.claude_code.'],
  prefix: 'claude_code.',
  events: [
    { name: 'user_prompt', means: 'prompt' },
    { name: 'api_request', means: 'call' },
    { name: 'api_error', means: 'failed_call' },
    { name: 'tool_result', means: 'tool' },
    { name: 'tool_decision', means: 'decision' },
  ],
  spans: [
    { name: 'claude_code.interaction', means: 'run' },
    { name: 'claude_code.llm_request', means: 'call' },
    { name: 'claude_code.tool', means: 'tool' },
  ],
  sessionStart: { zero: 'event.sequence' },
  fields: [
    [ATTR_GEN_AI_CONVERSATION_ID, 'session.id'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'model'],
    // of the request, since nothing tells the id of the answer
    [ATTR_GEN_AI_RESPONSE_ID, 'request_id'],
    [ATTR_GEN_AI_AGENT_NAME, 'agent.name', 'subagent_type'],
    [ATTR_GEN_AI_SKILL_NAME, 'skill.name', 'skill_name'],
    [ATTR_AFN_AGENT_MCP_SERVER_NAME, 'mcp_server.name', 'mcp_server_name'],
    [ATTR_GEN_AI_TOOL_NAME, 'tool_name'],
    [ATTR_GEN_AI_TOOL_CALL_ID, 'tool_use_id'],
  ],
  counts: {
    input: ['input_tokens'],
    output: ['output_tokens'],
    cacheRead: ['cache_read_tokens'],
    cacheWrite: ['cache_creation_tokens'],
    leavesOutCached: true,
  },
  session: ['session.id'],
  turn: ['prompt.id'],
  callId: ['request_id'],
  toolCallId: ['tool_use_id'],
  toolParameters: ['tool_parameters'],
  duration: ['duration_ms'],
  reportedCost: ['cost_usd'],
  eventsAreTraced: true,
  hasToolSpans: true,
  editors: ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'],
  decision: { source: ['decision'], accepted: ['accept'], refused: ['reject'] },
}
