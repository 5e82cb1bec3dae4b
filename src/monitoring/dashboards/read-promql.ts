/** What a query selects, and what is wrong with it, by Prometheus' own grammar. Grafana's variables may stand in it. */
import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

export interface Selector {
  /** '' where it has none. */
  readonly metric: string
  /** From 0, in the query. */
  readonly at: number
  /** Labels that a condition is on. */
  readonly labels: readonly string[]
  /** Of the function whose argument it is; '' where it is none's. */
  readonly call: string
  /** As in `[5m]`, without the brackets; '' where there is none. */
  readonly range: string
}

export interface ReadQuery {
  /** The first place that is no PromQL. */
  readonly problem?: { readonly at: number; readonly message: string }
  readonly selectors: readonly Selector[]
  /** Labels that results are grouped or joined by. */
  readonly grouped: readonly string[]
}

export function readQuery(query: string): ReadQuery {
  const text = withoutVariables(query)
  const selectors: Selector[] = []
  const grouped: string[] = []
  let problem: ReadQuery['problem']
  // every place is the same in both
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      if (type.isError && problem === undefined) problem = { at: from, message: messageOf(query, from, to) }
      if (type.name === 'VectorSelector') selectors.push(selectorOf(node, query))
      if (type.name === 'GroupingLabels') grouped.push(...namesIn(node, query, 'LabelName'))
    },
  })
  return { ...(problem && { problem }), selectors, grouped }
}

function messageOf(text: string, from: number, to: number): string {
  const around = text.slice(Math.max(0, from - 20), from).replace(/\s+/g, ' ')
  if (from === to) return around === '' ? 'it is empty' : `something is missing after "${around}"`
  const found = text.slice(from, to).slice(0, 40)
  return around === '' ? `"${found}" is not expected` : `"${found}" is not expected after "${around}"`
}

function selectorOf(node: SyntaxNode, text: string): Selector {
  const name = node.getChild('Identifier')
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined
  const duration = matrix && text.slice(node.to, matrix.to).replace(/^\s*\[|\]\s*$/g, '')
  return {
    metric: name ? text.slice(name.from, name.to) : '',
    at: node.from,
    labels: namesIn(node, text, 'LabelName'),
    call: callAbove(matrix ?? node, text),
    range: duration ?? '',
  }
}

function namesIn(node: SyntaxNode, text: string, kind: string): string[] {
  const found: string[] = []
  node.cursor().iterate(inner => {
    if (inner.name === kind) found.push(text.slice(inner.from, inner.to))
  })
  return found
}

function callAbove(node: SyntaxNode, text: string): string {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name !== 'FunctionCall') continue
    const name = at.getChild('FunctionIdentifier')
    return name ? text.slice(name.from, name.to) : ''
  }
  return ''
}

const duration = /^__(?:range|interval|rate_interval)$/
const number = /^__(?:range_s|range_ms|interval_ms|from|to)$/

/** Something as long that the grammar knows, so that every place stays. In strings a variable is text. */
function withoutVariables(query: string): string {
  return query.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|\$\{(\w+)[^}]*\}|\$(\w+)/g,
    (found, braced, bare) => {
      const name: string | undefined = braced ?? bare
      if (name === undefined) return found
      if (duration.test(name)) return `${'1'.repeat(found.length - 1)}s`
      return number.test(name) ? '1'.repeat(found.length) : 'v'.repeat(found.length)
    },
  )
}
