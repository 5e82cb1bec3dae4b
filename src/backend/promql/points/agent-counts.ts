// What the Collector counts of coding agents, counted from their spans: of the same names, labels and conditions as those of
// src/pipeline/deployment/agent-counts.ts. Here the store has taken each call once, whichever signal told of it.
import {
  AFN_LLM_COST_COMPONENT_VALUE_INPUT,
  AFN_LLM_COST_COMPONENT_VALUE_OUTPUT,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_AFN_LLM_COST_COMPONENT,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_DIALECT,
  ATTR_AFN_LLM_UNPRICED_REASON,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_GEN_AI_TOKEN_MODALITY,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_USER_ID,
  ATTR_VCS_REPOSITORY_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN,
  METRIC_AFN_AGENT_COST,
  METRIC_AFN_AGENT_EDITS,
  METRIC_AFN_AGENT_SESSIONS,
  METRIC_AFN_LLM_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
} from '../../../../semconv'
import { agentNames } from '../../../shared/otlp/agents/dialect'
import { agentDialects } from '../../../shared/otlp/agents/recognise'
import { labelName, metricName } from '../../../shared/otlp/prometheus-names'
import { attribute, text } from '../../store/columns'
import { named, type SpanCounter } from './span-counter'

const total = (name: string, unit: string): string => metricName(name, unit, 'counter')!
const fixed = (key: string, value: string): [label: string, sql: string] => [labelName(key)!, text(value)]

const ofSpan = (key: string, alias = 's') => attribute('span', key, 'string', alias)
const isOf = (names: readonly string[], alias = 's'): string =>
  `list_contains([${names.map(text).join(', ')}], ${ofSpan(ATTR_AFN_LLM_DIALECT, alias)})`
const isOfAgent = isOf(agentNames)
const isCall = `${isOfAgent} AND ${ofSpan(ATTR_GEN_AI_OPERATION_NAME)} = ${text(GEN_AI_OPERATION_NAME_VALUE_CHAT)} AND ${attribute('span', ATTR_AFN_LLM_USAGE_ROLLUP, 'bool')} IS NOT TRUE`

const ofAgents = { byTeam: true, needs: ATTR_AFN_LLM_DIALECT } as const

const amount = (key: string): string => attribute('span', key, 'float')
const tokens = (key: string): string => attribute('span', key, 'int')
const cost = amount(ATTR_AFN_LLM_COST_TOTAL)
const isPriced = `${isCall} AND ${cost} >= 0`

const ofCall = named(
  ATTR_AFN_LLM_DIALECT,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
)
const ofPrice = [...ofCall, ...named(ATTR_AFN_LLM_COST_SOURCE)]

/** Agents tell of it in the resource, and some in each record. */
const repository = `coalesce(${ofSpan(ATTR_VCS_REPOSITORY_NAME)}, (SELECT ${attribute('resource', ATTR_VCS_REPOSITORY_NAME, 'string')} FROM resources r WHERE r.id = s.resource), '')`
const whose: SpanCounter['labels'] = [
  ...named(ATTR_GEN_AI_AGENT_NAME, ATTR_USER_ID),
  [labelName(ATTR_VCS_REPOSITORY_NAME)!, repository],
]

const component = (name: string, key: string): SpanCounter => ({
  parts: [{ name: total(METRIC_AFN_LLM_COST, '{USD}'), sum: `sum(${amount(key)})` }],
  labels: [...ofPrice, fixed(ATTR_AFN_LLM_COST_COMPONENT, name)],
  where: `${isPriced} AND ${amount(key)} >= 0`,
  ...ofAgents,
})

const perCall = metricName(METRIC_AFN_LLM_OPERATION_COST, '{USD}', 'other')!
const edges = METRIC_OPTIONS_AFN_LLM_OPERATION_COST.advice.explicitBucketBoundaries

const unpriced = (reason: string, when: string): SpanCounter => ({
  parts: [{ name: total(METRIC_AFN_LLM_UNPRICED_OPERATIONS, '{operation}'), sum: 'count(*)' }],
  labels: [...ofCall, fixed(ATTR_AFN_LLM_UNPRICED_REASON, reason)],
  where: `${isCall} AND ${cost} IS NULL AND ${when}`,
  ...ofAgents,
})
const input = tokens(ATTR_GEN_AI_USAGE_INPUT_TOKENS)

const countingNone = agentDialects.filter(({ countsTokens }) => !countsTokens).map(({ name }) => name)
const used = (metric: string, key: string): SpanCounter => ({
  parts: [{ name: total(metric, '{token}'), sum: `sum(${tokens(key)})` }],
  labels: [...ofCall, fixed(ATTR_GEN_AI_TOKEN_MODALITY, GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN)],
  where: `${isCall} AND ${isOf(countingNone)} AND ${tokens(key)} >= 0`,
  ...ofAgents,
})

/** Calls, under the names by which our SDK counts those of apps. */
export const agentCallCounters: readonly SpanCounter[] = [
  component(AFN_LLM_COST_COMPONENT_VALUE_INPUT, ATTR_AFN_LLM_COST_INPUT),
  component(AFN_LLM_COST_COMPONENT_VALUE_OUTPUT, ATTR_AFN_LLM_COST_OUTPUT),
  {
    parts: [
      { name: `${perCall}_count`, sum: 'count(*)' },
      { name: `${perCall}_sum`, sum: `sum(${cost})` },
      ...edges.map(edge => ({
        name: `${perCall}_bucket`,
        le: String(edge),
        sum: `count(*) FILTER (${cost} <= ${edge})`,
      })),
      { name: `${perCall}_bucket`, le: '+Inf', sum: 'count(*)' },
    ],
    labels: ofPrice,
    where: isPriced,
    ...ofAgents,
  },
  unpriced(AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE, `${input} IS NOT NULL`),
  unpriced(AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE, `${input} IS NULL AND s.status <> 2`),
  used(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, ATTR_GEN_AI_USAGE_INPUT_TOKENS),
  used(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
  used(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
  used(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
  used(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
]

export const agentWorkCounters: readonly SpanCounter[] = [
  {
    parts: [{ name: total(METRIC_AFN_AGENT_COST, '{USD}'), sum: `sum(${cost})` }],
    labels: [
      ...named(ATTR_AFN_LLM_DIALECT),
      ...whose,
      ...named(ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_SKILL_NAME, ATTR_AFN_AGENT_MCP_SERVER_NAME),
    ],
    where: isPriced,
    ...ofAgents,
  },
  {
    parts: [{ name: total(METRIC_AFN_AGENT_EDITS, '{edit}'), sum: 'count(*)' }],
    labels: [...named(ATTR_AFN_AGENT_EDIT_DECISION), ...whose],
    where: `${isOfAgent} AND ${ofSpan(ATTR_AFN_AGENT_EDIT_DECISION)} IS NOT NULL`,
    ...ofAgents,
  },
  {
    parts: [{ name: total(METRIC_AFN_AGENT_SESSIONS, '{session}'), sum: 'count(*)' }],
    labels: whose,
    // a session begins with the first of its spans
    where: `${isOfAgent} AND s.seq IN (SELECT arg_min(f.seq, f.start_ns) FROM spans f WHERE ${isOf(agentNames, 'f')} AND ${ofSpan(ATTR_GEN_AI_CONVERSATION_ID, 'f')} <> '' GROUP BY ${ofSpan(ATTR_GEN_AI_CONVERSATION_ID, 'f')})`,
    ...ofAgents,
  },
]
