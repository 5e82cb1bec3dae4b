// A trace → the lines of a tree.
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_STREAM_END,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import { money } from '../../cost/money'
import { unpricedReason } from '../../llm/report/cost/unpriced'
import { isModelCall } from '../../llm/spans/operations'
import { integer, type PlainValue, plainAttributes } from '../../otlp/any-value'
import { type Span, statusCode } from '../../otlp/trace'
import { table } from '../../queries/table'
import type { TraceByIDResponse } from '../../queries/tempo-api'
import { duration } from './terminal-format'

interface Node extends Span {
  readonly service: string
  readonly children: Node[]
}

/** Levels that are indented. Below them a number says the level, so that names keep their place. */
const INDENTED = 8

/** A line a span, children below their parent in the order in which they began. */
export function treeLines(answer: TraceByIDResponse): string[] {
  const rows: string[][] = []
  const stack = rootsOf(answer).map(node => ({ node, level: 0, lead: '', tail: '' }))
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
  return table(['SPAN', 'SERVICE', 'DURATION', 'DETAILS'], rows)
}

/** Spans without a parent, those whose parent has not come, and the first of a circle, which only a broken sender makes. */
function rootsOf({ trace }: TraceByIDResponse): Node[] {
  const nodes = (trace?.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(plainAttributes(resource?.attributes)['service.name'] ?? '')
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span): Node => ({ ...span, service, children: [] })))
  })
  const byStart = (a: Node, b: Node) => Number(integer(a.startTimeUnixNano) - integer(b.startTimeUnixNano))
  nodes.sort(byStart)
  const byId = new Map(nodes.map(node => [node.spanId, node]))
  const roots: Node[] = []
  for (const node of nodes) {
    const parent = byId.get(node.parentSpanId ?? '')
    if (parent && parent !== node) parent.children.push(node)
    else roots.push(node)
  }
  const reached = new Set<Node>()
  for (const root of roots) reach(root, reached)
  for (const node of nodes) {
    if (reached.has(node)) continue
    const { children } = byId.get(node.parentSpanId!)!
    children.splice(children.indexOf(node), 1)
    roots.push(node)
    reach(node, reached)
  }
  return roots
}

function reach(root: Node, reached: Set<Node>): void {
  const open = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    reached.add(node)
    for (const child of node.children) open.push(child)
  }
}

const msOf = ({ startTimeUnixNano, endTimeUnixNano }: Span): number =>
  Number(integer(endTimeUnixNano) - integer(startTimeUnixNano)) / 1e6

/** Whether it is a call that was answered and whose cost is not known. */
function isUnpriced(values: Readonly<Record<string, PlainValue>>, status: Span['status']): boolean {
  if (values[ATTR_AFN_LLM_COST_TOTAL] !== undefined || !isModelCall(values)) return false
  const has = (key: string) => values[key] !== undefined
  return (
    unpricedReason({
      hasTokens: has(ATTR_GEN_AI_USAGE_INPUT_TOKENS) || has(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      failed: statusCode(status?.code) === 'error' || has(ATTR_ERROR_TYPE),
      streamEnd: values[ATTR_AFN_LLM_STREAM_END],
    }) !== undefined
  )
}

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
    ...(isUnpriced(values, status) ? ['unpriced'] : []),
    ...written(ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS, ms => `first token after ${duration(Number(ms))}`),
  ]
  return parts.join(', ')
}
