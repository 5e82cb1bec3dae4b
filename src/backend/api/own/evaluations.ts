/**
 * SQL that reads evaluations, each once, with the answer that they judge.
 *
 * An evaluation is found in three places: in an event on the judged span, in a log record that names this span or the response id, and in a
 * child span (`recordEvaluation` makes one if the judged span has ended). The answer is the work of the judged span: a model call, or a
 * request or agent with calls below it.
 */

import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_ERROR,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_AFN_LLM_EVALUATION_SCORE_MAX,
  ATTR_AFN_LLM_EVALUATION_SCORE_MIN,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_ID,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { promptNames, promptVersions } from '../../../app/llm/report/prompt-names'
import type { TimeRangeNs } from '../../request-parameters'
import { cost, isCall, model, unpricedReason } from '../../store/calls'
import { attribute, nestedAttribute, text } from '../../store/columns'
import type { AttributeType } from '../../store/schema'
import type { KnownKeys } from '../../traceql/known-keys'
import { within } from '../parameters'

/** The event is now named `gen_ai.evaluation.result`; earlier drafts of the conventions put the name of the evaluation there. */
const eventPrefix = text('gen_ai.evaluation')

type Reader = (key: string, type: AttributeType) => string
const nested =
  (variable: string): Reader =>
  (key, type) =>
    nestedAttribute(variable, key, type)

const onSpan: Reader = (key, type) => attribute('span', key, type)
const name = (read: Reader) => read(ATTR_GEN_AI_EVALUATION_NAME, 'string')

/** Untyped writers send whole numbers as integers. Values that are not finite count as missing. */
const number = (read: Reader, key: string): string => {
  const value = `coalesce(${read(key, 'float')}, ${read(key, 'int')}::DOUBLE)`
  return `CASE WHEN isfinite(${value}) THEN ${value} END`
}

/** Reads an evaluation from one place into columns whose names are the same for all places. */
const said = (read: Reader): string => `
  ${name(read)} AS name,
  ${read(ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME, 'string')} AS evaluator,
  ${read(ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE, 'string')} AS evaluator_type,
  ${number(read, ATTR_GEN_AI_EVALUATION_SCORE_VALUE)} AS value,
  ${number(read, ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED)} AS mapped,
  ${number(read, ATTR_AFN_LLM_EVALUATION_SCORE_MIN)} AS lowest,
  ${number(read, ATTR_AFN_LLM_EVALUATION_SCORE_MAX)} AS highest,
  ${read(ATTR_GEN_AI_EVALUATION_SCORE_LABEL, 'string')} AS label,
  ${read(ATTR_GEN_AI_EVALUATION_EXPLANATION, 'string')} AS explanation,
  ${read(ATTR_AFN_LLM_EVALUATION_OUTCOME, 'string')} AS outcome,
  ${read(ATTR_ERROR_TYPE, 'string')} AS error`

/**
 * A span that is itself an evaluation judges its parent or the span that it links to. A model call with these attributes is judged itself.
 */
const ofOther = `(${name(onSpan)} IS NOT NULL AND ${onSpan(ATTR_GEN_AI_OPERATION_NAME, 'string')} IS NULL)`
const judgedTrace = `CASE WHEN ${ofOther} AND s.parent_id = 0 AND len(s.links) > 0 THEN s.links[1].trace_id ELSE s.trace_id END`
const judgedSpan = `CASE WHEN NOT ${ofOther} THEN s.span_id WHEN s.parent_id <> 0 THEN s.parent_id
  WHEN len(s.links) > 0 THEN s.links[1].span_id ELSE s.span_id END`

/** The first of these attributes that a span has, as text. Attributes that no span has are left out of the query. */
function firstOf(keys: readonly string[], known: KnownKeys): string {
  const found = keys.flatMap(key => [
    ...(known.has('span', key, 'string') ? [`nullif(${onSpan(key, 'string')}, '')`] : []),
    ...(known.has('span', key, 'int') ? [`${onSpan(key, 'int')}::VARCHAR`] : []),
  ])
  return found.length === 0 ? 'NULL::VARCHAR' : `coalesce(${found.join(', ')})`
}

/** The value that all calls with a value agree on; NULL if they differ. */
const agreed = (value: string, of: string) =>
  `CASE WHEN count(DISTINCT ${value}) FILTER (${of}) = 1 THEN any_value(${value}) FILTER (${of} AND ${value} IS NOT NULL) END`

const { pass, fail, error, skipped } = {
  pass: text(AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS),
  fail: text(AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL),
  error: text(AFN_LLM_EVALUATION_OUTCOME_VALUE_ERROR),
  skipped: text(AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED),
}

