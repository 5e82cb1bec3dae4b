// opencode: the spans of the AI SDK that it calls models with, among hundreds of its insides. Read from what version 1.18.33 sent
// (test/fixtures/agents) and from https://opencode.ai/docs/config (experimental.openTelemetry, as of 2026-12).
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { AgentDialect } from './dialect'

export const opencode: AgentDialect = {
  name: 'opencode',
  agent: 'opencode',
  senders: ['opencode'],
  prefix: 'opencode.',
  events: [],
  spans: [
    { name: 'ai.streamText.doStream', means: 'call' },
    { name: 'ai.generateText.doGenerate', means: 'call' },
    { name: 'ai.generateObject.doGenerate', means: 'call' },
    { name: 'ai.streamText', means: 'run' },
    { name: 'ai.generateText', means: 'run' },
    { name: 'ai.toolCall', means: 'tool' },
  ],
  fields: [
    [ATTR_GEN_AI_CONVERSATION_ID, 'session.id', 'ai.telemetry.metadata.sessionId'],
    [ATTR_GEN_AI_REQUEST_MODEL, 'ai.model.id'],
    [ATTR_GEN_AI_RESPONSE_ID, 'ai.response.id'],
    [ATTR_GEN_AI_RESPONSE_MODEL, 'ai.response.model'],
    [ATTR_GEN_AI_TOOL_NAME, 'ai.toolCall.name'],
    [ATTR_GEN_AI_TOOL_CALL_ID, 'ai.toolCall.id'],
  ],
  counts: {
    input: ['ai.usage.inputTokens'],
    output: ['ai.usage.outputTokens'],
    cacheRead: ['ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
    cacheWrite: ['ai.usage.inputTokenDetails.cacheWriteTokens'],
    reasoning: ['ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
  },
  session: ['session.id'],
  callId: [],
  toolCallId: ['ai.toolCall.id'],
  duration: [],
  eventsAreTraced: true,
  hasToolSpans: true,
  editors: ['edit', 'write', 'apply_patch'],
  decision: { source: [], accepted: [], refused: [] },
}
