/** Binary operators between vectors and scalars. */
import {
  type ArithmeticOperator,
  type Binary,
  type BinaryOperator,
  comparisons,
  type Matching,
  setOperators,
} from './ast'
import { failed } from './error'
import { Labels, metricLabels } from './labels'
import {
  type EvaluationGrid,
  merged,
  newSeries,
  type Samples,
  type Scalar,
  type Series,
  sameLabels,
  type Vector,
} from './series'

export interface Room {
  readonly grid: EvaluationGrid
  readonly samples: Samples
}

type Compute = (left: number, right: number) => number

const operations: Readonly<Record<Exclude<BinaryOperator, 'and' | 'or' | 'unless'>, Compute>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '>': (a, b) => Number(a > b),
  '<': (a, b) => Number(a < b),
  '>=': (a, b) => Number(a >= b),
  '<=': (a, b) => Number(a <= b),
}

/** IEEE 754's power, from which JavaScript's differs in two cases. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1
  return base ** exponent
}

const computeOf = (operator: BinaryOperator): Compute => operations[operator as ArithmeticOperator]

export function ofScalars({ operator }: Binary, left: Scalar, right: Scalar): Scalar {
  const compute = computeOf(operator)
  return { type: 'scalar', values: left.values.map((value, at) => compute(value, right.values[at]!)) }
}

/** @param isSwapped whether the scalar is the left operand */
export function withScalar(
  { operator, bool }: Binary,
  { series }: Vector,
  { values: numbers }: Scalar,
  isSwapped: boolean,
  { grid, samples }: Room,
): Series[] {
  const compute = computeOf(operator)
  const isFilter = comparisons.has(operator) && !bool
  const results = series.map(({ labels, values, has }) => {
    const result = newSeries(isFilter ? labels : labels.withoutName, grid, samples)
    for (let at = 0; at < values.length; at++) {
      if (has[at] === 0) continue
      const [value, number] = [values[at]!, numbers[at]!]
      const computed = isSwapped ? compute(number, value) : compute(value, number)
      if (isFilter && computed === 0) continue
      result.values[at] = isFilter ? value : computed
      result.has[at] = 1
    }
    return result
  })
  return isFilter ? results : merged(results)
}

/** Matches by all labels except the metric name. */
const byAll: Matching = { on: false, labels: [], many: undefined, include: [] }

export function ofVectors(expr: Binary, left: Vector, right: Vector, room: Room): Series[] {
  const matching = expr.matching ?? byAll
  if (setOperators.has(expr.operator)) return ofSets(expr.operator, left, right, matching)
  return new Join(expr, matching, room).of(left, right)
}

function signatureOf({ on, labels }: Matching): (of: Labels) => Labels {
  const names = new Set(on ? labels : [...labels, ...metricLabels])
  return of => (on ? of.only(names) : of.without(names))
}

function ofSets(operator: BinaryOperator, left: Vector, right: Vector, matching: Matching): Series[] {
  const signature = signatureOf(matching)
  const other = presence(operator === 'or' ? left : right, signature)
  const kept = (series: readonly Series[], isKept: (seen: number) => boolean) =>
    series.map(one => {
      const seen = other.get(signature(one.labels).key)
      return { ...one, has: one.has.map((there, at) => there & Number(isKept(seen?.[at] ?? 0))) }
    })
  if (operator === 'and') return kept(left.series, seen => seen === 1)
  const others = (seen: number) => seen === 0
  if (operator === 'unless') return kept(left.series, others)
  return merged([...left.series, ...kept(right.series, others)])
}

/** The steps at which any series exists, by signature. */
function presence({ series }: Vector, signature: (of: Labels) => Labels): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (const { labels, has } of series) {
    const { key } = signature(labels)
    const seen = found.get(key)
    if (!seen) found.set(key, has.slice())
    else for (let at = 0; at < has.length; at++) seen[at]! |= has[at]!
  }
  return found
}

/** The series of both sides that share a signature. */
interface Match {
  readonly signature: Labels
  readonly many: Series[]
  readonly one: Series[]
}

