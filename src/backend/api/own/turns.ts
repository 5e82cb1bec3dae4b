// Model calls of a trace, session or conversation, in pages, with sums over all of them.

import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_USER_ID,
} from '../../../../semconv'
import type { QueryParams } from '../../request-parameters'
import {
  cost,
  failures,
  firstTokenMs,
  inputTokens,
  isCall,
  model,
  outputTokens,
  totals,
  unpricedReason,
} from '../../store/calls'
import { attribute, spanIdHex, traceIdHex } from '../../store/columns'
import type { Parameter, Row, Store } from '../../store/store'
import { knownKeys } from '../../traceql/known-keys'
import { readBounded } from '../bounded-rows'
import { integer, oneOf, secondsOf } from '../parameters'
import type { CallsAnswer, Turn } from '../session-answers'
import { numberOrNull, textOrNull, usageOf } from './row'

const mostTurns = 1_000
/** Maximum offset of a page. */
const mostBefore = 1_000_000

/** Other spans count if the app recorded a cost for them. */
const counts = `(${isCall} OR ${cost} IS NOT NULL)`

const sorts = { start: 's.start_ns, s.seq', cost: `${cost} DESC NULLS LAST, s.start_ns, s.seq` } as const

/**
 * `sort=cost` returns the most expensive calls first; `content=false` omits messages.
 * @param spans the FROM clause, with the spans as `s`; `parameters` are its parameters
 * @throws Refused with 400
 */
export async function calls(
  store: Store,
  params: QueryParams,
  spans: string,
  parameters: readonly Parameter[] = [],
): Promise<CallsAnswer> {
  const limit = integer(params, 'limit', 1, mostTurns) ?? mostTurns
  const after = integer(params, 'after', 0, mostBefore) ?? 0
  const order = sorts[oneOf(params, 'sort', ['start', 'cost'], 'start')]
  const hasContent = oneOf(params, 'content', ['true', 'false'], 'true') === 'true'
  const from = `FROM ${spans} WHERE ${counts}`
  const [sums, page] = await Promise.all([
    store.query(
      `SELECT GROUPING(model) AS level, ${model} AS model, ${totals}, ${failures} ${from} GROUP BY GROUPING SETS ((), (model))`,
      parameters,
    ),
    store.query(`SELECT s.seq ${from} ORDER BY ${order} LIMIT ${limit + 1} OFFSET ${after}`, parameters),
  ])
  const seqs = page.slice(0, limit).map(({ seq }) => seq as bigint)
  const columns = await columnsOf(store, hasContent)
  const rows = await readBounded(seqs, condition => store.query(`SELECT ${columns} FROM spans s WHERE ${condition}`))
  const all = sums.find(({ level }) => level === ofAll)!
  return {
    sum: summed(all),
    byModel: sums
      .filter(row => row !== all)
      .map(row => ({ model: textOrNull(row.model), ...summed(row) }))
      .sort((a, b) => (b.costUsd ?? -1) - (a.costUsd ?? -1)),
    turns: rows.map(turnOf),
    next: rows.length < page.length ? String(after + rows.length) : null,
  }
}

/** The GROUPING value of the total row. */
const ofAll = 1n

function summed(row: Row) {
  const { errors: _, ...usage } = usageOf(row)
  return usage
}

async function columnsOf(store: Store, hasContent: boolean): Promise<string> {
  const content = (key: string) => (hasContent ? attribute('span', key, 'string') : 'NULL')
  return `s.seq, ${traceIdHex('s.trace_id')} AS trace, ${spanIdHex('s.span_id')} AS span, s.start_ns, s.duration_ns, s.name,
    ${model} AS model, ${attribute('span', ATTR_USER_ID, 'string')} AS user, ${cost} AS cost,
    CASE WHEN ${isCall} THEN ${unpricedReason} END AS unpriced, ${inputTokens} AS input, ${outputTokens} AS output,
    ${firstTokenMs(await knownKeys(store))} AS ttft, s.status, ${content(ATTR_GEN_AI_INPUT_MESSAGES)} AS input_messages,
    ${content(ATTR_GEN_AI_OUTPUT_MESSAGES)} AS output_messages, ${content(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS)} AS system_instructions`
}

const statuses = ['unset', 'ok', 'error'] as const

const turnOf = (row: Row): Turn => ({
  traceId: row.trace as string,
  spanId: row.span as string,
  start: secondsOf(row.start_ns),
  durationMs: Number(row.duration_ns) / 1e6,
  name: row.name as string,
  model: textOrNull(row.model),
  user: textOrNull(row.user),
  costUsd: numberOrNull(row.cost),
  unpriced: row.unpriced as Turn['unpriced'],
  inputTokens: numberOrNull(row.input),
  outputTokens: numberOrNull(row.output),
  ttftMs: numberOrNull(row.ttft),
  status: statuses[row.status as number] ?? 'unset',
  inputMessages: textOrNull(row.input_messages),
  outputMessages: textOrNull(row.output_messages),
  systemInstructions: textOrNull(row.system_instructions),
})
