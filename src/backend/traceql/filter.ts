/**
 * Compiles an expression over one span to SQL: a condition on a row, or a value. `needs` names the tables that FROM must join besides
 * `spans s`.
 */
import { aliases } from '../store/columns'
import type { Attribute, Binary, Comparison, Exists, Field, Intrinsic } from './ast'
import type { Context } from './context'
import { TraceqlError } from './error'
import { field, fieldIsMissing, fieldIsThere, type Need, variables } from './fields'
import { idComparison } from './ids'
import { compare, compute, isThere, literal, matches, never, opposite, type Typed } from './typed-sql'
import { isArithmetic, readsSpan } from './types'
import { byWords, textInAllPlaces } from './word-search'

/** The lists that a span has. Conditions joined by && must hold for the same element. */
type SpanList = 'event' | 'link'
type Which = 'first' | 'last'

const lists = { event: `${aliases.span}.events`, link: `${aliases.span}.links` } as const

export class Filter {
  readonly needs = new Set<Need>()
  private readonly matchedConditions: Readonly<Record<SpanList, string[]>> = { event: [], link: [] }

  constructor(private readonly context: Context) {}

  /** SQL that is NULL or false where the condition does not hold. */
  condition(expression: Field): string {
    const list = this.listOf(expression)
    if (list) return this.some(list, this.inside(expression))
    if (expression.type !== 'binary') return this.inside(expression)
    if (expression.op === '||') return this.disjunction(operands(expression))
    return expression.op === '&&' ? this.conjunction(operands(expression)) : this.inside(expression)
  }

  /**
   * The value of an expression. For events and links, an element that met an earlier condition of the query is preferred to others with a
   * value.
   * @param which element to take if there are several
   */
  value(expression: Field, which: Which = 'first'): Typed {
    const list = this.listOf(expression)
    const typed = this.typed(expression)
    return list
      ? Object.fromEntries(Object.entries(typed).map(([type, sql]) => [type, this.one(list, sql, which)]))
      : typed
  }

  private one(list: SpanList, sql: string, which: Which): string {
    const where = (condition: string) => `list_filter(${lists[list]}, lambda ${variables[list]}: ${condition})`
    const there = `${sql} IS NOT NULL`
    const held = this.matchedConditions[list].map(condition => where(`${there} AND (${condition})`))
    const [ordered, at] = which === 'first' ? [[...held, where(there)], 1] : [[where(there), ...held], -1]
    return `list_transform(${ordered.join(' || ')}, lambda ${variables[list]}: ${sql})[${at}]`
  }

  private some(list: SpanList, condition: string): string {
    this.matchedConditions[list].push(condition)
    return `len(list_filter(${lists[list]}, lambda ${variables[list]}: ${condition})) > 0`
  }

  private disjunction(parts: readonly Field[]): string {
    const condition = joined(
      ' OR ',
      parts.map(each => this.condition(each)),
    )
    const { indexed } = this.context
    const searched = indexed < 0 ? undefined : textInAllPlaces(parts)
    return (searched && byWords(searched, condition, this.needs, indexed)) ?? condition
  }

  private conjunction(parts: readonly Field[]): string {
    const ofParts = parts.map(part => this.listOf(part))
    const inLists = (['event', 'link'] as const).flatMap(list => {
      const here = parts.filter((_, index) => ofParts[index] === list)
      return here.length === 0
        ? []
        : [
            this.some(
              list,
              joined(
                ' AND ',
                here.map(each => this.inside(each)),
              ),
            ),
          ]
    })
    const others = parts.filter((_, index) => !ofParts[index]).map(each => this.condition(each))
    return joined(' AND ', [...others, ...inLists])
  }

  /** @returns the list that every part of the condition reads; undefined if the parts differ */
  private listOf(expression: Field): SpanList | undefined {
    if (expression.type === 'unary' && expression.op === '!') return undefined
    if (expression.type === 'binary' && (expression.op === '&&' || expression.op === '||')) {
      const left = this.listOf(expression.left)
      return left === this.listOf(expression.right) ? left : undefined
    }
    const read = new Set(namesIn(expression).flatMap(listOfName))
    if (read.size > 1)
      throw new TraceqlError(
        this.context.text,
        expression.at,
        'expression',
        'uses events and links together',
        'query each separately',
      )
    return [...read][0]
  }