class Join {
  readonly #expr: Binary
  readonly #matching: Matching
  readonly #room: Room
  readonly #results = new Map<string, Series>()
  readonly #isFilter: boolean

  constructor(expr: Binary, matching: Matching, room: Room) {
    this.#expr = expr
    this.#matching = matching
    this.#room = room
    this.#isFilter = comparisons.has(expr.operator) && !expr.bool
  }

  of(left: Vector, right: Vector): Series[] {
    const isSwapped = this.#matching.many === 'right'
    const [many, one] = isSwapped ? [right, left] : [left, right]
    const isNeeded = presence(many, () => Labels.none).get(Labels.none.key)
    if (!isNeeded) return []
    for (const match of this.#matches(many, one)) {
      this.#checkOne(match, isNeeded, isSwapped ? 'left' : 'right')
      const seen = new Map<string, Uint8Array>()
      for (const each of match.many) for (const single of match.one) this.#join(each, single, isSwapped, seen)
    }
    return [...this.#results.values()]
  }

  #matches(many: Vector, one: Vector): Match[] {
    const signature = signatureOf(this.#matching)
    const found = new Map<string, Match>()
    for (const single of one.series) {
      const of = signature(single.labels)
      const match = found.get(of.key)
      if (match) match.one.push(single)
      else found.set(of.key, { signature: of, many: [], one: [single] })
    }
    for (const each of many.series) found.get(signature(each.labels).key)?.many.push(each)
    return [...found.values()]
  }

  /**
   * @param isNeeded steps at which the other side has series: without any, duplicates are no error
   * @throws PromqlError if two series of the "one" side exist at the same step
   */
  #checkOne({ signature, one }: Match, isNeeded: Uint8Array, side: 'left' | 'right'): void {
    for (const [index, first] of one.entries()) {
      for (const second of one.slice(index + 1)) {
        if (!first.has.some((there, at) => there === 1 && second.has[at] === 1 && isNeeded[at] === 1)) continue
        const names = [`${first.labels}`, `${second.labels}`].sort().join(', ')
        throw failed(
          `found duplicate series for the match group ${signature} on the ${side} hand-side of the operation: [${names}];many-to-many matching not allowed: matching labels must be unique on one side`,
        )
      }
    }
  }

  #join(many: Series, one: Series, isSwapped: boolean, seen: Map<string, Uint8Array>): void {
    const { steps } = this.#room.grid
    const compute = computeOf(this.#expr.operator)
    let result: Series | undefined
    let matched: Uint8Array | undefined
    for (let at = 0; at < steps; at++) {
      if (many.has[at] === 0 || one.has[at] === 0) continue
      if (!result || !matched) {
        const labels = this.#labels(many.labels, one.labels)
        result = this.#result(labels)
        // in one-to-one matching, a second match in a step is an error whatever its labels
        const key = this.#matching.many ? labels.key : ''
        matched = seen.get(key) ?? new Uint8Array(steps)
        seen.set(key, matched)
      }
      if (matched[at] === 1) throw this.#ambiguous()
      matched[at] = 1
      const [left, right] = isSwapped ? [one.values[at]!, many.values[at]!] : [many.values[at]!, one.values[at]!]
      const value = compute(left, right)
      if (this.#isFilter && value === 0) continue
      if (result.has[at] === 1) throw sameLabels()
      result.values[at] = this.#isFilter ? left : value
      result.has[at] = 1
    }
  }

  #ambiguous() {
    return failed(
      this.#matching.many
        ? 'multiple matches for labels: grouping labels must ensure unique matches'
        : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    )
  }

  #result(labels: Labels): Series {
    const known = this.#results.get(labels.key)
    if (known) return known
    const result = newSeries(labels, this.#room.grid, this.#room.samples)
    this.#results.set(labels.key, result)
    return result
  }

  #labels(many: Labels, one: Labels): Labels {
    const { on, labels, many: side, include } = this.#matching
    let result = this.#isFilter ? many : many.withoutName
    if (!side) result = on ? result.only(new Set(labels)) : result.without(new Set(labels))
    return include.length === 0 ? result : result.with(include.map(name => [name, one.get(name)] as const))
  }
}
