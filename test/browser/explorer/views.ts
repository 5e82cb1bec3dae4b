// The addresses of the explorer's views over the traces of the shop, by a name for pictures and failures.
import { hex } from './data'
import { AGENT_TRACE } from './shop'

export const VIEWS: Readonly<Record<string, string>> = {
  traces: '#/traces',
  heatmap: '#/traces?chart=duration',
  'heatmap-cost': '#/traces?chart=cost',
  metrics: `#/traces?q=${encodeURIComponent('{ span.gen_ai.operation.name = "chat" } | rate() by (span.gen_ai.request.model)')}`,
  trace: `#/trace/${AGENT_TRACE}`,
  'trace-llm': `#/trace/${AGENT_TRACE}?span=${hex(0xb7, 16)}`,
  'trace-flame': `#/trace/${AGENT_TRACE}?tab=flame`,
  'trace-statistics': `#/trace/${AGENT_TRACE}?tab=statistics`,
  'trace-calls': `#/trace/${AGENT_TRACE}?tab=calls`,
  'trace-logs': `#/trace/${AGENT_TRACE}?tab=logs`,
  'trace-error': `#/trace/${hex(5, 32)}?span=${hex(5 * 256 + 1, 16)}`,
  compare: `#/compare/${hex(7, 32)}/${AGENT_TRACE}`,
  overview: '#/overview',
  map: '#/map',
  boards: '#/boards',
  'boards-llm': '#/boards/afn-llm-analytics',
  sessions: '#/sessions',
  session: '#/session/conversation/talk-2',
  'session-timeline': '#/session/session/session-0?tab=timeline',
  vitals: '#/vitals',
  cost: '#/cost',
  quality: '#/quality',
  'quality-prompts': '#/quality?by=both&measure=score&evaluation=relevance',
  errors: '#/errors',
  logs: '#/logs',
  alerts: '#/alerts',
  nothing: `#/traces?from=1000&to=2000`,
  missing: `#/trace/${hex(0xdead, 32)}`,
}
