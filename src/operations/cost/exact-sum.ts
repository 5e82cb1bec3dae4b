/** Sums amounts of very different size, such as a thousand calls of a millionth of a dollar and one of ten. */

/** Neumaier's summation: adds up rounding errors separately, so that the total error does not grow with the count. */
export class ExactSum {
  #sum = 0
  #rest = 0

  add(value: number): this {
    const sum = this.#sum + value
    this.#rest += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum
    this.#sum = sum
    return this
  }

  get value(): number {
    return this.#sum + this.#rest
  }
}

export const sumOf = (values: Iterable<number>): number => {
  const sum = new ExactSum()
  for (const value of values) sum.add(value)
  return sum.value
}
