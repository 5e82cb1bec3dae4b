// `GET /api/afn/calls`: the model calls that a TraceQL query finds, with their content and evaluations.
import {
  AFN_LLM_PURPOSE_VALUE_EVALUATION,
  ATTR_AFN_LLM_PURPOSE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { plainAttributes } from '../../../shared/otlp/any-value'
import type { QueryParams } from '../../request-parameters'
import { content, isCall } from '../../store/calls'
import { amongTraces, attribute, joins, spanIdHex, text, traceIdHex, traceIdOf } from '../../store/columns'
import type { Row, Store } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import { search } from '../../traceql/search'
import { readBounded } from '../bounded-rows'
import type { CallEvaluation, FoundCall, FoundCallsAnswer } from '../call-answers'
import { secondsOf } from '../parameters'
import type { Parts } from '../parts'
import { attributesOf } from '../tempo/document'
import { searchRequest } from '../tempo/search-request'
import { evaluations } from './evaluations'
import { numberOrNull, textOrNull } from './row'

/** Limit per trace; no request of an app makes more calls. */
const MOST_SPANS = 10_000

const contents = [
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
] as const

/**
 * A matching span that is not a call, such as a request, stands for the calls below it. `limit` and `after` count traces, as in a search.
 * @throws Refused with 400
 * @throws TraceqlError
 */
export async function foundCalls({ store, now }: Parts, params: QueryParams): Promise<FoundCallsAnswer> {
  const { query, window, after, limit } = searchRequest(params)
  const { traces } = await search(store, query, { window, after, limit, spans: MOST_SPANS })
  const last = traces.at(-1)
  const next = last ? `${last.startTimeUnixNano}.${last.traceID}` : null
  const matched = traces.flatMap(({ traceID, spanSets }) =>
    (spanSets ?? []).flatMap(({ spans }) =>
      spans.map(({ spanID }) => [traceIdOf(traceID), traceIdOf(spanID)] as const),
    ),
  )
  if (matched.length === 0) return { calls: [], left: 0, next }
  const seqs = await callsAmong(store, matched)
  const rows = await readBounded(seqs, condition => store.query(`${select} WHERE ${condition}`))
  const said = await evaluationsOf(store, rows, BigInt(now() + 1_000) * 1_000_000n)
  return { calls: rows.map(row => callOf(row, said)), left: seqs.length - rows.length, next }
}

/** @returns the row numbers of the calls, each once, in the order of the traces */
async function callsAmong(store: Store, matched: readonly (readonly [bigint, bigint])[]): Promise<bigint[]> {
  const ids = [...new Set(matched.map(([traceId]) => traceId))]
  const list = (values: readonly bigint[], type: string) => `unnest('[${values.join(', ')}]'::${type}[])`
  const read = (key: string) => attribute('span', key, 'string')
  // calls of a judging model are not the app's own work
  const isInference = `(${isCall} AND ${read(ATTR_GEN_AI_OPERATION_NAME)} <> ${text(GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS)}
    AND ${read(ATTR_AFN_LLM_PURPOSE)} IS DISTINCT FROM ${text(AFN_LLM_PURPOSE_VALUE_EVALUATION)})`
  const rows = await store.query(`
    WITH RECURSIVE matched AS (
      SELECT ${list(
        matched.map(([traceId]) => traceId),
        'UHUGEINT',
      )} AS trace_id, ${list(
        matched.map(([, spanId]) => spanId),
        'UBIGINT',
      )} AS span_id
    ), near AS MATERIALIZED (
      SELECT s.seq, s.trace_id, s.span_id, s.parent_id, coalesce(${isCall}, false) AS is_end, coalesce(${isInference}, false) AS is_inference
      FROM spans s WHERE ${amongTraces(ids)}
    ), parts AS (
      SELECT n.* FROM near n JOIN matched m ON m.trace_id = n.trace_id AND m.span_id = n.span_id
      UNION
      SELECT n.* FROM parts p JOIN near n ON n.trace_id = p.trace_id AND n.parent_id = p.span_id WHERE NOT p.is_end
    )
    SELECT trace_id, min(seq) AS seq FROM parts WHERE is_inference GROUP BY trace_id, span_id ORDER BY 2`)
  const places = new Map(ids.map((id, at) => [id, at]))
  return rows
    .sort((a, b) => places.get(a.trace_id as bigint)! - places.get(b.trace_id as bigint)!)
    .map(({ seq }) => seq as bigint)
}

const select = `SELECT s.* EXCLUDE (events, links), ${traceIdHex('s.trace_id')} AS trace, ${spanIdHex('s.span_id')} AS span,
  ${attribute('resource', 'service.name', 'string')} AS service, ${attribute('resource', 'service.version', 'string')} AS service_version,
  ${contents.map((key, at) => `${content(key)} AS content_${at}`).join(', ')} FROM ${joins.span} ${joins.resource}`

/** By row number of the call. */
async function evaluationsOf(store: Store, rows: readonly Row[], toNs: bigint): Promise<Map<bigint, CallEvaluation[]>> {
  const said = new Map<bigint, CallEvaluation[]>()
  if (rows.length === 0) return said
  // an evaluation may arrive a day after the request, so the period extends to the present
  const ids = [...new Set(rows.map(row => row.trace_id as bigint))]
  const [first] = await store.query(`SELECT min(s.start_ns) AS ns FROM spans s WHERE ${amongTraces(ids)}`)
  const period = { fromNs: first!.ns as bigint, toNs }
  const seqs = rows.map(({ seq }) => seq as bigint)
  const found = await store.query(`
    WITH RECURSIVE ${evaluations(period, await knownKeys(store), ids)}
    SELECT answering, name, evaluator, evaluator_type, scale, score, label, verdict,
      (SELECT explanation FROM reports WHERE reports.place = judged.place) AS explanation,
      EXISTS (SELECT 1 FROM reports r WHERE starts_with(r.place, 's') AND r.trace_id = judged.trace_id AND r.span_id = judged.span_id
        AND r.name = judged.name AND r.evaluator IS NOT DISTINCT FROM judged.evaluator
        AND r.evaluator_type IS NOT DISTINCT FROM judged.evaluator_type) AS on_span
    FROM judged WHERE verdict NOT IN ('skipped', 'error')
      AND list_contains('[${seqs.join(', ')}]'::BIGINT[], answering) ORDER BY reported_ns, place`)
  for (const row of found) {
    const seq = row.answering as bigint
    said.set(seq, [...(said.get(seq) ?? []), evaluationOf(row)])
  }
  return said
}

const evaluationOf = (row: Row): CallEvaluation => ({
  evaluation: row.name as string,
  evaluator: { name: textOrNull(row.evaluator), type: textOrNull(row.evaluator_type) },
  scale: row.scale as CallEvaluation['scale'],
  score: numberOrNull(row.score),
  label: textOrNull(row.label),
  verdict: row.verdict as CallEvaluation['verdict'],
  explanation: textOrNull(row.explanation),
  isOnSpan: row.on_span === true,
})

const failed = 2

function callOf(row: Row, said: ReadonlyMap<bigint, readonly CallEvaluation[]>): FoundCall {
  const attributes = plainAttributes(attributesOf(row))
  for (const key of contents) delete attributes[key]
  const [inputMessages, outputMessages, systemInstructions, toolDefinitions] = contents.map((_, at) =>
    textOrNull(row[`content_${at}`]),
  ) as [string | null, string | null, string | null, string | null]
  return {
    traceId: row.trace as string,
    spanId: row.span as string,
    start: secondsOf(row.start_ns),
    end: secondsOf((row.start_ns as bigint) + (row.duration_ns as bigint)),
    service: row.service as string,
    serviceVersion: textOrNull(row.service_version),
    isFailed: row.status === failed,
    attributes,
    inputMessages,
    outputMessages,
    systemInstructions,
    toolDefinitions,
    evaluations: said.get(row.seq as bigint) ?? [],
  }
}
