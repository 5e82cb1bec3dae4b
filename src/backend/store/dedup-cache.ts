// Recognises spans that were stored before, because clients resend a request after a lost response, and traces that had spans before.
// finalize.ts removes duplicates that this cache has already forgotten.

const WORDS = 3

/** A hash table of ids with open addressing, in two generations; the older one is dropped as a whole. */
export class DedupCache {
  #young: Uint32Array
  #elder: Uint32Array
  /** The slots of the younger generation in order of insertion. */
  readonly #order: Uint32Array
  readonly #slots: number
  #count = 0
  #generation = 0

  /** @param least minimum number of ids to remember, a power of 2; the maximum is twice that */
  constructor(least: number) {
    // At most half of the slots are in use.
    this.#slots = least * 2
    this.#young = new Uint32Array(this.#slots * WORDS)
    this.#elder = new Uint32Array(this.#slots * WORDS)
    this.#order = new Uint32Array(least)
  }

  /**
   * @param id0 half of the id; id1 is the other half
   * @param rest hash of the rest of the identity, 32 bits
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

  /** Removes the ids added since. */
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

/** @returns the slot to use, or -1 if the id is present. No id is 0, so a slot of zeros is free. */
function find(table: Uint32Array, id0: number, id1: number, rest: number): number {
  const mask = table.length / WORDS - 1
  for (let slot = (Math.imul(id0 ^ rest, 0x9e3779b1) ^ id1) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS
    if (table[at] === 0 && table[at + 1] === 0) return at
    if (table[at] === id0 && table[at + 1] === id1 && table[at + 2] === rest) return -1
  }
}
