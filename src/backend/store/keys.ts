// Finds attribute keys by their bytes, without allocating strings.
import { randomBytes } from 'node:crypto'

export interface Key {
  readonly bytes: Uint8Array
  readonly text: string
  /** The last list of attributes with this key, to recognise repeated keys. */
  list: number
}

/** Beyond this number of keys, all are forgotten between two lists, so generated keys cannot fill the memory. */
const MOST = 4096
const MULTIPLIER = 0x01000193

/** A hash table with open addressing. */
export class Keys<Known extends Key> {
  readonly #make: (text: string, bytes: Uint8Array) => Known
  /** Random, so nobody can send keys that collide. */
  readonly #seed = randomBytes(4).readInt32LE()
  #slots: (Known | undefined)[] = []
  #count = 0
  #list = 0

  constructor(make: (text: string, bytes: Uint8Array) => Known) {
    this.#make = make
    this.#slots = new Array(MOST * 2)
  }

  /** @returns an id for a new list of attributes */
  nextList(): number {
    if (this.#count > MOST) {
      this.#slots = new Array(MOST * 2)
      this.#count = 0
    }
    return ++this.#list
  }

  /** The key with these bytes. */
  at(bytes: Uint8Array, from: number, to: number): Known {
    const mask = this.#slots.length - 1
    for (let slot = this.#hash(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]
      if (known === undefined) return this.#add(slot, Uint8Array.from(bytes.subarray(from, to)))
      if (known.bytes.length === to - from && isSame(known.bytes, bytes, from)) return known
    }
  }

  #hash(bytes: Uint8Array, from: number, to: number): number {
    let hash = this.#seed
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, MULTIPLIER)
    return hash ^ (hash >>> 15)
  }

  #add(slot: number, bytes: Uint8Array): Known {
    const key = this.#make(Buffer.from(bytes).toString(), bytes)
    this.#slots[slot] = key
    if (++this.#count * 2 > this.#slots.length) this.#grow()
    return key
  }

  #grow(): void {
    const known = this.#slots
    this.#slots = new Array(known.length * 2)
    const mask = this.#slots.length - 1
    for (const key of known) {
      if (!key) continue
      let slot = this.#hash(key.bytes, 0, key.bytes.length) & mask
      while (this.#slots[slot]) slot = (slot + 1) & mask
      this.#slots[slot] = key
    }
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[from + at]) return false
  return true
}
