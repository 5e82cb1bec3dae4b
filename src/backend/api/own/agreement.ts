// `GET /api/afn/quality/agreement`: how far evaluators agree with people on the same answers.
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { text } from '../../store/columns'
import type { Row } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import { integer } from '../parameters'
import type { Parts } from '../parts'
import type { Agreement, AgreementAnswer, AgreementCounts, AgreementPart } from '../quality-answers'
import { evaluations } from './evaluations'
import { kappaOf } from './kappa'
import { dimensionsIn, ofDimensions } from './quality'
import { count, textOrNull } from './row'

/**
 * People rate what they see, a request or an agent; evaluators rate calls. The last call below such a span gave the answer, so it joins the
 * two.
 */
const answer = 'CASE WHEN answering IS NULL THEN hash(trace_id, span_id) ELSE hash(answering) END'

/** If an answer has several results, for example on two of its spans, the newest counts. */
const newest = (of: string) =>
  `QUALIFY row_number() OVER (PARTITION BY ${of} ORDER BY received_ns DESC, reported_ns DESC, place DESC) = 1`

/** Maximum prompt versions per agreement; nobody reads more. */
const MOST_PARTS = 60

/**
 * Groups by evaluator and by the evaluation that people made; with `by` also by model and prompt of the answers. Results without pass or
 * fail can't be compared.
 * @throws Refused with 400
 */
export async function agreement({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<AgreementAnswer> {
  const limit = integer(params, 'limit', 1, 1_000) ?? 60
  const service = params('service')
  const by = dimensionsIn(params, 'none')
  const part = ofDimensions.map(column => (by.has(column) ? column : 'NULL::VARCHAR')).join(', ')
  const key = 'name, evaluator, evaluator_type, human_evaluation'
  const pairs = (condition: string) => `count(*) FILTER (${condition})`
  const rows = await store.query(`
    WITH RECURSIVE ${evaluations(period, await knownKeys(store))}, rated AS (
      SELECT *, ${answer} AS answer, verdict = 'pass' AS passed FROM judged
      WHERE verdict IN ('pass', 'fail') AND span_id IS NOT NULL
    ), people AS (
      SELECT answer, name AS human_evaluation, passed AS human_passed FROM rated
      WHERE evaluator_type = 'human' ${newest('answer, name')}
    ), evaluators AS (
      -- who does not say what he is, is no person; feedback from a page has the page's service: the evaluator's is that of the answer
      SELECT answer, name, evaluator, evaluator_type, passed, row(${part}) AS part FROM rated
      WHERE evaluator_type IS DISTINCT FROM 'human' ${service ? `AND service = ${text(service)}` : ''}
      ${newest('answer, name, evaluator, evaluator_type')}
    ), grouped AS (
      SELECT ${key}, part, GROUPING(part) = 1 AS is_whole, count(*) AS pairs,
        ${pairs('passed AND human_passed')} AS both_passed, ${pairs('NOT passed AND NOT human_passed')} AS both_failed,
        ${pairs('passed AND NOT human_passed')} AS evaluator_passed, ${pairs('human_passed AND NOT passed')} AS human_passed
      FROM evaluators JOIN people USING (answer) GROUP BY GROUPING SETS ((${key}), (${key}, part))
    ), ranked AS (
      SELECT *, max(pairs) OVER (PARTITION BY ${key}) AS whole, count(*) FILTER (is_whole) OVER () AS total FROM grouped
    )
    SELECT * EXCLUDE (part), part[1] AS model, part[2] AS prompt_name, part[3] AS prompt_version,
      dense_rank() OVER (ORDER BY whole DESC, ${key}) AS rank
    FROM ranked QUALIFY rank <= ${limit}
      AND row_number() OVER (PARTITION BY ${key}, is_whole ORDER BY pairs DESC, part) <= ${MOST_PARTS}
    ORDER BY rank, is_whole DESC, pairs DESC, part`)
  const partsOf = new Map<number, Row[]>()
  for (const row of rows) {
    if (row.is_whole !== true) partsOf.set(count(row.rank), [...(partsOf.get(count(row.rank)) ?? []), row])
  }
  return {
    agreements: rows
      .filter(row => row.is_whole === true)
      .map((row): Agreement => {
        const parts = partsOf.get(count(row.rank)) ?? []
        return {
          evaluation: row.name as string,
          evaluator: { name: textOrNull(row.evaluator), type: textOrNull(row.evaluator_type) },
          humanEvaluation: row.human_evaluation as string,
          ...countsOf(row),
          // a single part equals the whole
          parts: parts.length > 1 ? parts.map(partOf) : [],
        }
      }),
    total: count(rows[0]?.total),
  }
}

const partOf = (row: Row): AgreementPart => ({
  model: textOrNull(row.model),
  promptName: textOrNull(row.prompt_name),
  promptVersion: textOrNull(row.prompt_version),
  ...countsOf(row),
})

function countsOf(row: Row): AgreementCounts {
  const verdicts = {
    bothPassed: count(row.both_passed),
    bothFailed: count(row.both_failed),
    evaluatorPassed: count(row.evaluator_passed),
    humanPassed: count(row.human_passed),
  }
  return { pairs: count(row.pairs), ...verdicts, kappa: kappaOf(verdicts) }
}
