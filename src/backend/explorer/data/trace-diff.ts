// Two traces laid over each other, as Jaeger's comparison does it: spans with the same path of services and names, from the root down, belong
// together. A path that only the second trace has was added, one that only the first has was removed; where both have it, the number of spans and
// the mean duration are compared. No recursion: a trace may be ten thousand spans deep.
import { type Total, totalOf } from './llm'
import type { Span } from './span'
import type { Node, Tree } from './tree'

export interface Side {
  readonly spans: readonly Span[]
  readonly errors: number
  /** Nanoseconds: the durations of all of them, added up. */
  readonly total: bigint
  /** Nanoseconds, of one span; null where there is none. */
  readonly mean: number | null
  /** Of the calls of models among them. */
  readonly usage: Total
}

/**
 * Of the second trace beside the first: `more` and `fewer` are numbers of spans, `slower` and `faster` mean durations; `errors` says that another
 * number of spans failed.
 */
export type Change = 'added' | 'removed' | 'more' | 'fewer' | 'slower' | 'faster' | 'errors'

export interface DiffRow {
  readonly service: string
  readonly name: string
  readonly depth: number
  readonly a: Side
  readonly b: Side
  /** Empty where nothing of these differs. */
  readonly changes: readonly Change[]
}

/** A smaller difference of mean durations is that of any two runs. */
export const FASTER_BY = { share: 0.1, ns: 1e6 }

interface Draft {
  service: string
  name: string
  depth: number
  children: Map<string, Draft>
  a: Span[]
  b: Span[]
}

/** Paths from the root down, each followed by those below it; what only the second trace has comes behind its siblings. */
export function diffOf(first: Pick<Tree, 'roots'>, second: Pick<Tree, 'roots'>): DiffRow[] {
  const top = new Map<string, Draft>()
  lay(first, top, 'a')
  lay(second, top, 'b')
  const rows: DiffRow[] = []
  const stack = [...top.values()].reverse()
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { service, name, depth, children } = next
    const [a, b] = [sideOf(next.a), sideOf(next.b)]
    rows.push({ service, name, depth, a, b, changes: changesOf(a, b) })
    stack.push(...[...children.values()].reverse())
  }
  return rows
}

function lay({ roots }: Pick<Tree, 'roots'>, top: Map<string, Draft>, side: 'a' | 'b'): void {
  const stack = [...roots].reverse().map((node: Node) => ({ node, siblings: top, depth: 0 }))
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, siblings, depth } = next
    const { service, name } = node.span
    const key = JSON.stringify([service, name])
    const draft = siblings.get(key) ?? { service, name, depth, children: new Map<string, Draft>(), a: [], b: [] }
    siblings.set(key, draft)
    draft[side].push(node.span)
    for (const child of [...node.children].reverse())
      stack.push({ node: child, siblings: draft.children, depth: depth + 1 })
  }
}

function sideOf(spans: readonly Span[]): Side {
  const total = spans.reduce((sum, { start, end }) => sum + end - start, 0n)
  return {
    spans,
    errors: spans.filter(({ status }) => status === 'error').length,
    total,
    mean: spans.length === 0 ? null : Number(total) / spans.length,
    usage: totalOf(spans),
  }
}

function changesOf(a: Side, b: Side): Change[] {
  if (a.mean === null) return ['added']
  if (b.mean === null) return ['removed']
  const changes: Change[] = []
  if (b.spans.length !== a.spans.length) changes.push(b.spans.length > a.spans.length ? 'more' : 'fewer')
  const difference = b.mean - a.mean
  if (Math.abs(difference) > FASTER_BY.ns && Math.abs(difference) > FASTER_BY.share * a.mean)
    changes.push(difference > 0 ? 'slower' : 'faster')
  if (a.errors !== b.errors) changes.push('errors')
  return changes
}

/** The rows in which something differs, and those above them. */
export function changedRows(rows: readonly DiffRow[]): DiffRow[] {
  const kept: DiffRow[] = []
  // backwards, the next row that is less deep is the one above
  let above = 0
  for (const row of [...rows].reverse()) {
    if (row.changes.length === 0 && row.depth >= above) continue
    kept.push(row)
    above = row.depth
  }
  return kept.reverse()
}
