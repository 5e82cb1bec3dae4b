// A trace → the lines of a tree.
import {
  AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import { spanUnpriced } from '../../app/llm/report/cost/span-unpriced'
import type { UnpricedReason } from '../../app/llm/report/cost/unpriced'
import { money } from '../../operations/cost/money'
import { integer, type PlainValue, plainAttributes } from '../../shared/otlp/any-value'
import { spanTree } from '../../shared/otlp/span-tree'
import { type Span, statusCode } from '../../shared/otlp/trace'
import { table } from '../../shared/queries/table'
import type { TraceByIDResponse } from '../../shared/queries/tempo-api'
import { duration, paint } from './terminal-format'

/** Levels that are indented. Below them a number says the level, so that names keep their place. */
const INDENTED = 8

/** A line a span, children below their parent in the order in which they began. */
export function treeLines(answer: TraceByIDResponse): string[] {
  const rows: string[][] = []
  const stack = spanTree(answer.trace).map(node => ({ node, level: 0, lead: '', tail: '' }))
  // Deep traces would be too deep for a function that calls itself.
  for (let top = stack.shift(); top; top = stack.shift()) {
    const { node, level, lead, tail } = top
    rows.push([lead + (node.name ?? ''), node.service, duration(msOf(node)), detailsOf(node)])
    const last = node.children.length - 1
    const before = level < INDENTED ? tail : `…${level + 1}`.padEnd(3 * INDENTED)
    stack.unshift(
      ...node.children.map((child, at) => ({
        node: child,
        level: level + 1,
        lead: `${before}${at === last ? '└─' : '├─'} `,
        tail: level < INDENTED ? `${tail}${at === last ? '   ' : '│  '}` : '',
      })),
    )
  }
  return table(['SPAN', 'SERVICE', 'DURATION', 'DETAILS'], rows, { paint })
}

const msOf = ({ startTimeUnixNano, endTimeUnixNano }: Span): number =>
  Number(integer(endTimeUnixNano) - integer(startTimeUnixNano)) / 1e6

function detailsOf({ attributes, status }: Span): string {
  const values = plainAttributes(attributes)
  const written = (key: string, write: (value: PlainValue) => string) =>
    values[key] === undefined ? [] : [write(values[key])]
  const model = values[ATTR_GEN_AI_RESPONSE_MODEL] ?? values[ATTR_GEN_AI_REQUEST_MODEL]
  const parts = [
    ...(statusCode(status?.code) === 'error'
      ? [`ERROR ${status?.message || (values[ATTR_ERROR_TYPE] ?? '')}`.trim()]
      : []),
    ...(model === undefined ? [] : [String(model)]),
    ...written(ATTR_GEN_AI_USAGE_INPUT_TOKENS, tokens => `${tokens} in`),
    ...written(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, tokens => `${tokens} out`),
    ...written(ATTR_AFN_LLM_COST_TOTAL, cost => money(Number(cost), 'USD')),
    ...unpricedOf(values, spanUnpriced(values, statusCode(status?.code))),
    ...written(ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS, ms => `first token after ${duration(Number(ms))}`),
  ]
  return parts.join(', ')
}

/** Without token counts the model may have a price all the same. */
function unpricedOf(values: Readonly<Record<string, PlainValue>>, reason: UnpricedReason | undefined): string[] {
  if (reason === undefined) return []
  if (reason === AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE) return ['unpriced']
  const isStream = values[ATTR_GEN_AI_REQUEST_STREAM] === true || values[ATTR_AFN_LLM_STREAM_END] !== undefined
  return [isStream ? 'tokens unknown (to request them, set AFN_INCLUDE_USAGE=on)' : 'tokens unknown']
}
