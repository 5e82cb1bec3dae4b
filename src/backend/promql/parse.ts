/**
 * Parses PromQL into `Expr`. Prometheus' grammar for editors (lezer-promql) recognises the parts of a query but parses `a + b[5m]` as a
 * range of a sum. So the parts are listed in the order of the text and combined here by Prometheus' precedence.
 */
import { parseDuration } from '../../shared/durations'
import type { AggregateOperator, At, BinaryOperator, Expr, Matcher, Matching, MatchOperator } from './ast'
import { Durations, type QueryTiming } from './durations'
import { failed, parseError } from './error'
import { childOf, childrenOf, type SyntaxNode, treeOf, unexpected } from './grammar'
import { METRIC } from './labels'
import { numberOf, textOf } from './literals'
import { type Infix, type InfixItem, Precedence } from './precedence'

/** Maximum depth of a query: walking a deeper tree would overflow the stack. */
const DEEPEST = 200
const MOST_PARTS = 1_000
/** A board of 20 budgets has 140 identical selectors. `read` and `matchers` count distinct ones, each of which reads the store. */
const MOST = { selectors: 250, read: 50, matchers: 200 }

/** @throws PromqlError for invalid PromQL, and for features that are not implemented */
export function parse(query: string, window: QueryTiming = { step: 0, range: 0 }): Expr {
  try {
    return new Reader(query, window).read()
  } catch (error) {
    // the stack overflowed
    throw error instanceof RangeError ? parseError(query, 0, 'the query is nested too deeply') : error
  }
}

class Reader {
  readonly #query: string
  readonly #durations: Durations
  #depth = 0
  #selectors = 0
  readonly #read = new Set<string>()
  #matchersRead = 0

  constructor(query: string, window: QueryTiming) {
    this.#query = query
    this.#durations = new Durations(query, window, (text, at) => this.#number(text, at))
  }

  read(): Expr {
    if (this.#query.trim() === '') throw parseError(this.#query, 0, 'no expression found in input')
    return this.#expression(treeOf(this.#query).topNode.firstChild!)
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to)
  }

