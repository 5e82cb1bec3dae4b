// Which stretches of which spans the trace waited for: shorten one of these and the trace is shorter. From the end of the root backwards: time belongs to the child that ended last before this point, and to the span
// itself where none ran (as in Jaeger's critical path).
import { compare, least, most } from './bigints'
import type { Node } from './tree'

export interface Stretch {
  readonly from: bigint
  readonly to: bigint
}

/** By span id, latest first. A child that outlives its parent counts as long as the parent ran. */
export function criticalPath(root: Node): Map<string, Stretch[]> {
  const path = new Map<string, Stretch[]>()
  const add = (id: string, from: bigint, to: bigint) => {
    if (to <= from) return
    const stretches = path.get(id)
    if (stretches) stretches.push({ from, to })
    else path.set(id, [{ from, to }])
  }
  const stack = [{ node: root, from: root.span.start, to: root.span.end }]
  for (let task = stack.pop(); task; task = stack.pop()) {
    const { node, from, to } = task
    const ends = node.children
      .map(child => ({ child, end: least(child.span.end, to) }))
      .sort((a, b) => compare(b.end, a.end))
    let at = to
    for (const { child, end } of ends) {
      if (end > at || end <= from) continue
      add(node.span.id, end, at)
      at = most(child.span.start, from)
      stack.push({ node: child, from: at, to: end })
    }
    add(node.span.id, from, at)
  }
  return path
}
