// `GET /api/afn/quality/agreement`: how far evaluators agree with people on the same answers.
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { text } from '../../store/columns'
import { knownKeys } from '../../traceql/known-keys'
import { integer } from '../parameters'
import type { Parts } from '../parts'
import type { Agreement, AgreementAnswer } from '../quality-answers'
import { evaluations } from './evaluations'
import { kappaOf } from './kappa'
import { count, textOrNull } from './row'

/** People rate what they see, which is a request or an agent; evaluators rate calls. The last call below it gave the answer. */
const answer = 'CASE WHEN answering IS NULL THEN hash(trace_id, span_id) ELSE hash(answering) END'

/** Of several results for an answer, as of two of its spans, the newest. */
const newest = (of: string) =>
  `QUALIFY row_number() OVER (PARTITION BY ${of} ORDER BY received_ns DESC, reported_ns DESC, place DESC) = 1`

/**
 * By evaluator and by what people rated. Results without pass or fail have nothing to compare.
 * @throws Refused with 400
 */
export async function agreement({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<AgreementAnswer> {
  const limit = integer(params, 'limit', 1, 1_000) ?? 60
  const service = params('service')
  const pairs = (condition: string) => `count(*) FILTER (${condition})`
  const rows = await store.query(`
    WITH RECURSIVE ${evaluations(period, await knownKeys(store))}, rated AS (
      SELECT *, ${answer} AS answer, verdict = 'pass' AS passed FROM judged
      WHERE verdict IN ('pass', 'fail') AND span_id IS NOT NULL
    ), people AS (
      SELECT answer, name, passed FROM rated WHERE evaluator_type = 'human' ${newest('answer, name')}
    ), evaluators AS (
      -- feedback from a page has the page's service: the evaluator's is that of the answer
      SELECT answer, name, evaluator, evaluator_type, passed FROM rated
      WHERE evaluator_type IN ('llm', 'code') ${service ? `AND service = ${text(service)}` : ''}
      ${newest('answer, name, evaluator, evaluator_type')}
    )
    SELECT e.name, e.evaluator, e.evaluator_type, p.name AS human_evaluation, count(*) AS pairs,
      ${pairs('e.passed AND p.passed')} AS both_passed, ${pairs('NOT e.passed AND NOT p.passed')} AS both_failed,
      ${pairs('e.passed AND NOT p.passed')} AS evaluator_passed, ${pairs('p.passed AND NOT e.passed')} AS human_passed,
      count(*) OVER () AS total
    FROM evaluators e JOIN people p USING (answer) GROUP BY 1, 2, 3, 4 ORDER BY pairs DESC, 1, 2, 3, 4 LIMIT ${limit}`)
  return {
    agreements: rows.map((row): Agreement => {
      const verdicts = {
        bothPassed: count(row.both_passed),
        bothFailed: count(row.both_failed),
        evaluatorPassed: count(row.evaluator_passed),
        humanPassed: count(row.human_passed),
      }
      return {
        evaluation: row.name as string,
        evaluator: { name: textOrNull(row.evaluator), type: textOrNull(row.evaluator_type) },
        humanEvaluation: row.human_evaluation as string,
        pairs: count(row.pairs),
        ...verdicts,
        kappa: kappaOf(verdicts),
      }
    }),
    total: count(rows[0]?.total),
  }
}
