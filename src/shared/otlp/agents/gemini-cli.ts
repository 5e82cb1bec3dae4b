// Gemini CLI, and Qwen Code, which began as a copy of it: log records, metrics and spans. Read from what versions 0.61.0 and 0.15.10 sent
// (test/fixtures/agents) and from https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md (2026-08) and
// https://qwenlm.github.io/qwen-code-docs (as of 2026-12).
import {
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { AgentDialect } from './dialect'

export const geminiCli: AgentDialect = {
  name: 'gemini_cli',
  agent: 'gemini-cli',
  senders: ['gemini-cli'],
  prefix: 'gemini_cli.',
  events: [
    { name: 'user_prompt', means: 'prompt' },
    { name: 'api_response', means: 'call' },
    { name: 'api_error', means: 'failed_call' },
    { name: 'tool_call', means: 'tool' },
  ],
  spans: [
    { name: 'llm_call', means: 'repetition' },
    { name: 'tool_call', means: 'tool' },
  ],
  sessionStart: { event: 'config' },
  fields: [
    [ATTR_GEN_AI_CONVERSATION_ID, 'session.id'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'model', 'model_name'],
    [ATTR_GEN_AI_RESPONSE_ID, 'response_id'],
    [ATTR_GEN_AI_AGENT_NAME, 'subagent_name'],
    [ATTR_AFN_AGENT_MCP_SERVER_NAME, 'mcp_server_name'],
    [ATTR_GEN_AI_TOOL_NAME, 'function_name'],
  ],
  counts: {
    input: ['input_token_count'],
    output: ['output_token_count'],
    total: ['total_token_count'],
    cacheRead: ['cached_content_token_count'],
    reasoning: ['thoughts_token_count'],
    toolUse: ['tool_token_count'],
  },
  session: ['session.id'],
  turn: ['prompt_id'],
  callId: ['response_id'],
  toolCallId: [],
  duration: ['duration_ms', 'duration'],
  eventsAreTraced: true,
  hasToolSpans: true,
  editors: ['replace', 'write_file', 'edit'],
  decision: { source: ['decision'], accepted: ['accept', 'auto_accept', 'modify'], refused: ['reject'] },
}

export const qwenCode: AgentDialect = {
  ...geminiCli,
  name: 'qwen_code',
  agent: 'qwen-code',
  senders: ['qwen-code'],
  prefix: 'qwen-code.',
  spans: [],
}
