/** A value that takes longer to make than a turn of the event loop may last: made piece by piece by whoever has a turn to spare, or in one go by whoever needs it. */
export class InPieces<T extends object> {
  made: T | undefined
  #making: Generator<unknown, T> | undefined

  /** @param make after a failure it is begun anew */
  constructor(private readonly make: () => Generator<unknown, T>) {}

  /** Makes a piece more. Throws what making it throws. @returns whether there are more */
  next(): boolean {
    if (this.made) return false
    this.#making ??= this.make()
    try {
      const { done, value } = this.#making.next()
      if (done) this.made = value
      return !done
    } catch (error) {
      this.#making = undefined
      throw error
    }
  }

  /** Makes what is left of it. */
  get whole(): T {
    while (this.next());
    return this.made as T
  }
}
