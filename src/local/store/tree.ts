// The tree of one trace as nested sets, as Tempo has it.

/** A span of one trace; ids of 64 bits, 0 for no parent. */
export interface TreeSpan {
  readonly spanId: bigint
  readonly parentId: bigint
  /** As in OTLP. */
  readonly kind: number
}

/** Where a span stands: its descendants have their `left` between its `left` and `right`. */
export interface NestedSet {
  readonly left: number
  readonly right: number
  /** `left` of its parent, -1 for a root. 0 in all three: it hangs on no root. */
  readonly parent: number
  readonly children: number
}

type Mutable = { -readonly [field in keyof NestedSet]: NestedSet[field] }

const SERVER = 2
const CLIENT = 3
const NONE = -1

/** In linear time. Several roots are siblings; what does not hang on a root, and all of a trace without one, has no place. */
export function nestedSets(spans: readonly TreeSpan[]): NestedSet[] {
  const places: Mutable[] = spans.map(() => ({ left: 0, right: 0, parent: 0, children: 0 }))
  const { parent, child, sibling } = relatives(spans, places)
  let bound = 1
  for (let root = 0; root < spans.length; root++) {
    if (spans[root]!.parentId !== 0n) continue
    for (let at = root, isEntered = false; ; ) {
      const place = places[at]!
      if (!isEntered) {
        place.left = bound++
        place.parent = at === root ? -1 : places[parent[at]!]!.left
      }
      if (!isEntered && child[at] !== NONE) at = child[at]!
      else {
        place.right = bound++
        if (at === root) break
        isEntered = sibling[at] === NONE
        at = isEntered ? parent[at]! : sibling[at]!
      }
    }
  }
  return places
}

/** By index: the parent, the first child and the next sibling, -1 for none; and how many children each has. */
function relatives(spans: readonly TreeSpan[], places: readonly Mutable[]) {
  const parent = new Int32Array(spans.length).fill(NONE)
  const child = new Int32Array(spans.length).fill(NONE)
  const sibling = new Int32Array(spans.length).fill(NONE)
  const find = finder(spans)
  // From the last to the first: who is put in front comes first.
  for (let at = spans.length - 1; at >= 0; at--) {
    const of = find(spans[at]!)
    if (of === NONE) continue
    parent[at] = of
    sibling[at] = child[of]!
    child[of] = at
    places[of]!.children++
  }
  return { parent, child, sibling }
}

/** @returns what finds the parent of a span, -1 without */
function finder(spans: readonly TreeSpan[]): (span: TreeSpan) => number {
  const byId = new Map<bigint, number>()
  /** Of those that share an id with one before them. */
  const others = new Map<bigint, number[]>()
  for (let at = 0; at < spans.length; at++) {
    const { spanId } = spans[at]!
    const first = byId.get(spanId)
    if (first === undefined) byId.set(spanId, at)
    else others.set(spanId, [...(others.get(spanId) ?? [first]), at])
  }
  return ({ parentId, kind }) => {
    const parent = parentId === 0n ? undefined : byId.get(parentId)
    if (parent === undefined) return NONE
    // In traces from Zipkin the two ends of a call share one id: the SERVER is the CLIENT's child, all else the SERVER's.
    const wanted = kind === SERVER ? CLIENT : SERVER
    return others.get(parentId)?.find(index => spans[index]!.kind === wanted) ?? parent
  }
}
