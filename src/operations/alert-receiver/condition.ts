/** What an alert's expression measures, and the threshold at which it fires; charts show both. */
import { comparisons, type Expr } from '../../backend/promql/ast'
import { parse } from '../../backend/promql/parse'

export interface Condition {
  /** PromQL. */
  readonly measured: string
  /** Undefined if the expression has no comparison with a number. */
  readonly threshold?: number
}

/** The first comparison with a number in the text; without one, the whole expression. */
export function conditionOf(expression: string): Condition {
  try {
    return comparisonIn(parse(expression), expression) ?? { measured: expression }
  } catch {
    // syntax of a newer Prometheus
    return { measured: expression }
  }
}

function comparisonIn(expr: Expr, text: string): Condition | undefined {
  if (expr.type === 'binary' && comparisons.has(expr.operator)) {
    const [left, right] = [numberOf(expr.left), numberOf(expr.right)]
    if (right !== undefined && left === undefined) return { measured: textOf(expr.left, text), threshold: right }
    if (left !== undefined && right === undefined) return { measured: textOf(expr.right, text), threshold: left }
  }
  for (const part of partsOf(expr)) {
    const found = comparisonIn(part, text)
    if (found) return found
  }
  return undefined
}

const textOf = ({ from, to }: Expr, text: string): string => text.slice(from, to)

/** Excludes ranges over time, which measure something else than the comparison. */
function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'binary':
      return [expr.left, expr.right]
    case 'call':
      return expr.args
    case 'aggregate':
    case 'paren':
    case 'unary':
      return [expr.of]
    default:
      return []
  }
}

function numberOf(expr: Expr): number | undefined {
  switch (expr.type) {
    case 'number':
      return expr.value
    case 'paren':
      return numberOf(expr.of)
    case 'unary': {
      const value = numberOf(expr.of)
      return value === undefined || expr.operator === '+' ? value : -value
    }
    case 'binary': {
      const [left, right] = [numberOf(expr.left), numberOf(expr.right)]
      if (left === undefined || right === undefined) return undefined
      const results: Partial<Record<string, number>> = {
        '+': left + right,
        '-': left - right,
        '*': left * right,
        '/': left / right,
      }
      return results[expr.operator]
    }
    default:
      return undefined
  }
}
