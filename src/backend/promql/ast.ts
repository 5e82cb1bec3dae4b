/** A query of PromQL as the evaluator reads it. All times and durations are in milliseconds; places are from 0, in the query. */
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

/** Time since 1970, or an end of the query's own range. */
export type At = number | 'start' | 'end'

/** What a selector and a subquery may have behind them. */
export interface Shift {
  readonly offset: number
  readonly at: At | undefined
}

export interface Selector extends PositionRange, Shift {
  readonly type: 'selector'
  /** With one on `__name__` where the query has a name. */
  readonly matchers: readonly Matcher[]
  /** Of a range vector; undefined: of an instant vector. */
  readonly range: number | undefined
}

export interface Subquery extends PositionRange, Shift {
  readonly type: 'subquery'
  readonly of: Expr
  readonly range: number
  /** Undefined: the default of the evaluator. */
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
  /** `without` these labels; else `by` them. */
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
  /** Which side may have several series for each of the other side. */
  readonly many: 'left' | 'right' | undefined
  /** Labels that the result gets from the side that has one. */
  readonly include: readonly string[]
}

export interface Binary extends PositionRange {
  readonly type: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expr
  readonly right: Expr
  readonly bool: boolean
  /** Undefined: by all labels. */
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

/** The range vector that an expression is, within any brackets. */
export function rangeIn(expr: Expr): (Selector & { readonly range: number }) | Subquery | undefined {
  if (expr.type === 'paren') return rangeIn(expr.of)
  if (expr.type === 'subquery') return expr
  const isRange = expr.type === 'selector' && expr.range !== undefined
  return isRange ? (expr as Selector & { readonly range: number }) : undefined
}
