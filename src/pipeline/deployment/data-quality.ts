// Spans and data points with which something is wrong are counted by rule, as afn_dq_violations_total in Prometheus.
// The spans are stored all the same.
import {
  ATTR_AFN_DQ_CANARY,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  METRIC_AFN_DQ_VIOLATIONS,
} from '../../../semconv'
import type { Legs } from './collector-sections'
import { dated } from './cumulative-counters'
import { env } from './environment'
import { unusable } from './metric-window'
import { note, type Section } from './yaml-comments'

/** The connectors that count: one for every span, one for those of LLMs alone, and one for data points. */
export const dataQuality = {
  every: 'count/data-quality',
  llm: 'count/data-quality-llm',
  points: 'count/data-quality-points',
} as const

/** No name of OpenTelemetry's: it stands in rules and queries that people write. */
const LABEL = 'rule'
const minute = 60_000_000_000
/** Of clocks, in ns: a span that waited in a spool is older than it was late. */
const [ahead, behind] = [5 * minute, 7 * 24 * 60 * minute]

/** How far the start of a span may be from now: what begins later or earlier breaks a rule. */
export const suspicion = { ahead: `${ahead / minute}m`, behind: `${behind / minute}m` } as const

const at = (key: string): string => `span.attributes["${key}"]`
const service = 'resource.attributes["service.name"]'
const isCall = `IsMatch(${at(ATTR_GEN_AI_OPERATION_NAME)}, "^(?:chat|text_completion|generate_content|embeddings)$")`
const tokens = [at(ATTR_GEN_AI_USAGE_INPUT_TOKENS), at(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)] as const
const [input, output] = tokens
const any = (conditions: readonly string[]): string => `(${conditions.join(' or ')})`

/** In OTTL; each is a value of the label `rule`. What seldom holds and costs least comes first. */
const ofEvery: Record<string, string> = {
  no_service_name: any([`${service} == nil`, `IsMatch(${service}, "^(?:$|unknown_service)")`]),
  clock_skew: any([
    'span.end_time_unix_nano < span.start_time_unix_nano',
    `span.start_time_unix_nano > UnixNano(Now()) + ${ahead}`,
    `span.start_time_unix_nano < UnixNano(Now()) - ${behind}`,
  ]),
}
/** A call that failed has no usage, and a stream that was left may have none. */
const ofLlm: Record<string, string> = {
  no_model: `${at(ATTR_GEN_AI_REQUEST_MODEL)} == nil and ${at(ATTR_GEN_AI_RESPONSE_MODEL)} == nil and ${isCall}`,
  no_usage: `${input} == nil and ${output} == nil and span.status.code != STATUS_CODE_ERROR and ${isCall}`,
  unpriced_model: `${at(ATTR_AFN_LLM_COST_TOTAL)} == nil and ${any(tokens.map(key => `${key} != nil`))} and ${isCall}`,
  negative_tokens: any(tokens.map(key => `${key} < 0`)),
  wrong_type: any(
    [...tokens, at(ATTR_AFN_LLM_COST_TOTAL), at(ATTR_GEN_AI_EVALUATION_SCORE_VALUE)].map(key => `IsString(${key})`),
  ),
}

const score = `spanevent.attributes["${ATTR_GEN_AI_EVALUATION_SCORE_VALUE}"]`
const canary = `"${env('AFN_CANARY')}"`
const hasCanary = (...places: string[]): string =>
  `(${canary} != "" and ${any(places.map(place => `IsMatch(${place}, ${canary})`))})`

/** Statements for before the redaction, which would mask a canary. The mark stays: it finds the trace. */
export function canaryMarks(): Section[] {
  const mark = (place: string): Section => ({
    statements: [`set(${at(ATTR_AFN_DQ_CANARY)}, true) where ${hasCanary(place)}`],
  })
  return [mark('span.attributes'), mark('spanevent.attributes')]
}

export function dataQualityLegs(): Legs {
  return {
    processors: {
      'transform/data-quality': note('Merges the counts into one metric with the rule as its label.', {
        error_mode: 'propagate',
        metric_statements: [
          {
            statements: [
              `set(datapoint.attributes["${LABEL}"], metric.name)`,
              `replace_pattern(datapoint.attributes["${LABEL}"], "^.*[.]", "")`,
            ],
          },
          { statements: [`set(metric.name, "${METRIC_AFN_DQ_VIOLATIONS}")`] },
        ],
      }),
      'interval/data-quality': { interval: '15s' },
    },
    exporters: {},
    connectors: {
      [dataQuality.every]: {
        spans: Object.fromEntries([
          ...Object.entries(ofEvery).map(([rule, condition]) => counted(rule, condition)),
          counted(
            'pii_canary',
            any([
              `${at(ATTR_AFN_DQ_CANARY)} == true`,
              hasCanary('span.attributes', 'span.name', 'span.status.message'),
            ]),
          ),
        ]),
        spanevents: Object.fromEntries([counted('pii_canary', hasCanary('spanevent.attributes'))]),
      },
      [dataQuality.llm]: {
        spans: Object.fromEntries(Object.entries(ofLlm).map(([rule, condition]) => counted(rule, condition))),
        spanevents: Object.fromEntries([counted('wrong_type', `IsString(${score})`)]),
      },
      [dataQuality.points]: Object.fromEntries(
        Object.entries(unusable).map(([of, rules]) => [
          of,
          Object.fromEntries(Object.entries(rules).map(([rule, conditions]) => counted(rule, any(conditions)))),
        ]),
      ),
    },
    pipelines: {
      'metrics/data-quality': {
        receivers: Object.values(dataQuality),
        processors: ['transform/data-quality', dated, 'delta_to_cumulative', 'interval/data-quality'],
        exporters: ['otlp_http/prometheus-high'],
      },
    },
  }
}

const counted = (rule: string, condition: string): [string, Section] => [
  `${METRIC_AFN_DQ_VIOLATIONS}.${rule}`,
  { description: 'Spans, events and data points that break a rule of data quality.', conditions: [condition] },
]
