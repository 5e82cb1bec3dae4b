// What coding agents cost and did, as metrics: their calls under the names and labels that our SDK counts calls by, and once more by who had
// them made and for what. Each call counts by one signal of its agent. A record that is of no agent costs a look for a key, since each metric has
// a label that is not optional, and its condition is not asked.
import {
  AFN_LLM_COST_COMPONENT_VALUE_INPUT,
  AFN_LLM_COST_COMPONENT_VALUE_OUTPUT,
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_AFN_AGENT_SESSION_BEGINS,
  ATTR_AFN_LLM_COST_COMPONENT,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_DIALECT,
  ATTR_AFN_LLM_UNPRICED_REASON,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_AGENT_NAME,
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
  METRIC_AFN_LLM_FEATURE_COST,
  METRIC_AFN_LLM_OPERATION_COST,
  METRIC_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_OPTIONS_AFN_AGENT_COST,
  METRIC_OPTIONS_AFN_AGENT_EDITS,
  METRIC_OPTIONS_AFN_AGENT_SESSIONS,
  METRIC_OPTIONS_AFN_LLM_COST,
  METRIC_OPTIONS_AFN_LLM_FEATURE_COST,
  METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
  METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../semconv'
import { countedSignal } from '../../shared/otlp/agents/dialect'
import { agentDialects } from '../../shared/otlp/agents/recognise'
import { type CountedMetric, counted, isAmount, type Label } from './counted-metric'
import type { Section } from './yaml-comments'

type Context = 'span' | 'log'

const at = (context: Context, key: string): string => `${context}.attributes["${key}"]`
const isOneOf = (value: string, names: readonly string[]): string =>
  `(${names.map(name => `${value} == "${name}"`).join(' or ')})`
const ofSignal = (signal: 'logs' | 'traces') => agentDialects.filter(dialect => countedSignal(dialect) === signal)

/** Of a span: it doesn't tell of a call that counts by its log record. */
export const isNotOfRecords = ofSignal('logs')
  .map(({ name }) => `${at('span', ATTR_AFN_LLM_DIALECT)} != "${name}"`)
  .join(' and ')

const ofCall: readonly Label[] = [
  { key: ATTR_AFN_LLM_DIALECT },
  { key: ATTR_GEN_AI_OPERATION_NAME, default_value: GEN_AI_OPERATION_NAME_VALUE_CHAT },
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
]
const ofPrice: readonly Label[] = [
  ...ofCall,
  { key: ATTR_AFN_LLM_COST_SOURCE, default_value: AFN_LLM_COST_SOURCE_VALUE_LOCAL },
]

const components = [
  [AFN_LLM_COST_COMPONENT_VALUE_INPUT, ATTR_AFN_LLM_COST_INPUT],
  [AFN_LLM_COST_COMPONENT_VALUE_OUTPUT, ATTR_AFN_LLM_COST_OUTPUT],
] as const

type Tokens = readonly [metric: string, options: CountedMetric['options'], key: string]
const tokens: readonly Tokens[] = [
  [
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ],
  [
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ],
  [
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ],
  [
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ],
  [
    METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ],
]

const whose: readonly Label[] = [{ key: ATTR_GEN_AI_AGENT_NAME }, ATTR_USER_ID, ATTR_VCS_REPOSITORY_NAME]

/** Metrics of the connector for spans, or for log records. */
export function agentCounts(context: Context): Section[] {
  const of = (key: string) => at(context, key)
  const dialects = ofSignal(context === 'span' ? 'traces' : 'logs')
  const isOf = (some: typeof dialects): string => isOneOf(of(ATTR_AFN_LLM_DIALECT), some.map(({ name }) => name)) // biome-ignore format: one line
  const isChat = `${of(ATTR_GEN_AI_OPERATION_NAME)} == "${GEN_AI_OPERATION_NAME_VALUE_CHAT}" and ${of(ATTR_AFN_LLM_USAGE_ROLLUP)} != true`
  // of records, only those of calls have a dialect
  const isCall = [isOf(dialects), ...(context === 'span' ? [isChat] : [])].join(' and ')
  const [total, input] = [of(ATTR_AFN_LLM_COST_TOTAL), of(ATTR_GEN_AI_USAGE_INPUT_TOKENS)]
  const isPriced = `${isCall} and ${isAmount(total)}`
  const amount = (key: string): Section => ({ sum: { value: `Double(${of(key)})`, monotonic: true } })
  const sum = ({ metric, options, when, by, value }: Omit<CountedMetric, 'of'>): Section =>
    counted({ metric, options, when, ...(by && { by }), of: ['team'], value })
  const unpriced = (reason: string, when: string): Section =>
    sum({
      metric: METRIC_AFN_LLM_UNPRICED_OPERATIONS,
      options: METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS,
      when: `${isCall} and ${total} == nil and ${when}`,
      by: [...ofCall, { key: ATTR_AFN_LLM_UNPRICED_REASON, default_value: reason }],
      value: one,
    })
  return [
    ...components.map(([component, key]) =>
      sum({
        metric: METRIC_AFN_LLM_COST,
        options: METRIC_OPTIONS_AFN_LLM_COST,
        when: `${isPriced} and ${isAmount(of(key))}`,
        by: [...ofPrice, { key: ATTR_AFN_LLM_COST_COMPONENT, default_value: component }],
        value: amount(key),
      }),
    ),
    sum({
      metric: METRIC_AFN_LLM_OPERATION_COST,
      options: METRIC_OPTIONS_AFN_LLM_OPERATION_COST,
      when: isPriced,
      by: ofPrice,
      value: {
        histogram: {
          buckets: METRIC_OPTIONS_AFN_LLM_OPERATION_COST.advice.explicitBucketBoundaries,
          value: `Double(${total})`,
        },
      },
    }),
    unpriced(AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE, `${input} != nil`),
    unpriced(
      AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE,
      `${input} == nil${context === 'span' ? ' and span.status.code != STATUS_CODE_ERROR' : ''}`,
    ),
    ...tokens.map(([metric, options, key]) =>
      sum({
        metric,
        options,
        when: `${isCall} and ${isOf(dialects.filter(({ countsTokens }) => !countsTokens))} and ${isAmount(of(key))}`,
        by: [...ofCall, { key: ATTR_GEN_AI_TOKEN_MODALITY, default_value: GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN }],
        value: { sum: { value: `Int(${of(key)})`, monotonic: true } },
      }),
    ),
    sum({
      metric: METRIC_AFN_AGENT_COST,
      options: METRIC_OPTIONS_AFN_AGENT_COST,
      when: isPriced,
      by: [
        { key: ATTR_AFN_LLM_DIALECT },
        ...whose,
        ATTR_GEN_AI_REQUEST_MODEL,
        ATTR_GEN_AI_SKILL_NAME,
        ATTR_AFN_AGENT_MCP_SERVER_NAME,
      ],
      value: amount(ATTR_AFN_LLM_COST_TOTAL),
    }),
    ...(context === 'log' ? [ofFeature(isPriced, amount(ATTR_AFN_LLM_COST_TOTAL)), edits, sessions] : []),
  ]
}

const one: Section = { sum: { value: '1', monotonic: true } }

const ofFeature = (when: string, value: Section): Section =>
  counted({
    metric: METRIC_AFN_LLM_FEATURE_COST,
    options: METRIC_OPTIONS_AFN_LLM_FEATURE_COST,
    when,
    by: [{ key: ATTR_GEN_AI_AGENT_NAME }],
    value,
  })

/** Agents tell of decisions and of beginnings by records alone. */
const edits = counted({
  metric: METRIC_AFN_AGENT_EDITS,
  options: METRIC_OPTIONS_AFN_AGENT_EDITS,
  when: `${at('log', ATTR_AFN_AGENT_EDIT_DECISION)} != nil`,
  by: [{ key: ATTR_AFN_AGENT_EDIT_DECISION }, ...whose],
  of: ['team'],
  value: one,
})
const sessions = counted({
  metric: METRIC_AFN_AGENT_SESSIONS,
  options: METRIC_OPTIONS_AFN_AGENT_SESSIONS,
  when: `${at('log', ATTR_AFN_AGENT_SESSION_BEGINS)} == true`,
  by: whose,
  of: ['team'],
  value: one,
})
