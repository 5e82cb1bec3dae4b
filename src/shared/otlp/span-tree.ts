// The spans of a trace as trees. It needs nothing from Node.
import { integer, plainAttributes } from './any-value'
import type { Span, TracesData } from './trace'

export interface SpanNode extends Span {
  /** `service.name` of its resource; empty where there is none. */
  readonly service: string
  /** In the order in which they began. */
  readonly children: SpanNode[]
}

/** Roots in the order in which they began: spans without a parent, those whose parent has not come, and the first of a circle, which only a broken sender makes. */
export function spanTree(trace: TracesData | undefined): SpanNode[] {
  const nodes = (trace?.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(plainAttributes(resource?.attributes)['service.name'] ?? '')
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span): SpanNode => ({ ...span, service, children: [] })))
  })
  const byStart = (a: SpanNode, b: SpanNode) => Number(integer(a.startTimeUnixNano) - integer(b.startTimeUnixNano))
  nodes.sort(byStart)
  const byId = new Map(nodes.map(node => [node.spanId, node]))
  const roots: SpanNode[] = []
  for (const node of nodes) {
    const parent = byId.get(node.parentSpanId ?? '')
    if (parent && parent !== node) parent.children.push(node)
    else roots.push(node)
  }
  const reached = new Set<SpanNode>()
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

function reach(root: SpanNode, reached: Set<SpanNode>): void {
  const open = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    reached.add(node)
    for (const child of node.children) open.push(child)
  }
}
