// What boards show of spans and logs, and no SDK counts: what LLM calls cost by feature, guardrails, the audit
// log, and the Web Vitals of pages.
import {
  ATTR_AFN_AUDIT_LOG_CHECKPOINT,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USER_GROUP,
  ATTR_BROWSER_WEB_VITAL_NAME,
  ATTR_BROWSER_WEB_VITAL_RATING,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_AUDIT_LOG_CHECKPOINT_TIME,
  METRIC_AFN_AUDIT_LOG_ENTRIES,
  METRIC_AFN_LLM_FEATURE_COST,
  METRIC_AFN_LLM_GUARDRAIL_INTERVENTIONS,
  METRIC_AFN_WEB_VITAL_DURATION,
  METRIC_AFN_WEB_VITAL_LAYOUT_SHIFT,
  METRIC_OPTIONS_AFN_AUDIT_LOG_CHECKPOINT_TIME,
  METRIC_OPTIONS_AFN_AUDIT_LOG_ENTRIES,
  METRIC_OPTIONS_AFN_LLM_FEATURE_COST,
  METRIC_OPTIONS_AFN_LLM_GUARDRAIL_INTERVENTIONS,
  METRIC_OPTIONS_AFN_WEB_VITAL_DURATION,
  METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT,
} from '../../../semconv'
import { auditAttribute } from '../../shared/tiers'
import { agentCounts, isNotOfRecords } from './agent-counts'
import type { Legs } from './collector-sections'
import { counted, isAmount } from './counted-metric'
import { dated } from './cumulative-counters'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

/** The connectors that count spans of LLMs and log records; they come after redaction. */
export const counts = { llm: 'signal_to_metrics/llm', logs: 'signal_to_metrics/logs' } as const

/** LangFuse's name for the tags of a trace. */
const TAGS = 'langfuse.trace.tags'
const at = (context: 'span' | 'log', key: string): string => `${context}.attributes["${key}"]`

const one = { sum: { value: '1', monotonic: true } }
const cost = at('span', ATTR_AFN_LLM_COST_TOTAL)

function ofSpans(): Section[] {
  return [
    counted({
      metric: METRIC_AFN_LLM_FEATURE_COST,
      options: METRIC_OPTIONS_AFN_LLM_FEATURE_COST,
      // an agent may repeat what its calls cost
      when: `${isAmount(cost)} and ${at('span', ATTR_AFN_LLM_USAGE_ROLLUP)} != true and ${isNotOfRecords}`,
      by: [ATTR_GEN_AI_AGENT_NAME, TAGS],
      value: { sum: { value: `Double(${cost})`, monotonic: true } },
    }),
    counted({
      metric: METRIC_AFN_LLM_GUARDRAIL_INTERVENTIONS,
      options: METRIC_OPTIONS_AFN_LLM_GUARDRAIL_INTERVENTIONS,
      when: `${at('span', ATTR_AFN_LLM_GUARDRAIL_TRIGGERED)} == true`,
      by: [ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL],
      value: one,
    }),
    ...agentCounts('span'),
  ]
}

const vital = at('log', ATTR_BROWSER_WEB_VITAL_NAME)
const value = at('log', 'browser.web_vital.value')
/** Anybody can send what a page sends: other names would make series without end, and one value could spoil a sum. */
const isVital = (names: string, most: string): string =>
  [
    `IsMatch(${vital}, "^(?:${names})$")`,
    `IsMatch(${at('log', ATTR_BROWSER_WEB_VITAL_RATING)}, "^(?:good|needs-improvement|poor)$")`,
    `Double(${value}) >= 0.0`,
    `Double(${value}) <= ${most}`,
  ].join(' and ')

function ofLogs(): Section[] {
  const isAudit = `${at('log', auditAttribute)} == true`
  const isCheckpoint = `${at('log', ATTR_AFN_AUDIT_LOG_CHECKPOINT)} == 1`
  return [
    counted({
      metric: METRIC_AFN_WEB_VITAL_DURATION,
      options: METRIC_OPTIONS_AFN_WEB_VITAL_DURATION,
      when: isVital('lcp|inp|fcp|ttfb|fid', '600000.0'),
      by: [ATTR_BROWSER_WEB_VITAL_NAME, ATTR_BROWSER_WEB_VITAL_RATING],
      value: {
        histogram: {
          buckets: METRIC_OPTIONS_AFN_WEB_VITAL_DURATION.advice.explicitBucketBoundaries,
          value: `Double(${value}) / 1000.0`,
        },
      },
    }),
    counted({
      metric: METRIC_AFN_WEB_VITAL_LAYOUT_SHIFT,
      options: METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT,
      when: isVital('cls', '1000.0'),
      by: [ATTR_BROWSER_WEB_VITAL_RATING],
      value: {
        histogram: {
          buckets: METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT.advice.explicitBucketBoundaries,
          value: `Double(${value})`,
        },
      },
    }),
    counted({
      metric: METRIC_AFN_AUDIT_LOG_ENTRIES,
      options: METRIC_OPTIONS_AFN_AUDIT_LOG_ENTRIES,
      when: `${isAudit} and not (${isCheckpoint})`,
      value: one,
    }),
    counted({
      metric: METRIC_AFN_AUDIT_LOG_CHECKPOINT_TIME,
      options: METRIC_OPTIONS_AFN_AUDIT_LOG_CHECKPOINT_TIME,
      when: `${isAudit} and ${isCheckpoint}`,
      value: { gauge: { value: 'Double(UnixSeconds(Now()))' } },
    }),
    ...agentCounts('log'),
  ]
}

export function countLegs(plan: Plan): Legs {
  const point = (key: string): string => `datapoint.attributes["${key}"]`
  return {
    processors: {
      'transform/counts': {
        error_mode: 'propagate',
        metric_statements: [
          {
            statements: [
              `set(${point(ATTR_AFN_LLM_USER_GROUP)}, Concat(Sort(${point(TAGS)}), ", ")) where ${point(TAGS)} != nil`,
              `delete_key(datapoint.attributes, "${TAGS}")`,
            ],
          },
        ],
      },
      'interval/counts': { interval: '15s' },
    },
    exporters: {},
    connectors: {
      [counts.llm]: note('Counts that dashboards show and no SDK provides.', {
        error_mode: 'ignore',
        spans: ofSpans(),
      }),
      [counts.logs]: { error_mode: 'ignore', logs: ofLogs() },
    },
    pipelines: {
      'metrics/counts': {
        receivers: Object.values(counts),
        processors: ['transform/counts', dated, 'delta_to_cumulative', 'interval/counts'],
        exporters: ['otlp_http/prometheus-high', ...(plan.metrics === 'three' ? ['forward/metrics'] : [])],
      },
    },
  }
}
