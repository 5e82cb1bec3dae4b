/** Which values a matcher accepts. The language of its expressions is RE2; `Expressions` has the engine, since JavaScript's is another language. */
import type { Matcher } from './ast'
import { matchesNothing } from './empty-match'
import type { Labels } from './labels'

/** Judges values by RE2. A value is matched as a whole, and `.` is every character. */
export interface Expressions {
  /** @throws PromqlError where it is no RE2 */
  matches(expression: string, values: readonly string[]): Promise<readonly boolean[]>
  /**
   * What the groups of an expression found in each value, the whole first; undefined: the value does not match.
   * @throws PromqlError where it is no RE2
   */
  groups(expression: string, values: readonly string[]): Promise<readonly (Groups | undefined)[]>
}

export interface Groups {
  readonly numbered: readonly string[]
  readonly named: Readonly<Record<string, string>>
}

/** What needs no engine: an alternation of plain texts, and everything. */
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

/** Whether a series without the label is accepted. */
export function acceptsNothing({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === ''
  if (operator === '!=') return value !== ''
  return matchesNothing(value) === (operator === '=~')
}

/** @returns whether each series has what all matchers want */
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
