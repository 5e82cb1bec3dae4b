// Recognises spans that come again, since a client that got no answer sends them again, and traces that had spans before. What comes again
// when the cache has forgotten it is found by finalize.ts.

const WORDS = 3

/** A hash table of ids with open addressing, in two generations of which the elder is forgotten as a whole. */
export class DedupCache {
  #young: Uint32Array
  #elder: Uint32Array
  /** The slots of the young in the order in which they were filled. */
  readonly #order: Uint32Array
  readonly #slots: number
  #count = 0
  #generation = 0

  /** @param least how many ids are known at least, a power of 2; up to twice as many are */
  constructor(least: number) {
    // Half of them are filled at most.
    this.#slots = least * 2
    this.#young = new Uint32Array(this.#slots * WORDS)
    this.#elder = new Uint32Array(this.#slots * WORDS)
    this.#order = new Uint32Array(least)
  }

  /**
   * @param id0 of the id, its two halves
   * @param rest what else belongs to the identity, in 32 bits
   * @returns whether it is new
   */
  add(id0: number, id1: number, rest: number): boolean {
    if (find(this.#elder, id0, id1, rest) < 0) return false
    const slot = find(this.#young, id0, id1, rest)
    if (slot < 0) return false
    this.#young[slot] = id0
    this.#young[slot + 1] = id1
    this.#young[slot + 2] = rest
    this.#order[this.#count++] = slot
    if (this.#count === this.#order.length) this.#age()
    return true
  }

  savepoint(): number {
    return this.#generation * this.#slots + this.#count
  }

  /** Forgets what was added since. */
  rollbackTo(mark: number): void {
    if (Math.floor(mark / this.#slots) !== this.#generation) this.clear()
    else
      while (this.#count > mark % this.#slots)
        this.#young.fill(0, this.#order[--this.#count]!, this.#order[this.#count]! + WORDS)
  }

  clear(): void {
    this.#age()
    this.#age()
  }

  #age(): void {
    const free = this.#elder.fill(0)
    this.#elder = this.#young
    this.#young = free
    this.#count = 0
    this.#generation++
  }
}

/** @returns where it may be put, or -1 when it is there. An id is not 0, and so a slot of zeros is free. */
function find(table: Uint32Array, id0: number, id1: number, rest: number): number {
  const mask = table.length / WORDS - 1
  for (let slot = (Math.imul(id0 ^ rest, 0x9e3779b1) ^ id1) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS
    if (table[at] === 0 && table[at + 1] === 0) return at
    if (table[at] === id0 && table[at + 1] === id1 && table[at + 2] === rest) return -1
  }
}
