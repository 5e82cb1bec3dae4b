// `GET /api/afn/quality` and `/api/afn/quality/answers`: evaluations of answers, with the cost of the answers.

import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_MESSAGES } from '../../../../semconv'
import { shareInterval, studentQuantile } from '../../../shared/statistics'
import { Refused } from '../../body'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { content } from '../../store/calls'
import { spanIdHex, text, traceIdHex } from '../../store/columns'
import type { Row, Store } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import { integer, oneOf, secondsOf, stepOf } from '../parameters'
import type { Parts } from '../parts'
import type { EvaluationKey, JudgedAnswer, JudgedAnswers, QualityAnswer, QualityGroup } from '../quality-answers'
import { evaluations } from './evaluations'
import { firstWords } from './first-words'
import { CONFIDENCE, costOfGoodAnswer } from './good-answer'
import { count, numberOrNull, textOrNull, unpricedOf } from './row'

const dimensions = { model: ['model'], prompt: ['prompt_name', 'prompt_version'] } as const
export const ofDimensions = Object.values(dimensions).flat()

/** Parameter → column of `judged`. */
const filters = {
  service: 'service',
  evaluation: 'name',
  evaluator: 'evaluator',
  evaluator_type: 'evaluator_type',
  source: 'source',
  model: 'model',
  prompt: 'prompt_name',
  version: 'prompt_version',
} as const
const scales = ['any', 'normalized', 'own', 'none'] as const

const mostLabels = 8

/**
 * Groups by evaluation and, as `by` names them, by model and prompt; over time in steps of `step` seconds.
 * @throws Refused with 400
 */
