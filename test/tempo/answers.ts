// What each query of the catalogue answers about traces.ts, derived by hand from its text and those traces.

export interface Expected {
  parameters?: Record<string, string>
  /** Names of the traces; in this order where `ordered`. */
  traces?: string[]
  ordered?: true
  /** Value by labels, joined with ` / `; `nil` where the spans have none. */
  groups?: Record<string, number>
  /** As `groups`; of each series the values that are not 0, in order. */
  series?: Record<string, number[]>
  /** As `groups`, of rates: how many there were in the whole window. */
  counts?: Record<string, number>
  /** How far a value may be from what is expected, as a share of it. Quantiles come from buckets by powers of two. */
  within?: number
}

export const answers: Record<string, Expected> = {
  'agent-loops': { parameters: { steps: '2' }, traces: ['loop'] },
  'broken-streams': { traces: ['cut', 'aborted'] },
  'cache-misses': { parameters: { over: '2500' }, traces: ['plain', 'loop'], ordered: true },
  'conversation-growth': { parameters: { conversation: 'c1' }, series: { '': [5_000, 8_000] } },
  'cost-by-conversation': { groups: { c1: 0.33, c2: 0.3, nil: 0.01 } },
  'cost-by-feature': { groups: { support: 0.02, planner: 0.3, nil: 0.32 } },
  'cost-by-model': {
    groups: {
      'openai / gpt-5-mini': 0.337,
      'anthropic / claude-sonnet-5': 0.3,
      'openai / text-embedding-3-small': 0.003,
    },
  },
  'cost-by-provider': { groups: { openai: 0.34, anthropic: 0.3 } },
  'cost-by-session': { groups: { s1: 0.02, s2: 0.31, s3: 0.3, nil: 0.01 } },
  'cost-by-user': { groups: { u1: 0.322, u2: 0.31, nil: 0.008 } },
  'costly-calls': { traces: ['slow'] },
  // the same sum but for its last digits
  'costly-traces': { traces: ['loop', 'slow'] },
  'embeddings-cost': { groups: { 'text-embedding-3-small': 0.003 } },
  'errors-by-provider': { groups: { 'openai / rate_limit_exceeded': 1, 'anthropic / _OTHER': 1 } },
  'failed-calls': { traces: ['retried', 'cut'] },
  'failed-tools': { traces: ['loop'] },
  'failing-health-checks': { traces: ['unhealthy'] },
  'guardrail-hits': { traces: ['unpriced'] },
  'large-conversations': { groups: { c1: 8_000, c2: 3_000 } },
  leaks: { traces: ['unpriced'] },
  'long-answers': { traces: ['slow'] },
  'low-quality': { traces: ['poor'] },
  'missing-usage': { traces: ['aborted'] },
  'near-rate-limit': { traces: ['slow'] },
  'orphan-spans': { traces: ['orphan'] },
  'rate-limited': { traces: ['retried'] },
  'redacted-prompts': { traces: ['plain'] },
  'repeated-calls': { parameters: { times: '2' }, traces: ['embeddings', 'loop'] },
  'requests-without-llm': { traces: ['unhealthy', 'modelless'] },
  'retried-calls': { traces: ['retried'] },
  'service-errors': { counts: { 'chat-api / unset': 8, 'chat-api / error': 2 } },
  'slow-chats': { parameters: { over: '350ms' }, traces: ['slow', 'plain', 'retried', 'cut', 'aborted'] },
  'slow-database': { traces: ['loop'] },
  'slow-first-token': { parameters: { over: '100' }, traces: ['slow', 'plain'], ordered: true },
  'slow-tools': { groups: { search: 0.2 }, within: 0.4 },
  'tokens-by-model': { groups: { 'gpt-5-mini': 665, 'claude-sonnet-5': 2_500, 'local-llm': 20 } },
  'tool-failures': { groups: { 'search / TimeoutError': 1 } },
  'tool-loops': { parameters: { times: '2' }, traces: ['loop'] },
  'truncated-answers': { traces: ['slow'] },
  'ttft-p95': { series: { 'gpt-5-mini': [400], 'claude-sonnet-5': [1_500] }, within: 0.4 },
  'unpriced-calls': { traces: ['unpriced'] },
  'user-traces': { parameters: { user: 'u1' }, traces: ['plain', 'loop', 'poor'] },
}