  /** Compiles a condition whose list element, if it reads one, is already bound to the lambda's variable. */
  private inside(expression: Field): string {
    if (expression.type === 'exists') return this.exists(expression)
    if (expression.type === 'unary' && expression.op === '!') return this.negation(expression.operand)
    if (expression.type !== 'binary') return this.typed(expression).bool ?? never
    if (expression.op === '||')
      return joined(
        ' OR ',
        operands(expression).map(each => this.inside(each)),
      )
    if (expression.op === '&&')
      return joined(
        ' AND ',
        operands(expression).map(each => this.inside(each)),
      )
    return isArithmetic(expression.op) ? never : this.comparison(expression)
  }

  /** The negation of a missing attribute is NULL, so neither form matches. */
  private negation(operand: Field): string {
    if (operand.type === 'attribute') return `NOT ${this.value(operand).bool}`
    if (operand.type === 'binary' || operand.type === 'exists')
      this.context.warnings.add(
        'Tempo finds nothing for !( … ), because it searches for the inner condition; here the condition is negated.',
      )
    return `NOT coalesce(${this.condition(operand)}, false)`
  }

  private exists({ operand, negated }: Exists): string {
    if (operand.type === 'attribute' && operand.scope === 'any' && negated)
      this.context.warnings.add(
        `Tempo treats .${operand.name} = nil as true if only the resource has the attribute; here it is false.`,
      )
    if (operand.type === 'attribute')
      return negated
        ? fieldIsMissing(operand, this.context.keys, this.need)
        : fieldIsThere(operand, this.context.keys, this.need)
    return negated ? `NOT ${isThere(this.typed(operand))}` : isThere(this.typed(operand))
  }

  private comparison({ op, left, right, at }: Binary): string {
    const id = idComparison(op, left, right) ?? idComparison(op, right, left)
    if (id !== undefined) return id
    if (op === '=~' || op === '!~') {
      if (right.type !== 'literal' || right.value.kind !== 'string')
        throw new TraceqlError(this.context.text, at, op, 'needs a string on its right')
      return matches(this.typed(left), right.value.value, op === '!~')
    }
    const constant = !readsSpan(left) || !readsSpan(right)
    if (left.type === 'literal' && right.type === 'attribute' && op !== '=' && op !== '!=')
      this.context.warnings.add(`Tempo finds nothing when the constant is on the left of ${op}; here both orders work.`)
    const strict = constant && (left.type === 'attribute' || right.type === 'attribute')
    return compare(op as Comparison, this.typed(left), this.typed(right), strict)
  }

  /** The same comparison with another value in place of the attribute. */
  comparisonWith({ op, left, right }: Binary, value: Typed): string {
    const constant = left.type === 'literal' ? left : right
    if (constant.type !== 'literal') return never
    if (op === '=~' || op === '!~') return matches(value, String(constant.value.value), op === '!~')
    const sides = [value, literal(constant.value)] as const
    return left.type === 'literal'
      ? compare(op as Comparison, sides[1], sides[0], true)
      : compare(op as Comparison, sides[0], sides[1], true)
  }

  private typed(expression: Field): Typed {
    if (expression.type === 'literal') return literal(expression.value)
    if (expression.type === 'attribute' || expression.type === 'intrinsic')
      return field(expression, this.context.keys, this.need)
    if (expression.type === 'unary' && expression.op === '-') return opposite(this.typed(expression.operand))
    if (expression.type !== 'binary' || !isArithmetic(expression.op))
      return { bool: `coalesce(${this.condition(expression)}, false)` }
    if (expression.op === '^')
      this.context.warnings.add('Tempo swaps the operands of ^ for ints: 2 ^ 3 is 9 in Tempo and 8 here.')
    return compute(expression.op as '+', this.typed(expression.left), this.typed(expression.right))
  }

  private readonly need = (what: Need): void => {
    this.needs.add(what)
  }
}

function joined(operator: ' AND ' | ' OR ', conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.map(each => `(${each})`).join(operator)})`
}

/** `a && b && c` as a flat list, however it is grouped; likewise for ||. */
function operands(expression: Binary): Field[] {
  return [expression.left, expression.right].flatMap(side =>
    side.type === 'binary' && side.op === expression.op ? operands(side) : [side],
  )
}

function namesIn(expression: Field): (Attribute | Intrinsic)[] {
  if (expression.type === 'binary') return [...namesIn(expression.left), ...namesIn(expression.right)]
  if (expression.type === 'unary' || expression.type === 'exists') return namesIn(expression.operand)
  return expression.type === 'literal' ? [] : [expression]
}

function listOfName(named: Attribute | Intrinsic): SpanList[] {
  const scope = named.type === 'attribute' ? named.scope : named.name.split(':')[0]
  return scope === 'event' || scope === 'link' ? [scope] : []
}
