// GitHub Copilot, as its CLI, its app and VS Code send it: spans that have the conventions' names already, and want a price. Read from what
// version 1.0.102 of the CLI sent (test/fixtures/agents), from `copilot help monitoring` and from
// https://code.visualstudio.com/docs/agents/guides/monitoring-agents (as of 2026-12).
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../../../semconv'
import type { AgentDialect } from './dialect'

export const copilot: AgentDialect = {
  name: 'copilot',
  agent: 'copilot',
  senders: ['github-copilot', 'github.copilot', 'copilot-chat'],
  prefix: 'copilot_chat.',
  events: [{ name: 'edit.feedback', means: 'decision' }],
  spans: [],
  countsTokens: true,
  fields: [[ATTR_GEN_AI_CONVERSATION_ID, 'conversation_id']],
  // the conventions' own, which need no reading
  counts: { input: [], output: [] },
  session: [ATTR_GEN_AI_CONVERSATION_ID, 'request_id'],
  callId: [],
  toolCallId: [],
  duration: [],
  eventsAreTraced: true,
  hasToolSpans: true,
  editors: [],
  decision: {
    source: ['outcome', 'copilot_chat.edit.outcome'],
    accepted: ['accepted'],
    refused: ['rejected'],
  },
}