/**
 * Tables for a query that begins with WITH RECURSIVE. The table `judged` has one row per evaluation in the period, even if it was reported
 * several times, with the columns
 * - `time_ns`, `place` (unique), `trace_id` and `span_id` of the judged span, NULL if unknown
 * - `name`, `evaluator`, `evaluator_type`, `value`, `label`; the table `reports` has the `explanation` of a `place`
 * - `scale`: `normalized` if the score is mapped to 0..1, `own` if only the evaluator knows its range, `none` without a score; `source`
 * tells the own scales of different scopes apart; `score` is the number on that scale
 * - `verdict`: `pass`, `fail`, `unrated` (no threshold), `skipped` (nothing to judge) or `error` (of the evaluator)
 * - about the answer: `service`; `model`, `prompt_name` and `prompt_version` if its calls agree; `calls`, `cost`, `priced`, `no_price`,
 * `no_usage`; `answering`, the `seq` of the call that gave it
 *
 * The time of an evaluation is the start of the span or the log record that carries it.
 * @param traces of the answers; all traces if absent
 */
export function evaluations(period: TimeRangeNs, keys: KnownKeys, traces?: readonly bigint[]): string {
  const { fromNs, toNs } = period
  const log = nested('l')
  const isInference = `c.is_call AND c.operation <> ${text(GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS)}`
  const responseId = keys.has('span', ATTR_GEN_AI_RESPONSE_ID, 'string')
    ? onSpan(ATTR_GEN_AI_RESPONSE_ID, 'string')
    : 'NULL::VARCHAR'
  return `
    on_spans AS (
      SELECT * EXCLUDE (found), unnest(found) AS e, generate_subscripts(found, 1) AS n FROM (
        SELECT s.seq, ${judgedTrace} AS trace_id, ${judgedSpan} AS span_id, s.start_ns AS time_ns, s.received_ns, s.resource, s.scope,
          list_filter(s.events, lambda e: starts_with(e.name, ${eventPrefix}) AND ${name(nested('e'))} IS NOT NULL) AS found
        FROM spans s WHERE ${within(period)}) WHERE len(found) > 0
    ), reports AS MATERIALIZED (
      SELECT printf('s%020d.%04d', seq, n) AS place, trace_id, span_id, NULL::VARCHAR AS response_id, time_ns, received_ns,
        e.time_ns AS reported_ns, resource, scope, ${said(nested('e'))} FROM on_spans
      UNION ALL
      SELECT printf('s%020d.%04d', s.seq, 0), ${judgedTrace}, ${judgedSpan}, NULL, s.start_ns, s.received_ns, s.start_ns, s.resource,
        s.scope, ${said(onSpan)}
      FROM spans s WHERE ${within(period)} AND ${name(onSpan)} IS NOT NULL
      UNION ALL
      SELECT printf('l%020d.%04d', l.seq, 0), CASE WHEN l.span_id <> 0 THEN l.trace_id END, nullif(l.span_id, 0),
        ${log(ATTR_GEN_AI_RESPONSE_ID, 'string')}, l.time_ns, l.received_ns, l.time_ns, l.resource, l.scope, ${said(log)}
      FROM logs l WHERE l.time_ns >= ${fromNs} AND l.time_ns < ${toNs}
        AND (l.event_name = '' OR starts_with(l.event_name, ${eventPrefix})) AND ${name(log)} IS NOT NULL
    ), replied AS (
      SELECT ${responseId} AS response_id, arg_max((s.trace_id, s.span_id), s.start_ns) AS ids FROM spans s
      WHERE ${responseId} IN (SELECT response_id FROM reports WHERE span_id IS NULL) AND ${isCall} GROUP BY 1
    ), aimed AS (
      SELECT t.* REPLACE (coalesce(t.trace_id, ids[1]) AS trace_id, coalesce(t.span_id, ids[2]) AS span_id)
      FROM reports t LEFT JOIN replied r ON t.span_id IS NULL AND t.response_id = r.response_id
      ${traces ? `WHERE coalesce(t.trace_id, ids[1]) IN (SELECT unnest('[${traces.join(', ')}]'::UHUGEINT[]))` : ''}
    ), near AS MATERIALIZED (
      SELECT s.seq, s.trace_id, s.span_id, s.parent_id, s.start_ns + s.duration_ns AS end_ns, s.resource, coalesce(${isCall}, false) AS is_call,
        coalesce(${onSpan(ATTR_GEN_AI_OPERATION_NAME, 'string')}, '') AS operation, ${model} AS model,
        ${cost} AS cost, CASE WHEN ${isCall} THEN ${unpricedReason} END AS unpriced,
        ${firstOf(promptNames, keys)} AS prompt_name, ${firstOf(promptVersions, keys)} AS prompt_version
      FROM spans s WHERE s.trace_id IN (SELECT trace_id FROM aimed)
    ), parts AS (
      -- a call has its own cost; of anything else, that of the calls below it
      SELECT DISTINCT a.trace_id, a.span_id AS judged, n.span_id, n.is_call AS is_end
      FROM aimed a JOIN near n ON n.trace_id = a.trace_id AND n.span_id = a.span_id
      UNION
      SELECT p.trace_id, p.judged, n.span_id, n.is_call
      FROM parts p JOIN near n ON n.trace_id = p.trace_id AND n.parent_id = p.span_id WHERE NOT p.is_end
    ), answers AS MATERIALIZED (
      SELECT p.trace_id, p.judged, count(*) FILTER (c.is_call) AS calls, sum(c.cost) FILTER (c.is_call) AS cost,
        count(c.cost) FILTER (c.is_call) AS priced, count(*) FILTER (c.unpriced = 'no_price') AS no_price,
        count(*) FILTER (c.unpriced = 'no_usage') AS no_usage, count(*) FILTER (${isInference}) AS inferences,
        any_value(c.span_id) FILTER (${isInference}) AS inference, arg_max(c.seq, c.end_ns) FILTER (${isInference}) AS answering,
        any_value(c.resource) FILTER (c.span_id = p.judged) AS resource, ${agreed('c.model', isInference)} AS model,
        coalesce(any_value(c.prompt_name) FILTER (c.span_id = p.judged), ${agreed('c.prompt_name', isInference)}) AS prompt_name,
        coalesce(any_value(c.prompt_version) FILTER (c.span_id = p.judged), ${agreed('c.prompt_version', isInference)}) AS prompt_version
      FROM parts p JOIN near c ON c.trace_id = p.trace_id AND c.span_id = p.span_id GROUP BY ALL
    ), known AS (
      SELECT t.place, t.time_ns, t.received_ns, t.reported_ns, t.trace_id, t.span_id, t.name, t.evaluator, t.evaluator_type, t.value,
        t.label, t.error, t.explanation IS NULL AS is_brief, a.model, a.prompt_name, a.prompt_version, coalesce(a.calls, 0) AS calls,
        a.cost, coalesce(a.priced, 0) AS priced, coalesce(a.no_price, 0) AS no_price, coalesce(a.no_usage, 0) AS no_usage, a.answering,
        coalesce(t.evaluator, t.evaluator_type) IS NOT NULL AS is_signed,
        CASE WHEN t.mapped BETWEEN 0 AND 1 THEN t.mapped
          WHEN t.highest > t.lowest AND t.value BETWEEN t.lowest AND t.highest
          THEN (t.value - t.lowest) / (t.highest - t.lowest) END AS normalized,
        coalesce(t.outcome, CASE WHEN lower(t.label) IN (${pass}, ${fail}) THEN lower(t.label) END) AS outcome,
        coalesce(c.name, '') AS scope_name, coalesce(j.service_name, r.service_name, '') AS service,
        -- a request with one call, and this call, are one answer
        CASE WHEN t.span_id IS NULL THEN hash(coalesce(t.response_id, t.place), t.name)
          ELSE hash(t.trace_id, CASE WHEN a.inferences = 1 THEN a.inference ELSE t.span_id END, t.name) END AS question,
        hash(t.evaluator, t.evaluator_type) AS judge, hash(t.value, CASE WHEN t.value IS NULL THEN t.label END) AS statement
      FROM aimed t LEFT JOIN answers a ON a.trace_id = t.trace_id AND a.judged = t.span_id
        LEFT JOIN scopes c ON c.id = t.scope LEFT JOIN resources r ON r.id = t.resource LEFT JOIN resources j ON j.id = a.resource
    ), distinct_statements AS (
      -- of what two libraries report of the same judgement, the one that says more counts
      SELECT *, max(is_signed) OVER (PARTITION BY question, statement) AS others_signed FROM known
      QUALIFY row_number() OVER (
        PARTITION BY question, statement, judge ORDER BY normalized IS NULL, outcome IS NULL, is_brief, received_ns DESC, place DESC) = 1
    ), each_once AS (
      -- the same judge of the same answer has corrected himself
      SELECT *, CASE WHEN normalized IS NOT NULL THEN 'normalized' WHEN value IS NOT NULL THEN 'own' END AS own_scale
      FROM distinct_statements WHERE is_signed OR NOT others_signed
      QUALIFY row_number() OVER (PARTITION BY question, judge ORDER BY received_ns DESC, reported_ns DESC, place DESC) = 1
    ), scaled AS (
      -- one without a score goes with the scores of its evaluator
      SELECT *, coalesce(own_scale, min(own_scale) OVER (PARTITION BY name, evaluator, evaluator_type, scope_name), 'none') AS scale
      FROM each_once
    ), judged AS MATERIALIZED (
      SELECT * EXCLUDE (own_scale, is_signed, is_brief, others_signed, outcome, normalized, scope_name, question, judge, statement),
        CASE WHEN scale = 'own' THEN scope_name ELSE '' END AS source,
        CASE scale WHEN 'normalized' THEN normalized WHEN 'own' THEN value END AS score,
        CASE WHEN outcome IN (${pass}, ${fail}, ${error}) THEN outcome
          WHEN value IS NULL AND normalized IS NULL AND label IS NULL THEN CASE WHEN error IS NULL THEN ${skipped} ELSE ${error} END
          ELSE 'unrated' END AS verdict
      FROM scaled
    )`
}
