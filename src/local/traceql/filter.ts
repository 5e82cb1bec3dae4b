/**
 * A span expression as SQL: a condition on a row of spans, or a value of it. Called by spansets.ts and the metrics. What
 * stands beside `spans s` in FROM is told by `needs`.
 */
import { aliases, traceIdOf } from '../store/columns'
import type { Attribute, Binary, Comparison, Exists, Field, Intrinsic } from './ast'
import { TraceqlError } from './error'
import { field, fieldIsThere, type Need, variables } from './fields'
import { compare, compute, isThere, literal, matches, never, opposite, type Typed } from './typed'
import { isArithmetic, readsSpan } from './types'

/** Lists of a span. Conditions that are joined with && hold for one and the same element. */
type Place = 'event' | 'link'

const lists = { event: `${aliases.span}.events`, link: `${aliases.span}.links` } as const

export class Filter {
  readonly needs = new Set<Need>()

  /**
   * @param text the query, for messages
   * @param warnings gets a line for each place where Tempo would answer what nobody can want
   */
  constructor(
    private readonly text: string,
    readonly warnings: Set<string>,
  ) {}

  /** NULL or false where it does not hold. */
  condition(expression: Field): string {
    const place = this.placeOf(expression)
    if (place) return some(place, this.inside(expression))
    if (expression.type !== 'binary') return this.inside(expression)
    if (expression.op === '||')
      return joined(
        ' OR ',
        operands(expression).map(each => this.condition(each)),
      )
    return expression.op === '&&' ? this.conjunction(operands(expression)) : this.inside(expression)
  }

  /** Of an event or a link the first that there is. */
  value(expression: Field): Typed {
    const place = this.placeOf(expression)
    const typed = this.typed(expression)
    if (!place) return typed
    const first = ([type, sql]: [string, string]) => [
      type,
      `list_transform(list_filter(${lists[place]}, lambda ${variables[place]}: ${sql} IS NOT NULL), lambda ${variables[place]}: ${sql})[1]`,
    ]
    return Object.fromEntries(Object.entries(typed).map(first))
  }

  private conjunction(parts: readonly Field[]): string {
    const places = parts.map(part => this.placeOf(part))
    const inLists = (['event', 'link'] as const).flatMap(place => {
      const here = parts.filter((_, index) => places[index] === place)
      return here.length === 0
        ? []
        : [
            some(
              place,
              joined(
                ' AND ',
                here.map(each => this.inside(each)),
              ),
            ),
          ]
    })
    const others = parts.filter((_, index) => !places[index]).map(each => this.condition(each))
    return joined(' AND ', [...others, ...inLists])
  }

  /** @returns the list that every part of the condition reads, if there is one */
  private placeOf(expression: Field): Place | undefined {
    if (expression.type === 'unary' && expression.op === '!') return undefined
    if (expression.type === 'binary' && (expression.op === '&&' || expression.op === '||')) {
      const left = this.placeOf(expression.left)
      return left === this.placeOf(expression.right) ? left : undefined
    }
    const places = new Set(namesIn(expression).flatMap(placeOfName))
    if (places.size > 1)
      throw new TraceqlError(
        this.text,
        expression.at,
        'expression',
        'reads events and links at once',
        'ask for each on its own',
      )
    return [...places][0]
  }

  /** The condition where the element of the list, if it reads one, is at hand. */
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

  private negation(operand: Field): string {
    if (operand.type === 'binary' || operand.type === 'exists')
      this.warnings.add(
        'Tempo finds nothing for !( … ), since it looks for what is inside; here it is what is inside turned around.',
      )
    return `NOT coalesce(${this.condition(operand)}, false)`
  }

  private exists({ operand, negated }: Exists): string {
    if (operand.type === 'attribute' && operand.scope === 'any' && negated)
      this.warnings.add(
        `Tempo takes .${operand.name} = nil for true where the resource alone has it; here it is false there.`,
      )
    const there = operand.type === 'attribute' ? fieldIsThere(operand, this.need) : isThere(this.typed(operand))
    return negated ? `NOT ${there}` : there
  }

  private comparison({ op, left, right, at }: Binary): string {
    const id = idComparison(op, left, right) ?? idComparison(op, right, left)
    if (id !== undefined) return id
    if (op === '=~' || op === '!~') {
      if (right.type !== 'literal' || right.value.kind !== 'string')
        throw new TraceqlError(this.text, at, op, 'needs a text on its right')
      const pattern = isTraceId(left) ? withoutZeros(right.value.value) : right.value.value
      return matches(this.typed(left), pattern, op === '!~')
    }
    const constant = !readsSpan(left) || !readsSpan(right)
    if (left.type === 'literal' && right.type === 'attribute' && op !== '=' && op !== '!=')
      this.warnings.add(
        `Tempo finds nothing where the constant stands on the left of ${op}; here both sides count alike.`,
      )
    const strict = constant && (left.type === 'attribute' || right.type === 'attribute')
    return compare(op as Comparison, this.operand(left, right), this.operand(right, left), strict)
  }

  /** Ids of traces are written with and without leading zeros. */
  private operand(side: Field, other: Field): Typed {
    if (isTraceId(other) && side.type === 'literal' && side.value.kind === 'string')
      return literal({ kind: 'string', value: withoutZeros(side.value.value) })
    return this.typed(side)
  }

  private typed(expression: Field): Typed {
    if (expression.type === 'literal') return literal(expression.value)
    if (expression.type === 'attribute' || expression.type === 'intrinsic') return field(expression, this.need)
    if (expression.type === 'unary' && expression.op === '-') return opposite(this.typed(expression.operand))
    if (expression.type !== 'binary' || !isArithmetic(expression.op))
      return { bool: `coalesce(${this.condition(expression)}, false)` }
    if (expression.op === '^')
      this.warnings.add('Tempo swaps the sides of ^ between ints: 2 ^ 3 is 9 there; here it is 8.')
    return compute(expression.op as '+', this.typed(expression.left), this.typed(expression.right))
  }

  private readonly need = (what: Need): void => {
    this.needs.add(what)
  }
}

const some = (place: Place, condition: string): string =>
  `len(list_filter(${lists[place]}, lambda ${variables[place]}: ${condition})) > 0`

function joined(operator: ' AND ' | ' OR ', conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.map(each => `(${each})`).join(operator)})`
}

/** `a && b && c` as a list, in whatever way it is grouped; the same for ||. */
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

function placeOfName(named: Attribute | Intrinsic): Place[] {
  const scope = named.type === 'attribute' ? named.scope : named.name.split(':')[0]
  return scope === 'event' || scope === 'link' ? [scope] : []
}

const isTraceId = (side: Field): boolean => side.type === 'intrinsic' && side.name === 'trace:id'
const withoutZeros = (hex: string): string => hex.replace(/^0+/, '')

/** Whole ids are looked for as numbers, which is far faster than as texts. */
function idComparison(op: Binary['op'], side: Field, other: Field): string | undefined {
  if (op !== '=' || side.type !== 'intrinsic' || other.type !== 'literal' || other.value.kind !== 'string')
    return undefined
  const hex = other.value.value
  const { span } = aliases
  if (side.name === 'trace:id' && /^[\da-f]{1,32}$/.test(hex)) return `${span}.trace_id = '${traceIdOf(hex)}'::UHUGEINT`
  if (side.name === 'span:id' && /^[\da-f]{16}$/.test(hex)) return `${span}.span_id = '${traceIdOf(hex)}'::UBIGINT`
  return undefined
}
