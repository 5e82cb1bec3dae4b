/**
 * PromQL → `Expr`. What the parts of a query are is said by Prometheus' own grammar (lezer-promql). That grammar is made for an editor: it takes
 * `a + b[5m]` for a range of a sum. So the parts are listed in the order of the text, and put together here, by Prometheus' precedences.
 */
import { parser } from '@prometheus-io/lezer-promql'
import type { AggregateOperator, At, BinaryOperator, Expr, Matcher, Matching, MatchOperator } from './ast'
import { failed, parseError } from './error'
import { METRIC } from './labels'
import { durationOf, numberOf, textOf } from './literals'
import { notImplemented } from './signatures'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

interface Infix {
  readonly operator: BinaryOperator
  readonly bool: boolean
  readonly matching: Matching | undefined
}

type Part = { readonly sign: '+' | '-'; readonly from: number } | { readonly operand: Expr } | { readonly infix: Infix }

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
/** A sign binds as a multiplication does: -2 ^ 2 is -4. */
const SIGN = 5

/** Levels of a query. A tree that is deeper would overflow the stack of whoever walks it. */
const DEEPEST = 200

/** Of the query as a whole, in milliseconds: what `step()` and `range()` are. */
export interface Window {
  readonly step: number
  readonly range: number
}

/** @throws PromqlError for what is no PromQL, and for what is not implemented */
export function parse(query: string, window: Window = { step: 0, range: 0 }): Expr {
  if (query.trim() === '') throw parseError(query, 0, 'no expression found in input')
  return new Reader(query, window).read()
}

class Reader {
  readonly #query: string
  readonly #window: Window
  #depth = 0

  constructor(query: string, window: Window) {
    this.#query = query
    this.#window = window
  }

