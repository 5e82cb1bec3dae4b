/**
 * Decides which values a matcher accepts. Its expressions are RE2, so `Expressions` provides an RE2 engine: JavaScript's dialect differs.
 */
import type { Matcher } from './ast'
import { matchesNothing } from './empty-match'
import type { Labels } from './labels'

/** Matches values against RE2 expressions. An expression must match the whole value, and `.` matches any character. */
export interface Expressions {
  /** @throws PromqlError for invalid RE2 */
  matches(expression: string, values: readonly string[]): Promise<readonly boolean[]>
  /**
   * The groups of an expression in each value, group 0 first; undefined for values that do not match.
   * @throws PromqlError for invalid RE2
   */
  groups(expression: string, values: readonly string[]): Promise<readonly (Groups | undefined)[]>
}

export interface Groups {
  readonly numbered: readonly string[]
  readonly named: Readonly<Record<string, string>>
}

/** Expressions that need no engine: alternatives of plain text. */
const plain = /^[\w\-:/ @,=;%&#<>!~'"]*(?:\|[\w\-:/ @,=;%&#<>!~'"]*)*$/

/** @returns whether each value is accepted */
export async function accepted(matcher: Matcher, values: readonly string[], engine: Expressions): Promise<boolean[]> {
  const { operator, value } = matcher
  const wanted = operator === '=' || operator === '=~'
  if (operator === '=' || operator === '!=') return values.map(text => (text === value) === wanted)
  const test = withoutEngine(value)
  if (test) return values.map(text => test(text) === wanted)
  const found = await engine.matches(value, values)
  return found.map(isMatch => isMatch === wanted)
}

function withoutEngine(expression: string): ((text: string) => boolean) | undefined {
  if (expression === '.*') return () => true
  if (expression === '.+') return text => text !== ''
  if (!plain.test(expression)) return undefined
  const texts = new Set(expression.split('|'))
  return text => texts.has(text)
}

/** Whether the matcher accepts a series without the label. */
export function acceptsNothing({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === ''
  if (operator === '!=') return value !== ''
  return matchesNothing(value) === (operator === '=~')
}

/** @returns whether each series meets all matchers */
export async function acceptedSeries(
  matchers: readonly Matcher[],
  series: readonly Labels[],
  engine: Expressions,
): Promise<boolean[]> {
  const verdicts = await Promise.all(
    matchers.map(matcher =>
      accepted(
        matcher,
        series.map(labels => labels.get(matcher.label)),
        engine,
      ),
    ),
  )
  return series.map((_, at) => verdicts.every(each => each[at]))
}
