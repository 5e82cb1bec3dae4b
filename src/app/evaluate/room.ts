// How much content may wait for a judge, in bytes, roughly. A number of calls is no bound: one may bring a megabyte of retrieved texts.

/** Of all that waits in the process. */
export const MOST_BYTES = 8 * 2 ** 20
/** Of a value beside its text: its place in a list or a map. */
const VALUE = 64

export class Room {
  #left = MOST_BYTES

  /** @returns gives the room back; undefined where it does not fit */
  take(bytes: number): (() => void) | undefined {
    if (bytes > this.#left) return undefined
    this.#left -= bytes
    return () => {
      this.#left += bytes
    }
  }
}

/** Of JSON's values. No more is counted than fits, so that it takes no longer. */
export function bytesOf(value: unknown): number {
  let bytes = 0
  const waiting = [value]
  while (waiting.length > 0 && bytes <= MOST_BYTES) {
    const one = waiting.pop()
    bytes += VALUE
    // a character is one byte or two, by its string
    if (typeof one === 'string') bytes += 2 * one.length
    else if (typeof one === 'object' && one !== null) for (const below of Object.values(one)) waiting.push(below)
  }
  return bytes
}
