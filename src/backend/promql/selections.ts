/** Finds the samples that an expression needs. */
import type { At, Expr, Selector } from './ast'
import { LOOKBACK } from './resolutions'

/** Samples after `from` up to `to`, in milliseconds since 1970, for selectors of the same series. */
export interface Selection {
  readonly selectors: Selector[]
  from: number
  to: number
}

/**
 * @param window first and last step of the evaluation
 * @param moment resolves the time of an `@`
 */
export function selectionsOf(
  expr: Expr,
  window: { readonly from: number; readonly to: number },
  moment: (at: At) => number,
): Selection[] {
  const found = new Map<string, Selection>()
  const add = (selector: Selector, from: number, to: number) => {
    const key = JSON.stringify(selector.matchers)
    const first = from - selector.offset - (selector.range ?? LOOKBACK)
    const last = to - selector.offset
    const known = found.get(key) ?? { selectors: [], from: first, to: last }
    known.selectors.push(selector)
    known.from = Math.min(known.from, first)
    known.to = Math.max(known.to, last)
    found.set(key, known)
  }
  const walk = (part: Expr, from: number, to: number): void => {
    if (part.type === 'selector' || part.type === 'subquery') {
      const [first, last] = part.at === undefined ? [from, to] : [moment(part.at), moment(part.at)]
      if (part.type === 'selector') add(part, first, last)
      else walk(part.of, first - part.offset - part.range, last - part.offset)
    } else for (const inner of partsOf(part)) walk(inner, from, to)
  }
  walk(expr, window.from, window.to)
  return [...found.values()]
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'paren':
    case 'unary':
      return [expr.of]
    case 'aggregate':
      return expr.parameter ? [expr.of, expr.parameter] : [expr.of]
    case 'binary':
      return [expr.left, expr.right]
    case 'call':
      return expr.args
    default:
      return []
  }
}
