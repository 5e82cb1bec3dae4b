/** Compensated sums, and statistics of plain numbers, computed as in Prometheus. */

/** Neumaier's summation, which keeps the rounding error. */
export class ExactSum {
  #sum = 0
  #lost = 0

  add(value: number): void {
    const sum = this.#sum + value
    if (!Number.isFinite(sum)) this.#lost = 0
    else if (Math.abs(this.#sum) >= Math.abs(value)) this.#lost += this.#sum - sum + value
    else this.#lost += value - sum + this.#sum
    this.#sum = sum
  }

  get value(): number {
    return this.#sum + this.#lost
  }

  /** Divides sum and error separately, as Prometheus does. */
  over(count: number): number {
    return this.#sum / count + this.#lost / count
  }
}

/** The mean; avoids the sum if it would overflow. */
export function mean(values: Iterable<number>): number {
  const sum = new ExactSum()
  const all: number[] = []
  for (const value of values) {
    sum.add(value)
    all.push(value)
  }
  if (Number.isFinite(sum.value) || all.some(value => !Number.isFinite(value))) return sum.over(all.length)
  const parts = new ExactSum()
  for (const value of all) parts.add(value / all.length)
  return parts.value
}

/** Population variance by Welford's algorithm, with compensated sums. */
export function exactVariance(values: Iterable<number>): number {
  let count = 0
  const middle = new ExactSum()
  const squares = new ExactSum()
  for (const value of values) {
    count++
    const difference = value - middle.value
    middle.add(difference / count)
    squares.add(difference * (value - middle.value))
  }
  return squares.value / count
}

/** Population variance without compensation: Prometheus uses either variant, depending on the function. */
export function variance(values: Iterable<number>): number {
  let count = 0
  let middle = 0
  let squares = 0
  for (const value of values) {
    count++
    const difference = value - middle
    middle += difference / count
    squares += difference * (value - middle)
  }
  return squares / count
}

/** NaN comes first, as in Prometheus. */
export const ascending = (a: number, b: number): number => {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1
  return Number.isNaN(b) ? 1 : a - b
}

/** @param values sorted in place */
export function quantileOf(q: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  values.sort(ascending)
  const rank = q * (values.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const weight = rank - Math.floor(rank)
  if (weight === 0) return values[lower]!
  return values[lower]! * (1 - weight) + values[Math.min(values.length - 1, lower + 1)]! * weight
}
