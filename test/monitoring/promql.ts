// What a PromQL expression names, by Prometheus' own grammar: the one of its page for queries.
import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

export interface Selector {
  /** Undefined where matchers alone choose the metric. */
  readonly metric: string | undefined
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
}

export interface Expression {
  readonly selectors: readonly Selector[]
  /** Labels of `by`, `on` and the like. */
  readonly labels: readonly string[]
  /** Labels that `label_replace` makes. */
  readonly made: readonly string[]
}

/** @throws Error with the place, where it is no PromQL */
export function read(expr: string): Expression {
  const text = ({ from, to }: { from: number; to: number }) => expr.slice(from, to)
  const selectors: Selector[] = []
  const labels: string[] = []
  const made: string[] = []
  parser.parse(expr).iterate({
    enter({ node }) {
      if (node.type.isError) throw new Error(`no PromQL at character ${node.from}: ${expr}`)
      if (node.name === 'VectorSelector') selectors.push(selectorOf(node, text))
      if (node.name === 'GroupingLabels')
        labels.push(...children(node).flatMap(child => (child.name === 'LabelName' ? [text(child)] : [])))
      if (node.name === 'LabelReplace') {
        const body = node.parent?.parent?.getChild('FunctionCallBody')
        const first = children(body ?? null).find(({ name }) => name === 'StringLiteral')
        if (first) made.push(unquoted(text(first)))
      }
    },
  })
  return { selectors, labels, made }
}

function selectorOf(node: SyntaxNode, text: (node: SyntaxNode) => string): Selector {
  const metric = node.getChild('Identifier')
  const matchers = children(node.getChild('LabelMatchers')).flatMap(matcher => {
    const [label, operator, value] = children(matcher)
    return label && operator && value
      ? [{ label: text(label), operator: text(operator), value: unquoted(text(value)) }]
      : []
  })
  return { metric: metric ? text(metric) : undefined, matchers }
}

function children(node: SyntaxNode | null): SyntaxNode[] {
  const all: SyntaxNode[] = []
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) all.push(child)
  return all
}

const unquoted = (text: string): string => text.slice(1, -1).replaceAll('\\\\', '\\')
