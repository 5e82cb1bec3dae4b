/**
 * Validates PromQL by Prometheus' grammar and by the types of its parts, which the grammar does not cover. Prometheus rejects all rule
 * files if one is invalid, so a single bad query would disable every SLO.
 */
import { parser } from '@prometheus-io/lezer-promql'

/** The first problem, as the rest of a sentence; undefined if there is none. */
export function problemInQuery(text: string): string | undefined {
  const tree = parser.parse(text)
  let problem: string | undefined
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (!type.isError || problem !== undefined) return
      const around = text.slice(Math.max(0, from - 20), from).replace(/\s+/g, ' ')
      const found = text.slice(from, to).slice(0, 40)
      problem = found === '' ? `something is missing after "${around}"` : `"${found}" is not expected after "${around}"`
    },
  })
  if (problem !== undefined) return problem
  const [top] = children(tree.topNode)
  try {
    const type = top ? typeOf(top, text) : undefined
    return type === 'vector' ? undefined : `it is ${type ? kinds[type] : 'nothing'}, and no rule records that`
  } catch (error) {
    if (error instanceof WrongType) return error.message
    throw error
  }
}

type Type = 'scalar' | 'string' | 'vector' | 'matrix'
type Node = typeof parser extends { parse(text: string): { topNode: infer N } } ? N : never

const kinds: Readonly<Record<Type, string>> = {
  scalar: 'a number',
  string: 'a text',
  vector: 'a vector',
  matrix: 'a range',
}

class WrongType extends Error {}

function children(node: Node): Node[] {
  const found: Node[] = []
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment') found.push(child)
  return found
}

/** @throws WrongType */
function typeOf(node: Node, text: string): Type {
  const parts = children(node)
  const [first, last] = [parts[0], parts.at(-1)]
  switch (node.name) {
    case 'NumberDurationLiteral':
      return 'scalar'
    case 'StringLiteral':
      return 'string'
    case 'VectorSelector':
      return 'vector'
    case 'MatrixSelector':
      if (first?.name !== 'VectorSelector')
        throw new WrongType(
          `${shown(node, text)} is a range of what is computed; write a colon behind its duration, as in [5m:]`,
        )
      return 'matrix'
    case 'SubqueryExpr':
      expect(first, text, ['vector'])
      return 'matrix'
    case 'UnaryExpr':
      return expect(last, text, ['scalar', 'vector'])
    case 'AggregateExpr':
      expect(children(last!).at(-1), text, ['vector'])
      return 'vector'
    case 'FunctionCall':
      return ofFunction(text.slice(first!.from, first!.to), children(last!), text)
    case 'BinaryExpr':
      return ofOperator(parts, text)
    default:
      // wrappers of an expression, such as parentheses, offset or @
      return first ? typeOf(first, text) : 'vector'
  }
}

const OF_RANGES =
  /_over_time$|^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|holt_winters|double_exponential_smoothing)$/

function ofFunction(name: string, args: readonly Node[], text: string): Type {
  const types = args.map(one => typeOf(one, text))
  const ranges = types.filter(type => type === 'matrix').length
  if (OF_RANGES.test(name) && ranges === 0)
    throw new WrongType(`${name} takes a range, such as requests_total[{{.window}}]`)
  if (!OF_RANGES.test(name) && ranges > 0)
    throw new WrongType(`${name} takes no range, such as ${shown(args[types.indexOf('matrix')]!, text)}`)
  return name === 'time' || name === 'pi' || name === 'scalar' ? 'scalar' : 'vector'
}

function ofOperator(parts: readonly Node[], text: string): Type {
  const [left, operator] = parts
  const isOfSets = ['And', 'Or', 'Unless'].includes(operator!.name)
  const types = [left, parts.at(-1)].map(side => expect(side, text, isOfSets ? ['vector'] : ['scalar', 'vector']))
  const isCompared = ['Eql', 'EqlSingle', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'].includes(operator!.name)
  const isOfNumbers = types.every(type => type === 'scalar')
  if (isCompared && isOfNumbers && !parts.some(({ name }) => name === 'BoolModifier'))
    throw new WrongType('two numbers are compared with bool alone, as in 1 > bool 2')
  return isOfNumbers ? 'scalar' : 'vector'
}

function expect(node: Node | undefined, text: string, wanted: readonly Type[]): Type {
  if (!node) throw new WrongType('an operand is missing')
  const type = typeOf(node, text)
  if (wanted.includes(type)) return type
  throw new WrongType(
    `${shown(node, text)} is ${kinds[type]}, where ${wanted.map(one => kinds[one]).join(' or ')} is needed`,
  )
}

const shown = ({ from, to }: Node, text: string): string => text.slice(from, to).replace(/\s+/g, ' ').slice(0, 60)

/**
 * The grouping labels of a query, as text; undefined if it is no aggregation.
 * @param text a valid query
 */
export function groupingOf(text: string): string | undefined {
  let [top] = children(parser.parse(text).topNode)
  while (top?.name === 'ParenExpr') top = children(top)[0]
  if (top?.name !== 'AggregateExpr') return undefined
  const modifier = top.getChild('AggregateModifier')
  if (!modifier) return 'by ()'
  const labels = modifier.getChild('GroupingLabels')?.getChildren('LabelName') ?? []
  const names = labels.map(({ from, to }) => text.slice(from, to)).sort()
  return `${modifier.getChild('Without') ? 'without' : 'by'} (${names.join(', ')})`
}

/** A trailing comment would swallow what a rule appends to the query. */
export function withoutComments(text: string): string {
  if (!text.includes('#')) return text
  let kept = ''
  let at = 0
  parser.parse(text).iterate({
    enter: ({ name, from, to }) => {
      if (name !== 'LineComment') return
      kept += text.slice(at, from)
      at = to
    },
  })
  return (kept + text.slice(at)).trim()
}
