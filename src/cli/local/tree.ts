// A trace → the lines of a tree. Called by trace.ts.
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import type { Value } from '../../queries/answer'
import { table } from '../../queries/table'
import { attributesOf, type TempoAttribute } from '../../queries/tempo'
import { duration, usd } from './words'

/** Of `/api/v2/traces/{id}`. */
export interface TraceAnswer {
  readonly trace?: {
    readonly resourceSpans?: readonly {
      readonly resource?: { readonly attributes?: readonly TempoAttribute[] }
      readonly scopeSpans?: readonly { readonly spans?: readonly Span[] }[]
    }[]
  }
}

interface Span {
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly TempoAttribute[]
  readonly status?: { readonly code?: string; readonly message?: string }
}

interface Node extends Span {
  readonly service: string
  readonly children: Node[]
}

/** Levels that are indented. Below them a number says the level, so that names keep their place. */
const INDENTED = 8

/** A line a span, children below their parent in the order in which they began. */
export function treeLines(answer: TraceAnswer): string[] {
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
function rootsOf({ trace }: TraceAnswer): Node[] {
  const nodes = (trace?.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(attributesOf(resource?.attributes)['service.name'] ?? '')
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span): Node => ({ ...span, service, children: [] })))
  })
  const byStart = (a: Node, b: Node) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano))
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
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6

function detailsOf({ attributes, status }: Span): string {
  const values = attributesOf(attributes)
  const told = (key: string, write: (value: Value) => string) => (values[key] === undefined ? [] : [write(values[key])])
  const model = values[ATTR_GEN_AI_RESPONSE_MODEL] ?? values[ATTR_GEN_AI_REQUEST_MODEL]
  const parts = [
    ...(status?.code === 'STATUS_CODE_ERROR'
      ? [`ERROR ${status.message || (values[ATTR_ERROR_TYPE] ?? '')}`.trim()]
      : []),
    ...(model === undefined ? [] : [String(model)]),
    ...told(ATTR_GEN_AI_USAGE_INPUT_TOKENS, tokens => `${tokens} in`),
    ...told(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, tokens => `${tokens} out`),
    ...told(ATTR_AFN_LLM_COST_TOTAL, cost => usd(Number(cost))),
    ...told(ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS, ms => `first token after ${duration(Number(ms))}`),
  ]
  return parts.join(', ')
}
