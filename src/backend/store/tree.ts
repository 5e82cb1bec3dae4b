// Computes the nested sets of a trace, as Tempo does.

/** 64 bits in two signed halves, which V8 stores without boxing. */
export interface Halves {
  readonly low: number
  readonly high: number
}

export const halvesOf = (number: bigint): Halves => ({
  low: Number(BigInt.asIntN(32, number)),
  high: Number(BigInt.asIntN(32, number >> 32n)),
})

export interface TreeSpan {
  readonly id: Halves
  /** 0 for a root. */
  readonly parent: Halves
  /** The number of OTLP's enum. */
  readonly kind: number
}

/** A span's position in the tree: the `left` of its descendants lies between its own `left` and `right`. */
export interface NestedSet {
  readonly left: number
  readonly right: number
  /** The parent's `left`, or -1 for a root. All three are 0 if the span is not connected to a root. */
  readonly parent: number
  readonly children: number
}

type Mutable = { -readonly [field in keyof NestedSet]: NestedSet[field] }

const SERVER = 2
const CLIENT = 3
const NONE = -1

export const isZero = ({ low, high }: Halves): boolean => low === 0 && high === 0
const isSame = (a: Halves, b: Halves): boolean => a.low === b.low && a.high === b.high

/** Runs in linear time. Several roots are siblings; spans that no root leads to have no position. */
export function nestedSets(spans: readonly TreeSpan[], ids = new SpanIds(spans)): NestedSet[] {
  const places: Mutable[] = spans.map(() => ({ left: 0, right: 0, parent: 0, children: 0 }))
  const { parent, child, sibling } = relatives(spans, ids, places)
  let bound = 1
  for (let root = 0; root < spans.length; root++) {
    if (!isZero(spans[root]!.parent)) continue
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

/** By index: the parent, the first child and the next sibling, or -1; also counts the children. */
function relatives(spans: readonly TreeSpan[], ids: SpanIds, places: readonly Mutable[]) {
  const parent = new Int32Array(spans.length).fill(NONE)
  const child = new Int32Array(spans.length).fill(NONE)
  const sibling = new Int32Array(spans.length).fill(NONE)
  // Prepends from the last to the first, so that children keep their order.
  for (let at = spans.length - 1; at >= 0; at--) {
    const of = ids.parentOf(spans[at]!)
    if (of === NONE) continue
    parent[at] = of
    sibling[at] = child[of]!
    child[of] = at
    places[of]!.children++
  }
  return { parent, child, sibling }
}

/** Random, so nobody can send ids that collide. */
const seed = (Math.random() * 2 ** 32) | 0

/** Finds a trace's spans by id, in a hash table with open addressing and no object per span. */
export class SpanIds {
  readonly #spans: readonly TreeSpan[]
  /** The index of the first span with an id; -1 for a free slot. */
  readonly #slots: Int32Array
  /** For each span, the next one with the same id. */
  readonly #next: Int32Array
  /** Whether two spans share an id. */
  readonly areTwice: boolean = false

  constructor(spans: readonly TreeSpan[]) {
    this.#spans = spans
    let slots = 4
    while (slots < spans.length * 2) slots *= 2
    this.#slots = new Int32Array(slots).fill(NONE)
    this.#next = new Int32Array(spans.length).fill(NONE)
    for (let at = spans.length - 1; at >= 0; at--) {
      const slot = this.#find(spans[at]!.id)
      const first = this.#slots[slot]!
      if (first !== NONE) this.areTwice = true
      this.#next[at] = first
      this.#slots[slot] = at
    }
  }

  /** -1 if there is none. */
  parentOf({ parent, kind }: TreeSpan): number {
    if (isZero(parent)) return NONE
    const first = this.#slots[this.#find(parent)]!
    // In Zipkin's traces, both ends of a call share an id: the SERVER span is the CLIENT span's child, and all others are children of the
    // SERVER span.
    const wanted = kind === SERVER ? CLIENT : SERVER
    for (let at = first; at !== NONE && this.#next[first] !== NONE; at = this.#next[at]!)
      if (this.#spans[at]!.kind === wanted) return at
    return first
  }

  #find(id: Halves): number {
    const mask = this.#slots.length - 1
    const hash = Math.imul(id.low ^ seed, 0x9e3779b1) ^ Math.imul(id.high, 0x85ebca6b)
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const at = this.#slots[slot]!
      if (at === NONE || isSame(this.#spans[at]!.id, id)) return slot
    }
  }
}
