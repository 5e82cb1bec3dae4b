/** The syntax tree of PromQL. Times and durations are in milliseconds, positions are offsets in the query. */
export interface PositionRange {
  readonly from: number
  readonly to: number
}

export type MatchOperator = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  readonly label: string
  readonly operator: MatchOperator
  readonly value: string
}

/** Milliseconds since 1970, or the start or end of the query. */
export type At = number | 'start' | 'end'

/** The modifiers of selectors and subqueries. */
export interface Shift {
  readonly offset: number
  readonly at: At | undefined
}

export interface Selector extends PositionRange, Shift {
  readonly type: 'selector'
  /** Includes a matcher of `__name__` if the selector has a metric name. */
  readonly matchers: readonly Matcher[]
  /** Undefined for an instant vector. */
  readonly range: number | undefined
}

export interface Subquery extends PositionRange, Shift {
  readonly type: 'subquery'
  readonly of: Expr
  readonly range: number
  /** Undefined: the evaluator's default. */
  readonly step: number | undefined
}

export interface Call extends PositionRange {
  readonly type: 'call'
  readonly name: string
  readonly args: readonly Expr[]
}

export type AggregateOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values'

export interface Aggregate extends PositionRange {
  readonly type: 'aggregate'
  readonly operator: AggregateOperator
  readonly of: Expr
  readonly parameter: Expr | undefined
  /** True for `without`, false for `by`. */
  readonly without: boolean
  readonly labels: readonly string[]
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2'
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<='
export type SetOperator = 'and' | 'or' | 'unless'
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator

export interface Matching {
  readonly on: boolean
  readonly labels: readonly string[]
  /** The side that may have several series per match. */
  readonly many: 'left' | 'right' | undefined
  /** Labels that group_left or group_right copies from the other side. */
  readonly include: readonly string[]
}

export interface Binary extends PositionRange {
  readonly type: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expr
  readonly right: Expr
  readonly bool: boolean
  /** Undefined: matches by all labels. */
  readonly matching: Matching | undefined
}

export interface Unary extends PositionRange {
  readonly type: 'unary'
  readonly operator: '+' | '-'
  readonly of: Expr
}

export interface Paren extends PositionRange {
  readonly type: 'paren'
  readonly of: Expr
}

export interface NumberLiteral extends PositionRange {
  readonly type: 'number'
  readonly value: number
}

export interface StringLiteral extends PositionRange {
  readonly type: 'string'
  readonly value: string
}

export type Expr = Selector | Subquery | Call | Aggregate | Binary | Unary | Paren | NumberLiteral | StringLiteral

export const comparisons: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<='])
export const setOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless'])

/** Returns the range vector that the expression consists of, inside any parentheses. */
export function rangeIn(expr: Expr): (Selector & { readonly range: number }) | Subquery | undefined {
  if (expr.type === 'paren') return rangeIn(expr.of)
  if (expr.type === 'subquery') return expr
  const isRange = expr.type === 'selector' && expr.range !== undefined
  return isRange ? (expr as Selector & { readonly range: number }) : undefined
}