  #expression(node: SyntaxNode): Expr {
    if (++this.#depth > DEEPEST)
      throw parseError(this.#query, node.from, `the query is nested more than ${DEEPEST} levels deep`)
    const parts: InfixItem[] = []
    this.#list(node, parts)
    if (parts.length > MOST_PARTS)
      throw parseError(this.#query, node.from, `the query has more than ${MOST_PARTS} operands and operators in a row`)
    const whole = new Precedence(parts).whole()
    this.#depth--
    return whole
  }

  /** Lists the parts of an expression in the order of the text. */
  #list(node: SyntaxNode, parts: InfixItem[]): void {
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
        if (!last || !('operand' in last)) throw unexpected(this.#query, node.from)
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
          name: this.#text(childOf(node, 'FunctionIdentifier')!),
          args: this.#args(childOf(node, 'FunctionCallBody')!),
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
    const operator = this.#text(childOf(node, 'AggregateOp')!).toLowerCase()
    if (operator === 'limitk' || operator === 'limit_ratio')
      throw parseError(
        this.#query,
        from,
        `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
      )
    const args = this.#args(childOf(node, 'FunctionCallBody')!)
    const wanted = withParameter.has(operator) ? 2 : 1
    if (args.length !== wanted)
      throw parseError(
        this.#query,
        from,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      )
    const modifier = childOf(node, 'AggregateModifier')
    return {
      type: 'aggregate',
      operator: operator as AggregateOperator,
      of: args.at(-1)!,
      parameter: wanted === 2 ? args[0] : undefined,
      without: childOf(modifier, 'Without') !== undefined,
      labels: this.#labelNames(childOf(modifier, 'GroupingLabels')),
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
        `${this.#text(sign!)} works only on native histograms and is not implemented in afn-otel up`,
      )
    const clause = modifiers.find(({ name }) => name === 'MatchingModifierClause')
    return {
      operator: this.#text(sign!).toLowerCase() as BinaryOperator,
      bool: modifiers.some(({ name }) => name === 'BoolModifier'),
      matching: clause && this.#matching(clause),
    }
  }

  #matching(clause: SyntaxNode): Matching {
    const [labels, include] = childrenOf(clause).filter(({ name }) => name === 'GroupingLabels')
    const many = childOf(clause, 'GroupLeft') ? 'left' : childOf(clause, 'GroupRight') ? 'right' : undefined
    return {
      on: childOf(clause, 'On') !== undefined,
      labels: this.#labelNames(labels),
      many,
      include: this.#labelNames(include),
    }
  }

  #matchers(node: SyntaxNode): Matcher[] {
    const name = childOf(node, 'Identifier')
    const matchers: Matcher[] = name ? [{ label: METRIC, operator: '=', value: this.#text(name) }] : []
    for (const child of childrenOf(childOf(node, 'LabelMatchers'))) {
      const matcher = this.#matcher(child)
      if (matcher.label === METRIC && (name || (child.name === 'QuotedLabelName' && matchers.some(isName))))
        throw parseError(
          this.#query,
          node.from,
          `metric name must not be set twice: ${JSON.stringify(matchers.find(isName)?.value)} or ${JSON.stringify(matcher.value)}`,
        )
      matchers.push(matcher)
    }
    const one = JSON.stringify(matchers)
    if (!this.#read.has(one)) this.#matchersRead += matchers.length
    this.#read.add(one)
    if (++this.#selectors > MOST.selectors || this.#read.size > MOST.read || this.#matchersRead > MOST.matchers) {
      const bounds = `${MOST.read} different selectors, ${MOST.selectors} in total, or ${MOST.matchers} label matchers`
      throw parseError(this.#query, node.from, `the query has more than ${bounds}`)
    }
    return matchers
  }

  #matcher(node: SyntaxNode): Matcher {
    if (node.name === 'QuotedLabelName') return { label: METRIC, operator: '=', value: this.#string(node.firstChild!) }
    const [first] = childrenOf(node)
    return {
      label: first!.name === 'QuotedLabelName' ? this.#string(first!.firstChild!) : this.#text(first!),
      operator: this.#text(childOf(node, 'MatchOp')!) as MatchOperator,
      value: this.#string(childOf(node, 'StringLiteral')!),
    }
  }

  /** Applies a range, a subquery's range, `offset` or `@` to the operand before it. */
  #behind(node: SyntaxNode, operand: Expr): Expr {
    const to = node.to
    if (node.name === 'MatrixSelector') {
      if (operand.type !== 'selector' || operand.range !== undefined)
        throw parseError(this.#query, operand.from, 'ranges only allowed for vector selectors')
      if (operand.offset !== 0 || operand.at !== undefined)
        throw parseError(this.#query, operand.from, 'no offset or @ modifiers allowed before range')
      return { ...operand, range: this.#durations.length(childOf(node, 'DurationExpr')!), to }
    }
    if (node.name === 'SubqueryExpr') {
      const [range, step] = childrenOf(node).filter(({ name }) => name === 'DurationExpr')
      return {
        type: 'subquery',
        of: operand,
        range: this.#durations.length(range!),
        step: step && this.#durations.length(step),
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
      ? { ...operand, offset: this.#durations.offset(childOf(node, 'OffsetDurationExpr')!), to }
      : { ...operand, at: this.#at(node), to }
  }

  #at(node: SyntaxNode): At {
    const literal = childOf(node, 'NumberDurationLiteral')
    if (!literal) return this.#text(childOf(node, 'AtModifierPreprocessors')!).toLowerCase() === 'end' ? 'end' : 'start'
    const [, sign, digits = ''] = /^([+-]?)\s*(.*)$/s.exec(this.#text(literal))!
    const seconds = this.#number(digits, literal.from) * (sign === '-' ? -1 : 1)
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 2 ** 53 / 1_000)
      throw parseError(this.#query, literal.from, `timestamp out of bounds for @ modifier: ${this.#text(literal)}`)
    return Math.round(seconds * 1_000)
  }

  #number(text: string, at: number): number {
    const value = parseDuration(text) ?? numberOf(text)
    if (value === undefined) throw parseError(this.#query, at, `bad number or duration syntax: ${JSON.stringify(text)}`)
    return value
  }

  #string(node: SyntaxNode): string {
    const value = textOf(this.#text(node))
    if (value === undefined) throw parseError(this.#query, node.from, `error unquoting string ${this.#text(node)}`)
    return value
  }
}

const withParameter: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values'])

const isName = ({ label }: Matcher): boolean => label === METRIC