  /** @throws PromqlError */
  read(): Expr {
    const tree = parser.parse(withoutLastPoints(this.#query))
    tree.iterate({
      enter: ({ type, from, to }) => {
        if (type.isError) throw this.#unexpected(from, to)
      },
    })
    const top = tree.topNode.firstChild
    if (!top) throw parseError(this.#query, 0, 'no expression found in input')
    return this.#expression(top)
  }

  #unexpected(from: number, to: number) {
    const name = /([a-z_:][\w:]*)\s*$/i.exec(this.#query.slice(0, from))?.[1]
    if (name !== undefined && this.#query.startsWith('(', from))
      return notImplemented(name) ?? parseError(this.#query, from, `unknown function with name ${JSON.stringify(name)}`)
    const found = this.#query.slice(from, to).trim()
    if (found !== '') return parseError(this.#query, from, `unexpected ${JSON.stringify(found.slice(0, 40))}`)
    const isEnd = this.#query.slice(from).trim() === ''
    return parseError(this.#query, from, isEnd ? 'unexpected end of input' : 'something is missing here')
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to)
  }

  #expression(node: SyntaxNode): Expr {
    if (++this.#depth > DEEPEST)
      throw parseError(this.#query, node.from, `it is nested more than ${DEEPEST} levels deep`)
    const parts: Part[] = []
    this.#list(node, parts)
    const whole = new Precedence(parts).whole()
    this.#depth--
    return whole
  }

  /** The parts of an expression in the order of the text. */
  #list(node: SyntaxNode, parts: Part[]): void {
    const first = node.firstChild
    switch (node.name) {
      case 'BinaryExpr': {
        this.#list(first!, parts)
        parts.push({ infix: this.#infix(node) })
        return this.#list(node.lastChild!, parts)
      }
      case 'UnaryExpr':
        parts.push({ sign: this.#text(first!) as '+' | '-', from: node.from })
        return this.#list(node.lastChild!, parts)
      case 'NumberDurationLiteral': {
        const [, sign, digits = ''] = /^([+-]?)\s*(.*)$/s.exec(this.#text(node))!
        if (sign) parts.push({ sign: sign as '+' | '-', from: node.from })
        const from = node.to - digits.length
        parts.push({ operand: { type: 'number', value: this.#number(digits, from), from, to: node.to } })
        return
      }
      case 'OffsetExpr':
      case 'StepInvariantExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr': {
        this.#list(first!, parts)
        const last = parts.pop()
        if (!last || !('operand' in last)) throw this.#unexpected(node.from, node.to)
        parts.push({ operand: this.#behind(node, last.operand) })
        return
      }
      default:
        parts.push({ operand: this.#operand(node) })
    }
  }

  #operand(node: SyntaxNode): Expr {
    const { from, to } = node
    switch (node.name) {
      case 'ParenExpr':
        return { type: 'paren', of: this.#expression(node.firstChild!), from, to }
      case 'StringLiteral':
        return { type: 'string', value: this.#string(node), from, to }
      case 'VectorSelector':
        return {
          type: 'selector',
          matchers: this.#matchers(node),
          range: undefined,
          offset: 0,
          at: undefined,
          from,
          to,
        }
      case 'FunctionCall':
        return {
          type: 'call',
          name: this.#text(node.getChild('FunctionIdentifier')!),
          args: this.#args(node.getChild('FunctionCallBody')!),
          from,
          to,
        }
      case 'AggregateExpr':
        return this.#aggregate(node)
      case 'AnchoredExpr':
      case 'SmoothedExpr':
        throw failed(`the modifier ${this.#text(node.lastChild!)} is not implemented in afn-otel up`)
      default:
        throw parseError(this.#query, from, `${JSON.stringify(this.#text(node).slice(0, 40))} is not supported`)
    }
  }

  #args(body: SyntaxNode): Expr[] {
    return childrenOf(body).map(child => this.#expression(child))
  }

  #aggregate(node: SyntaxNode): Expr {
    const { from, to } = node
    const operator = this.#text(node.getChild('AggregateOp')!).toLowerCase()
    if (operator === 'limitk' || operator === 'limit_ratio')
      throw parseError(
        this.#query,
        from,
        `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
      )
    const args = this.#args(node.getChild('FunctionCallBody')!)
    const wanted = withParameter.has(operator) ? 2 : 1
    if (args.length !== wanted)
      throw parseError(
        this.#query,
        from,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      )
    const modifier = node.getChild('AggregateModifier')
    return {
      type: 'aggregate',
      operator: operator as AggregateOperator,
      of: args.at(-1)!,
      parameter: wanted === 2 ? args[0] : undefined,
      without: modifier?.getChild('Without') != null,
      labels: this.#labelNames(modifier?.getChild('GroupingLabels')),
      from,
      to,
    }
  }

  #labelNames(list: SyntaxNode | null | undefined): string[] {
    return childrenOf(list).map(child =>
      child.name === 'QuotedLabelName' ? this.#string(child.firstChild!) : this.#text(child),
    )
  }

  #infix(node: SyntaxNode): Infix {
    const [, sign, ...others] = childrenOf(node)
    const modifiers = others.slice(0, -1)
    const fill = modifiers.find(({ name }) => name === 'FillModifier')
    if (fill) throw parseError(this.#query, fill.from, 'binop fill modifiers are experimental and not enabled')
    if (sign!.name === 'TrimUpper' || sign!.name === 'TrimLower')
      throw parseError(
        this.#query,
        sign!.from,
        `${this.#text(sign!)} works on native histograms alone, and is not implemented in afn-otel up`,
      )
    const clause = modifiers.find(({ name }) => name === 'MatchingModifierClause')
    return {
      operator: this.#text(sign!).toLowerCase() as BinaryOperator,
      bool: modifiers.some(({ name }) => name === 'BoolModifier'),
      matching: clause && this.#matching(clause),
    }
  }

  #matching(clause: SyntaxNode): Matching {
    const [labels, include] = clause.getChildren('GroupingLabels')
    const many = clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined
    return {
      on: clause.getChild('On') !== null,
      labels: this.#labelNames(labels),
      many,
      include: this.#labelNames(include),
    }
  }

  #matchers(node: SyntaxNode): Matcher[] {
    const name = node.getChild('Identifier')
    const matchers: Matcher[] = name ? [{ label: METRIC, operator: '=', value: this.#text(name) }] : []
    for (const child of childrenOf(node.getChild('LabelMatchers'))) {
      const matcher = this.#matcher(child)
      if (matcher.label === METRIC && (name || (child.name === 'QuotedLabelName' && matchers.some(isName))))
        throw parseError(
          this.#query,
          node.from,
          `metric name must not be set twice: ${JSON.stringify(matchers.find(isName)?.value)} or ${JSON.stringify(matcher.value)}`,
        )
      matchers.push(matcher)
    }
    return matchers
  }

  #matcher(node: SyntaxNode): Matcher {
    if (node.name === 'QuotedLabelName') return { label: METRIC, operator: '=', value: this.#string(node.firstChild!) }
    const [label] = this.#labelNamesOf(node)
    return {
      label: label!,
      operator: this.#text(node.getChild('MatchOp')!) as MatchOperator,
      value: this.#string(node.getChild('StringLiteral')!),
    }
  }

  #labelNamesOf(node: SyntaxNode): string[] {
    const first = node.firstChild!
    return [first.name === 'QuotedLabelName' ? this.#string(first.firstChild!) : this.#text(first)]
  }

  /** What stands behind an operand: a range, a subquery's range, `offset` or `@`. */
  #behind(node: SyntaxNode, operand: Expr): Expr {
    const to = node.to
    if (node.name === 'MatrixSelector') {
      if (operand.type !== 'selector' || operand.range !== undefined)
        throw parseError(this.#query, operand.from, 'ranges only allowed for vector selectors')
      if (operand.offset !== 0 || operand.at !== undefined)
        throw parseError(this.#query, operand.from, 'no offset or @ modifiers allowed before range')
      return { ...operand, range: this.#length(node.getChild('DurationExpr')!), to }
    }
    if (node.name === 'SubqueryExpr') {
      const [range, step] = node.getChildren('DurationExpr')
      return {
        type: 'subquery',
        of: operand,
        range: this.#length(range!),
        step: step && this.#length(step),
        offset: 0,
        at: undefined,
        from: operand.from,
        to,
      }
    }
    const isOffset = node.name === 'OffsetExpr'
    const word = isOffset ? 'offset' : '@'
    if (operand.type !== 'selector' && operand.type !== 'subquery')
      throw parseError(
        this.#query,
        operand.from,
        `${word} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
      )
    if (isOffset ? operand.offset !== 0 : operand.at !== undefined)
      throw parseError(this.#query, operand.from, `${word} may not be set multiple times`)
    return isOffset
      ? { ...operand, offset: this.#offset(node.getChild('OffsetDurationExpr')!), to }
      : { ...operand, at: this.#at(node), to }
  }

  #at(node: SyntaxNode): At {
    const literal = node.getChild('NumberDurationLiteral')
    if (!literal) return this.#text(node.getChild('AtModifierPreprocessors')!).toLowerCase() === 'end' ? 'end' : 'start'
    const [, sign, digits = ''] = /^([+-]?)\s*(.*)$/s.exec(this.#text(literal))!
    const seconds = this.#number(digits, literal.from) * (sign === '-' ? -1 : 1)
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 2 ** 53 / 1_000)
      throw parseError(this.#query, literal.from, `timestamp out of bounds for @ modifier: ${this.#text(literal)}`)
    return Math.round(seconds * 1_000)
  }

  /** @returns milliseconds above 0 */
  #length(node: SyntaxNode): number {
    const milliseconds = this.#duration(node)
    if (milliseconds <= 0) throw parseError(this.#query, node.from, 'duration must be greater than 0')
    return milliseconds
  }

  #offset(node: SyntaxNode): number {
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

  /** Of a duration, or of an expression of them, such as `(1h + step()) / 2`. */
  #seconds(node: SyntaxNode): number {
    const [first, second] = childrenOf(node)
    const [left, right] = childrenOf(node).filter(({ name }) => name.endsWith('DurationExpr'))
    switch (first!.name) {
      case 'NumberDurationLiteralInDurationContext':
        return this.#number(this.#text(first!), first!.from)
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
    // in brackets
    if (!right) return this.#seconds(left ?? first!)
    const [a, b] = [this.#seconds(left!), this.#seconds(right)]
    const sign = this.#text(second!)
    if (b === 0 && (sign === '/' || sign === '%'))
      throw parseError(this.#query, node.from, sign === '/' ? 'division by zero' : 'modulo by zero')
    return arithmetic[sign]!(a, b)
  }

  #number(text: string, at: number): number {
    const value = durationOf(text) ?? numberOf(text)
    if (value === undefined) throw parseError(this.#query, at, `bad number or duration syntax: ${JSON.stringify(text)}`)
    return value
  }

  #string(node: SyntaxNode): string {
    const value = textOf(this.#text(node))
    if (value === undefined) throw parseError(this.#query, node.from, `error unquoting string ${this.#text(node)}`)
    return value
  }
}

/** The grammar does not know numbers such as `1.`; every place stays. */
const withoutLastPoints = (query: string): string =>
  query.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|(?<![\w.])(\d+)\.(?![\w.])/g,
    (found, digits?: string) => (digits === undefined ? found : `${digits} `),
  )

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
}

const withParameter: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values'])

const isName = ({ label }: Matcher): boolean => label === METRIC

function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** Puts operands, signs and operators together. */
class Precedence {
  readonly #parts: readonly Part[]
  #at = 0

  constructor(parts: readonly Part[]) {
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
