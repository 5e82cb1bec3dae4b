/** Combines operands, signs and operators, in the order of the text, by Prometheus' precedence. */
import type { BinaryOperator, Expr, Matching } from './ast'

export interface Infix {
  readonly operator: BinaryOperator
  readonly bool: boolean
  readonly matching: Matching | undefined
}

export type InfixItem =
  | { readonly sign: '+' | '-'; readonly from: number }
  | { readonly operand: Expr }
  | { readonly infix: Infix }

const precedence: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
}
/** A sign has the precedence of a multiplication: -2 ^ 2 is -4. */
const SIGN = 5

export class Precedence {
  readonly #parts: readonly InfixItem[]
  #at = 0

  constructor(parts: readonly InfixItem[]) {
    this.#parts = parts
  }

  whole(lowest = 0): Expr {
    let left = this.#prefixed()
    for (let next = this.#infix(); next && precedence[next.operator] >= lowest; next = this.#infix()) {
      this.#at++
      const own = precedence[next.operator]
      const right = this.whole(next.operator === '^' ? own : own + 1)
      left = { type: 'binary', ...next, left, right, from: left.from, to: right.to }
    }
    return left
  }

  #prefixed(): Expr {
    const part = this.#parts[this.#at++]!
    if ('operand' in part) return part.operand
    if ('infix' in part) throw new Error('an operator without a left side')
    const of = this.whole(SIGN + 1)
    if (of.type === 'number') return { ...of, value: part.sign === '-' ? -of.value : of.value, from: part.from }
    return { type: 'unary', operator: part.sign, of, from: part.from, to: of.to }
  }

  #infix(): Infix | undefined {
    const part = this.#parts[this.#at]
    return part && 'infix' in part ? part.infix : undefined
  }
}