export async function quality({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<QualityAnswer> {
  const step = stepOf(params, period)
  const limit = integer(params, 'limit', 1, 1_000) ?? 60
  const by = dimensionsIn(params, 'model')
  const key = (column: string) => `${by.has(column) ? column : 'NULL::VARCHAR'} AS ${column}`
  const isRated = "verdict IN ('pass', 'fail')"
  const ofVerdict = (verdict: string) => `count(*) FILTER (verdict = ${text(verdict)})`
  const isPriced = 'priced > 0 AND no_price + no_usage = 0'
  const rows = await store.query(`
    WITH RECURSIVE ${evaluations(period, await knownKeys(store))}, keyed AS (
      SELECT row(name, evaluator, evaluator_type, scale, source, ${ofDimensions.join(', ')}) AS key,
        time_ns // ${BigInt(step) * 1_000_000_000n} AS step, CASE WHEN lower(label) NOT IN ('pass', 'fail') THEN label END AS word, *
      FROM (SELECT * REPLACE (${ofDimensions.map(key).join(', ')}) FROM judged WHERE ${conditions(params)})
    ), rolled AS (
      SELECT key, step, word, GROUPING(key, step, word) AS level, count(*) AS n, count(score) AS scored, avg(score) AS mean,
        stddev_samp(score) AS deviation, min(score) AS lowest, max(score) AS highest,
        ${ofVerdict('pass')} AS passed, ${ofVerdict('fail')} AS failed, ${ofVerdict('unrated')} AS unrated,
        ${ofVerdict('skipped')} AS skipped, ${ofVerdict('error')} AS errors,
        coalesce(sum(calls) FILTER (${isRated}), 0) AS calls, sum(cost) FILTER (${isRated}) AS cost,
        coalesce(sum(no_price) FILTER (${isRated}), 0) AS no_price, coalesce(sum(no_usage) FILTER (${isRated}), 0) AS no_usage,
        count(*) FILTER (${isRated} AND ${isPriced}) AS priced, sum(cost) FILTER (${isRated} AND ${isPriced}) AS known_cost
      FROM keyed GROUP BY GROUPING SETS ((key), (key, step), (key, word))
    ), points AS (
      SELECT key, list([step, n, mean, passed, passed + failed] ORDER BY step) AS points FROM rolled WHERE level = ${ofStep} GROUP BY key
    ), words AS (
      SELECT key, sum(n) AS labelled, list(word ORDER BY n DESC, word)[:${mostLabels}] AS words,
        list(n ORDER BY n DESC, word)[:${mostLabels}] AS times
      FROM rolled WHERE level = ${ofWord} AND word IS NOT NULL GROUP BY key
    )
    SELECT r.* EXCLUDE (key), key[1] AS name, key[2] AS evaluator, key[3] AS evaluator_type, key[4] AS scale, key[5] AS source,
      key[6] AS model, key[7] AS prompt_name, key[8] AS prompt_version, points, labelled, words, times, count(*) OVER () AS groups
    FROM rolled r LEFT JOIN points USING (key) LEFT JOIN words USING (key) WHERE level = ${ofKey}
    ORDER BY n DESC, key LIMIT ${limit}`)
  return { stepSeconds: step, groups: rows.map(row => groupOf(row, step)), total: count(rows[0]?.groups) }
}

/** The values of GROUPING(key, step, word): a bit is set if the rows are not grouped by that column. */
const [ofStep, ofWord, ofKey] = [1, 2, 3]

/** The columns of the dimensions in `by`. @param byDefault applies if `by` is absent @throws Refused with 400 */
export function dimensionsIn(params: QueryParams, byDefault: 'model' | 'none'): ReadonlySet<string> {
  const names = (params('by') || byDefault).split(',').filter(name => name !== 'none')
  return new Set(names.flatMap(name => dimensions[oneOf(() => name, 'by', ['model', 'prompt'], 'model')]))
}

function conditions(params: QueryParams): string {
  const scale = oneOf(params, 'scale', scales, 'any')
  const wanted = Object.entries(filters).flatMap(([name, column]) => {
    const value = params(name)
    return value ? [`${column} = ${text(value)}`] : []
  })
  return [...wanted, ...(scale === 'any' ? [] : [`scale = ${text(scale)}`])].join(' AND ') || 'true'
}

const keyOf = (row: Row): EvaluationKey => ({
  evaluation: row.name as string,
  evaluator: { name: textOrNull(row.evaluator), type: textOrNull(row.evaluator_type) },
  scale: row.scale as EvaluationKey['scale'],
  source: row.source as string,
  model: textOrNull(row.model),
  promptName: textOrNull(row.prompt_name),
  promptVersion: textOrNull(row.prompt_version),
})

function groupOf(row: Row, step: number): QualityGroup {
  const [passed, failed, priced] = [count(row.passed), count(row.failed), count(row.priced)]
  const rated = passed + failed
  const knownCost = numberOrNull(row.known_cost)
  const labelled = count(row.labelled)
  const times = (row.times ?? []) as unknown[]
  return {
    ...keyOf(row),
    n: count(row.n),
    passed,
    failed,
    unrated: count(row.unrated),
    skipped: count(row.skipped),
    errors: count(row.errors),
    passShare: rated > 0 ? { share: passed / rated, ...shareInterval(passed, rated, CONFIDENCE) } : null,
    score: scoreOf(row),
    labels: {
      n: labelled,
      most: ((row.words ?? []) as string[]).map((label, index) => {
        const n = count(times[index])
        return { label, n, ...shareInterval(n, labelled, CONFIDENCE) }
      }),
    },
    cost: {
      calls: count(row.calls),
      usd: numberOrNull(row.cost),
      ...unpricedOf(row),
      priced,
      perAnswer: knownCost === null ? null : knownCost / priced,
    },
    goodAnswer: costOfGoodAnswer({ passed, of: rated, priced, usd: knownCost ?? 0 }),
    points: ((row.points ?? []) as unknown[][]).map(
      ([at, n, mean, passed, rated]) =>
        [count(at) * step, count(n), numberOrNull(mean), count(passed), count(rated)] as const,
    ),
  }
}

/** The interval is Student's t, which is wide for few scores; a normalized scale limits it to 0 to 1. */
function scoreOf({ scored, mean, deviation, lowest, highest, scale }: Row): QualityGroup['score'] {
  const n = count(scored)
  if (n === 0) return null
  const reach = n > 1 ? (studentQuantile((1 + CONFIDENCE) / 2, n - 1) * Number(deviation)) / Math.sqrt(n) : null
  const [from, to] = scale === 'normalized' ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const middle = Number(mean)
  return {
    n,
    mean: middle,
    low: reach === null ? null : Math.max(from, middle - reach),
    high: reach === null ? null : Math.min(to, middle + reach),
    min: Number(lowest),
    max: Number(highest),
  }
}

/**
 * Worst answers first. By default, answers are ranked across evaluations if they have a normalized score or a pass or fail; with
 * `scale=own`, answers of one evaluation are ranked by its own scores.
 * @throws Refused with 400
 */
export async function judgedAnswers(
  { store }: Parts,
  params: QueryParams,
  period: TimeRangeNs,
): Promise<JudgedAnswers> {
  const limit = integer(params, 'limit', 1, 200) ?? 50
  if (params('scale') === 'own' && !params('evaluation'))
    throw new Refused(400, 'invalid scale: scores on a custom scale need the parameter evaluation')
  const rank =
    params('scale') === 'own'
      ? 'score'
      : "CASE WHEN scale <> 'own' AND score IS NOT NULL THEN score WHEN verdict = 'fail' THEN 0 WHEN verdict = 'pass' THEN 1 END"
  const keys = await knownKeys(store)
  const rows = await store.query(`
    WITH RECURSIVE ${evaluations(period, keys)}, ranked AS (
      SELECT *, (${rank})::DOUBLE AS rank FROM judged WHERE verdict NOT IN ('skipped', 'error') AND ${conditions(params)}
    )
    SELECT ${traceIdHex('trace_id')} AS trace, ${spanIdHex('span_id')} AS span, *,
      (SELECT left(explanation, 500) FROM reports WHERE reports.place = ranked.place) AS explanation,
      (SELECT count(rank) FROM ranked) AS total, (SELECT count(*) - count(rank) FROM ranked) AS unranked
    FROM ranked WHERE rank IS NOT NULL ${behind(params('after'))} ORDER BY rank, time_ns DESC, place LIMIT ${limit + 1}`)
  const page = rows.slice(0, limit)
  const contents = await contentsOf(store, page)
  const last = page.at(-1)
  return {
    answers: page.map(row => answerOf(row, contents)),
    total: count(rows[0]?.total),
    unranked: count(rows[0]?.unranked),
    next: rows.length > limit ? `${last!.rank}_${last!.time_ns}_${last!.place}` : null,
  }
}

/** The condition for the answers after the last one of a page. @throws Refused with 400 */
function behind(after: string | undefined): string {
  if (!after) return ''
  const [, rank, time, place] = /^(-?[\d.]+(?:e[+-]?\d+)?)_(\d+)_([sl]\d+\.\d+)$/.exec(after) ?? []
  if (rank === undefined) throw new Refused(400, `invalid after: "${after}" is not a cursor from a previous response`)
  // quoted, because DuckDB reads an unquoted number as a decimal, which is not equal
  return `AND (rank > '${rank}'::DOUBLE OR (rank = '${rank}'::DOUBLE
    AND (time_ns < ${time} OR (time_ns = ${time} AND place > ${text(place!)}))))`
}

function answerOf(row: Row, contents: Contents): JudgedAnswer {
  const content = contents.get(row.answering as bigint)
  const isKnown = row.span_id !== null
  return {
    ...keyOf(row),
    traceId: isKnown ? (row.trace as string) : null,
    spanId: isKnown ? (row.span as string) : null,
    time: secondsOf(row.time_ns),
    service: row.service as string,
    verdict: row.verdict as JudgedAnswer['verdict'],
    score: numberOrNull(row.score),
    label: textOrNull(row.label),
    explanation: textOrNull(row.explanation),
    prompt: content?.prompt ?? null,
    answer: content?.answer ?? null,
    calls: count(row.calls),
    costUsd: numberOrNull(row.cost),
    ...unpricedOf(row),
  }
}

type Contents = ReadonlyMap<bigint, { readonly prompt: string | null; readonly answer: string | null }>

/** The first words of the calls that gave the answers of a page, from the span or its details event. */
async function contentsOf(store: Store, page: readonly Row[]): Promise<Contents> {
  const calls = [...new Set(page.flatMap(({ answering }) => (answering === null ? [] : [answering as bigint])))]
  if (calls.length === 0) return new Map()
  const rows = await store.query(`
    SELECT s.seq, ${content(ATTR_GEN_AI_INPUT_MESSAGES)} AS prompt, ${content(ATTR_GEN_AI_OUTPUT_MESSAGES)} AS answer
    FROM spans s WHERE s.seq IN (${calls.join(', ')})`)
  return new Map(
    rows.map(({ seq, prompt, answer }) => [
      seq as bigint,
      { prompt: firstWords(textOrNull(prompt), 'user'), answer: firstWords(textOrNull(answer), 'assistant') },
    ]),
  )
}
