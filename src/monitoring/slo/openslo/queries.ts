/**
 * Converts OpenSLO queries to queries over a window. OpenSLO leaves the meaning of queries to each implementation: most name a counter or
 * gauge, some contain `{{.window}}` as in Sloth, and some have a fixed range.
 */
import { parser } from '@prometheus-io/lezer-promql'

const WINDOW = '{{.window}}'
/** Matches the same forms as our file reader. */
const WINDOWS = /\{\{ *\.window *\}\}/g

type Node = ReturnType<(typeof parser)['parse']>['topNode']

/** The query, or the reason why there is none. */
export type Converted = { readonly query: string; readonly change?: string } | { readonly refused: string }

/** @param counters whether the series are counters; otherwise each sample is a number of events */
export function overWindow(query: string, counters: boolean): Converted {
  const hasWindow = query.search(WINDOWS) >= 0
  const text = hasWindow ? query.replaceAll(WINDOWS, '5m') : query.trim()
  const nodes = under(parser.parse(text).topNode)
  const wrong = nodes.find(({ type }) => type.isError)
  if (wrong) return { refused: `the query is no PromQL from "${text.slice(wrong.from).slice(0, 30)}" on` }
  if (hasWindow) return { query }
  const ranges = nodes.filter(({ name }) => name === 'MatrixSelector' || name === 'SubqueryExpr')
  if (ranges.length > 0) return withItsRange(text, ranges)
  const selectors = nodes.filter(({ name }) => name === 'VectorSelector')
  if (selectors.length === 0) return { refused: 'the query reads no metric' }
  const other = nodes.find(node => !isLinear(node, text))
  if (other) {
    const what = text.slice(other.from, other.to)
    return { refused: `${what} over a window is not what it is at an instant; write ${WINDOW} into the query` }
  }
  const call = counters ? 'rate' : 'sum_over_time'
  const changed = replaced(
    text,
    selectors.map(selector => {
      const outer = withModifiers(selector)
      const [name, modifiers] = [text.slice(selector.from, selector.to), text.slice(selector.to, outer.to)]
      return { from: selector.from, to: outer.to, text: `${call}(${name}[${WINDOW}]${modifiers})` }
    }),
  )
  return { query: changed, change: `the query has no window, so it is read as ${changed}` }
}

/** A fixed range can be replaced by a window if it is the range of the events. */
function withItsRange(text: string, ranges: readonly Node[]): Converted {
  const values = new Set(
    ranges.map(node => text.slice(node.getChild('DurationExpr')?.from, node.getChild('DurationExpr')?.to)),
  )
  const isOfEvents = ranges.every(node => node.name === 'MatrixSelector' && COUNTING.has(functionAround(node, text)))
  if (values.size > 1 || !isOfEvents)
    return { refused: `the query has ranges of its own; write ${WINDOW} in their place` }
  const changed = replaced(
    text,
    ranges.map(node => {
      const { from, to } = node.getChild('DurationExpr')!
      return { from, to, text: WINDOW }
    }),
  )
  return { query: changed, change: `the range ${[...values][0]} of the query became ${WINDOW}` }
}

/** Functions that return a number of events in the range, or a rate. */
const COUNTING = new Set(['rate', 'increase', 'sum_over_time', 'count_over_time'])

function functionAround(node: Node, text: string): string {
  let at: Node | null = node.parent
  while (at && at.name !== 'FunctionCall' && at.name !== 'AggregateExpr') at = at.parent
  const called = at?.getChild('FunctionIdentifier')
  return called ? text.slice(called.from, called.to) : ''
}

/** `offset` and `@` are part of the selector. */
function withModifiers(selector: Node): Node {
  let at = selector
  while (at.parent && (at.parent.name === 'OffsetExpr' || at.parent.name === 'StepInvariantExpr')) at = at.parent
  return at
}

const PARTS =
  /^(?:PromQL|VectorSelector|ParenExpr|OffsetExpr|StepInvariantExpr|FunctionCallBody|NumberDurationLiteral|UnaryExpr)$/

/** Sums, differences and multiples of series: the rate of the result equals the result of the rates. */
function isLinear(node: Node, text: string): boolean {
  if (node.name === 'AggregateExpr') return /^(?:sum|avg)\b/i.test(text.slice(node.from, node.to))
  if (node.name === 'BinaryExpr') {
    if (node.getChild('Add') || node.getChild('Sub')) return true
    const isNumber = (side: Node | null | undefined) => side?.name === 'NumberDurationLiteral'
    if (node.getChild('Mul')) return isNumber(node.firstChild) || isNumber(node.lastChild)
    return node.getChild('Div') !== null && isNumber(node.lastChild)
  }
  return !/(?<!Duration)Expr$|^FunctionCall$/.test(node.name) || PARTS.test(node.name)
}

function under(top: Node): Node[] {
  const nodes: Node[] = []
  const cursor = top.cursor()
  do nodes.push(cursor.node)
  while (cursor.next())
  return nodes
}

/** Pieces must not overlap. */
function replaced(text: string, pieces: readonly { from: number; to: number; text: string }[]): string {
  let result = text
  for (const piece of pieces.toSorted((a, b) => b.from - a.from))
    result = result.slice(0, piece.from) + piece.text + result.slice(piece.to)
  return result
}

/** The query over a fixed window, such as `1m`. */
export const over = (query: string, window: string): string => query.replaceAll(WINDOWS, window)

export const hasWindow = (query: string): boolean => query.search(WINDOWS) >= 0

/** The mean of an expression over the window, evaluated at each step. */
export const meanOver = (expression: string, step: string): string =>
  `avg_over_time((${expression})[${WINDOW}:${step}])`
