/** Evaluates durations of ranges, steps and offsets, including duration expressions. */
import { parseError } from './error'
import { childrenOf, type SyntaxNode } from './grammar'

/** The step and range of the whole query in milliseconds, for `step()` and `range()`. */
export interface QueryTiming {
  readonly step: number
  readonly range: number
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
}

export class Durations {
  readonly #query: string
  readonly #window: QueryTiming
  readonly #read: (text: string, at: number) => number

  /** @param read parses a number or a duration into seconds */
  constructor(query: string, window: QueryTiming, read: (text: string, at: number) => number) {
    this.#query = query
    this.#window = window
    this.#read = read
  }

  /** @returns milliseconds above 0 */
  length(node: SyntaxNode): number {
    const milliseconds = this.#duration(node)
    if (milliseconds <= 0) throw parseError(this.#query, node.from, 'duration must be greater than 0')
    return milliseconds
  }

  offset(node: SyntaxNode): number {
    return this.#duration(node)
  }

  /** @returns milliseconds */
  #duration(node: SyntaxNode): number {
    const milliseconds = this.#seconds(node) * 1_000
    if (Number.isFinite(milliseconds) && Math.abs(milliseconds) < 2 ** 53)
      return Math.trunc(milliseconds + Math.sign(milliseconds) * 1e-6)
    throw parseError(
      this.#query,
      node.from,
      Number.isFinite(milliseconds) ? 'duration out of range' : 'duration is NaN or infinite',
    )
  }

  /** Evaluates a duration, or an expression such as `(1h + step()) / 2`. */
  #seconds(node: SyntaxNode): number {
    const [first, second] = childrenOf(node)
    const [left, right] = childrenOf(node).filter(({ name }) => name.endsWith('DurationExpr'))
    switch (first!.name) {
      case 'NumberDurationLiteralInDurationContext':
        return this.#read(this.#text(first!), first!.from)
      case 'UnaryOp':
        return this.#text(first!) === '-' ? -this.#seconds(left!) : this.#seconds(left!)
      case 'DurationStep':
        return this.#window.step / 1_000
      case 'DurationRange':
        return this.#window.range / 1_000
      case 'DurationMinOf':
        return Math.min(this.#seconds(left!), this.#seconds(right!))
      case 'DurationMaxOf':
        return Math.max(this.#seconds(left!), this.#seconds(right!))
    }
    // parentheses
    if (!right) return this.#seconds(left ?? first!)
    const [a, b] = [this.#seconds(left!), this.#seconds(right)]
    const sign = this.#text(second!)
    if (b === 0 && (sign === '/' || sign === '%'))
      throw parseError(this.#query, node.from, sign === '/' ? 'division by zero' : 'modulo by zero')
    return arithmetic[sign]!(a, b)
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to)
  }
}
