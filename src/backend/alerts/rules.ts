// A rule of a file in parsed form: its expression, how far it looks back, and for how long its results are needed.

import type { Rule, RuleGroup } from '../../monitoring/slo/rule-file'
import { secondsOfDuration } from '../../shared/queries/window'
import type { Expr, Selector } from '../promql/ast'
import { check } from '../promql/check'
import { PromqlError } from '../promql/error'
import { METRIC } from '../promql/labels'
import { parse } from '../promql/parse'
import { type Selection, selectionsOf } from '../promql/selections'
import { AlertRule } from './alert-rule'

/**
 * Milliseconds. Rules are evaluated at whole minutes even if their group sets a shorter interval, because apps send their metrics once a
 * minute.
 */
export const INTERVAL = 60_000
/** Milliseconds for which results are kept. After a start, alerts are evaluated back to this age. */
const KEPT = 86_400_000

export interface ReadRule {
  readonly rule: Rule
  readonly group: string
  readonly expr: Expr
  /** Milliseconds between two evaluations. */
  readonly interval: number
  /** Milliseconds for which later evaluations need its results. */
  history: number
  /** The series whose absence the rule checks. */
  readonly absent: readonly Selector[]
  /** Undefined for a recording rule. */
  readonly alerts: AlertRule | undefined
  /** Whether the labels of its alerts depend on more than the labels of the sample. */
  readonly hasValueInLabels: boolean
  /** Why the last evaluation failed. */
  problem: string | undefined
}

/** A sentence about a rule of a group. */
export interface Problem {
  readonly group: string
  readonly text: string
}

/** @returns the rules in file order, and why others can't be evaluated */
export function readRules(groups: readonly RuleGroup[]): { rules: readonly ReadRule[]; problems: readonly Problem[] } {
  const rules: ReadRule[] = []
  const problems: Problem[] = []
  for (const { name, interval, rules: all } of groups)
    for (const rule of all)
      try {
        rules.push({
          rule,
          group: name,
          expr: parsed(rule.expr),
          interval: Math.max(INTERVAL, Math.ceil(milliseconds(interval) / INTERVAL) * INTERVAL),
          history: KEPT,
          absent: rule.alert ? absentIn(parsed(rule.expr)) : [],
          alerts: rule.alert
            ? new AlertRule({ for: milliseconds(rule.for), keepFiringFor: milliseconds(rule.keep_firing_for) })
            : undefined,
          hasValueInLabels: Object.values(rule.labels ?? {}).some(text => /\$value|\.Value|query/.test(text)),
          problem: undefined,
        })
      } catch (error) {
        if (!(error instanceof PromqlError)) throw error
        problems.push({ group: name, text: `the rule ${nameOf(rule)} can't be evaluated: ${error.message}` })
      }
  for (const one of rules) keepFor(one, one.history, rules, new Set())
  return { rules, problems }
}

export const nameOf = ({ alert, record }: Rule): string => alert ?? record ?? ''

/** The series that the expression selects for this range of moments. */
export const selectedBy = ({ expr }: Pick<ReadRule, 'expr'>, from: number, to: number): Selection[] =>
  selectionsOf(expr, { from, to }, at => (typeof at === 'number' ? at : to))

const milliseconds = (duration: string | undefined): number =>
  duration === undefined ? 0 : secondsOfDuration('a duration', duration) * 1_000

function parsed(query: string): Expr {
  const expr = parse(query)
  check(query, expr)
  return expr
}

/** Makes the rules whose records `reader` selects keep them for as long as it looks back. */
function keepFor(reader: ReadRule, history: number, rules: readonly ReadRule[], above: ReadonlySet<ReadRule>): void {
  reader.history = Math.max(reader.history, history)
  const within = new Set([...above, reader])
  for (const { selectors, from } of selectedBy(reader, 0, 0)) {
    const name = selectors[0]!.matchers.find(({ label, operator }) => label === METRIC && operator === '=')?.value
    for (const one of rules)
      if (one.rule.record === name && name !== undefined && !within.has(one)) {
        const needed = history - from
        if (needed > one.history) keepFor(one, needed, rules, within)
      }
  }
}

/** Finds the series in `absent(…)`, and those in `… offset 1d unless …`, which were there before and are not any more. */
function absentIn(expr: Expr): Selector[] {
  const found: Selector[] = []
  const walk = (part: unknown, isWithin: boolean): void => {
    if (typeof part !== 'object' || part === null) return
    const one = part as Expr
    const isAbsent = isWithin || (one.type === 'call' && /^absent/.test(one.name))
    if (one.type === 'selector') {
      if (isAbsent) found.push(one)
    } else if (one.type === 'binary' && one.operator === 'unless' && isPast(one.left)) walk(one.right, true)
    else for (const inner of Object.values(one)) for (const each of [inner].flat()) walk(each, isAbsent)
  }
  walk(expr, false)
  return found
}

function isPast(expr: Expr): boolean {
  const selections = selectionsOf(expr, { from: 0, to: 0 }, () => 0)
  return selections.length > 0 && selections.every(({ to }) => to < 0)
}
