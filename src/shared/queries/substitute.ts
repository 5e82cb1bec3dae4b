// Puts values where a query says `$name`, outside its strings and comments.
import { checkValue, literal } from './parameters'
import type { Language, Query } from './query'

/**
 * Filled in for PromQL: the whole window, the window of a rate (the step, five minutes at least), and by how much the counters
 * of a selector grew in the whole window: `$increase(metric{label="value"})`.
 */
export const builtIns = ['since', 'rate', 'increase']

/** A call of `$increase`, with its selector. */
const increaseOf = /\$increase\(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\)/g

/**
 * PromQL's own `increase()` extrapolates to the edges of the window: of a process of one export it makes up to 2.1 times
 * its cost, and of one whose first value is no 0 nothing. This is the last value less the one from before the window. A series
 * that was not there in the day before has begun in the window, at 0 as counters do. Where one restarts under the same
 * labels, `increase()` remains. The last value is the largest: of older samples Thanos keeps that, and no last one.
 */
export const increase = (selector: string, window = '$since'): string =>
  `((
  max_over_time(${selector}[${window}])
  - (last_over_time(${selector}[1d] offset ${window}) or 0 * max_over_time(${selector}[${window}]))
  unless resets(${selector}[${window}]) > 0
  unless min_over_time(${selector}[${window}]) < last_over_time(${selector}[1d] offset ${window})
) or increase(${selector}[${window}]))`

/** Strings and comments, in which nothing is replaced, or a place. */
const pieces: Record<Language, RegExp> = {
  traceql: /"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/[^\n]*|\$([a-z][a-z0-9_]*)/gs,
  promql: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|\$([a-z][a-z0-9_]*)/gs,
}

function withIncreases(body: string, language: Language): string {
  return language === 'promql' ? body.replace(increaseOf, (_, selector: string) => increase(selector)) : body
}

/** Names of the places, without `$`. */
export function placesIn(body: string, language: Language): string[] {
  return [...body.matchAll(pieces[language])].flatMap(([, name]) => name ?? [])
}

/**
 * The text to send.
 * @param values values by parameter name, as the user wrote them
 * @param filled the values of the built-ins
 * @throws Error when a value is missing, unknown or not of its type
 */
export function substitute(
  query: Query,
  values: Readonly<Record<string, string>>,
  filled: Readonly<Record<string, string>>,
): string {
  const { body, language, parameters } = query
  const unknown = Object.keys(values).find(name => !parameters.some(parameter => parameter.name === name))
  if (unknown !== undefined)
    throw new Error(
      `${query.name} has no parameter "${unknown}"; parameters: ${parameters.map(({ name }) => name).join(', ') || 'none'}`,
    )
  const texts: Record<string, string> = { ...filled }
  for (const parameter of parameters) {
    const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : parameter.fallback
    if (value === undefined)
      throw new Error(`${query.name} needs --param ${parameter.name}=…: ${parameter.meaning} (${parameter.type})`)
    const problem = checkValue(parameter, language, value)
    if (problem) throw new Error(problem)
    texts[parameter.name] = literal(parameter, language, value)
  }
  return withIncreases(body, language).replace(pieces[language], (piece, name?: string) =>
    name === undefined ? piece : (texts[name] ?? piece),
  )
}
