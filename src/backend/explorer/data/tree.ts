// The spans of one trace as a tree, and the rows that a waterfall shows of it. No recursion:
// a trace may be ten thousand spans deep.
import { compare, least, most } from './bigints'
import type { Span } from './span'

export interface Node {
  readonly span: Span
  readonly depth: number
  readonly children: readonly Node[]
  /** Spans below it. */
  readonly descendants: number
  /** Whether one below it failed. */
  readonly errorBelow: boolean
  /** Its parent is named but isn't here: it was lost, or comes later. */
  readonly orphan: boolean
  /** Nanoseconds in which none of its children ran. */
  readonly self: bigint
}

export interface Tree {
  readonly roots: readonly Node[]
  readonly start: bigint
  readonly end: bigint
  readonly nodes: ReadonlyMap<string, Node>
}

interface Draft {
  span: Span
  depth: number
  children: Draft[]
  descendants: number
  errorBelow: boolean
  orphan: boolean
  self: bigint
}

/** A circle of parents, which only a broken sender makes, is cut at its earliest span. */
export function treeOf(spans: readonly Span[]): Tree {
  const drafts = new Map<string, Draft>()
  for (const span of spans)
    drafts.set(span.id, {
      span,
      depth: 0,
      children: [],
      descendants: 0,
      errorBelow: false,
      orphan: false,
      self: 0n,
    })
  const inOrder = [...drafts.values()].sort((a, b) => order(a.span, b.span))
  const roots: Draft[] = []
  for (const draft of inOrder) {
    const parent = drafts.get(draft.span.parentId)
    if (parent && parent !== draft) parent.children.push(draft)
    else {
      draft.orphan = draft.span.parentId !== ''
      roots.push(draft)
    }
  }
  const reached = walk(roots)
  for (const draft of inOrder) {
    if (reached.has(draft)) continue
    // what no root reaches is a circle
    const parent = drafts.get(draft.span.parentId)!
    parent.children.splice(parent.children.indexOf(draft), 1)
    draft.orphan = true
    roots.push(draft)
    walk([draft], reached)
  }
  for (const draft of [...reached].reverse()) {
    draft.self = selfTime(draft.span, draft.children)
    for (const child of draft.children) {
      draft.descendants += child.descendants + 1
      draft.errorBelow ||= child.errorBelow || child.span.status === 'error'
    }
  }
  const start = spans.reduce((first, span) => least(first, span.start), spans[0]?.start ?? 0n)
  const end = spans.reduce((last, span) => most(last, span.end), start)
  return { roots: roots.sort((a, b) => order(a.span, b.span)), start, end, nodes: drafts }
}

function order(a: Span, b: Span): number {
  return compare(a.start, b.start) || compare(b.end, a.end) || (a.id < b.id ? -1 : 1)
}

/** Parents before children; sets depths. */
function walk(roots: readonly Draft[], reached = new Set<Draft>()): Set<Draft> {
  const stack = [...roots].reverse()
  for (let draft = stack.pop(); draft; draft = stack.pop()) {
    if (reached.has(draft)) continue
    reached.add(draft)
    for (const child of [...draft.children].reverse()) {
      child.depth = draft.depth + 1
      stack.push(child)
    }
  }
  return reached
}

/** Children in order of start: what no child covers. */
function selfTime({ start, end }: Span, children: readonly Draft[]): bigint {
  let covered = 0n
  let until = start
  for (const { span } of children) {
    const from = most(span.start, until)
    const to = least(span.end, end)
    if (to > from) {
      covered += to - from
      until = to
    }
  }
  return end - start - covered
}

/** The rows of a waterfall, from the top: all nodes but those below a collapsed one. */
export function rowsOf({ roots }: Pick<Tree, 'roots'>, collapsed: ReadonlySet<string>): Node[] {
  const rows: Node[] = []
  const stack = [...roots].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    rows.push(node)
    if (!collapsed.has(node.span.id)) stack.push(...[...node.children].reverse())
  }
  return rows
}
