// The tree of one trace as nested sets, as Tempo has it. Called by settle.ts.

/** A span of one trace; ids of 64 bits, 0 for no parent. */
export interface TreeSpan {
  readonly spanId: bigint
  readonly parentId: bigint
  /** As in OTLP. */
  readonly kind: number
}

/** Where a span stands: its descendants have their `left` between its `left` and `right`. */
export interface Place {
  readonly left: number
  readonly right: number
  /** `left` of its parent, -1 for a root. 0 in all three: it hangs on no root. */
  readonly parent: number
  readonly children: number
}

const SERVER = 2
const CLIENT = 3

/** In linear time. Several roots are siblings; what does not hang on a root, and all of a trace without one, has no place. */
export function nestedSets(spans: readonly TreeSpan[]): Place[] {
  const childrenOf = children(spans)
  const places: Place[] = childrenOf.map(list => ({ left: 0, right: 0, parent: 0, children: list.length }))
  const next = childrenOf.map(() => 0)
  let bound = 1
  const enter = (index: number, parent: number): void => {
    places[index] = { ...places[index]!, left: bound++, parent }
  }
  for (const [root, { parentId }] of spans.entries()) {
    if (parentId !== 0n) continue
    enter(root, -1)
    const path = [root]
    for (let at = root; path.length > 0; at = path.at(-1)!) {
      const child = childrenOf[at]![next[at]!++]
      if (child === undefined) {
        places[at] = { ...places[at]!, right: bound++ }
        path.pop()
      } else {
        enter(child, places[at]!.left)
        path.push(child)
      }
    }
  }
  return places
}

/** By index, the indexes of the children. */
function children(spans: readonly TreeSpan[]): number[][] {
  const byId = new Map<bigint, number[]>()
  for (const [index, { spanId }] of spans.entries()) {
    const same = byId.get(spanId)
    if (same) same.push(index)
    else byId.set(spanId, [index])
  }
  const lists: number[][] = spans.map(() => [])
  for (const [index, span] of spans.entries()) {
    const parents = span.parentId === 0n ? undefined : byId.get(span.parentId)
    if (parents) lists[parentAmong(parents, spans, span)]!.push(index)
  }
  return lists
}

/** In traces from Zipkin the two ends of a call share one id: the SERVER is the CLIENT's child, all else the SERVER's. */
function parentAmong(parents: readonly number[], spans: readonly TreeSpan[], { kind }: TreeSpan): number {
  const wanted = kind === SERVER ? CLIENT : SERVER
  return (parents.length > 1 ? parents.find(index => spans[index]!.kind === wanted) : undefined) ?? parents[0]!
}
