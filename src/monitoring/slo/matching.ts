/** Evaluates conditions on attributes in this process, with Prometheus' semantics. */
import type { Matcher, Matchers } from './spec'

/** @param values by attribute; a missing one counts as '' */
export const matchesAll = (matchers: Matchers, values: Readonly<Record<string, string>>): boolean =>
  matchers.every(matcher => matches(matcher, values[matcher.attribute] ?? ''))

export function matches({ operator, value }: Matcher, actual: string): boolean {
  if (operator === '=') return actual === value
  if (operator === '!=') return actual !== value
  return (expressionOf(value)?.test(actual) ?? false) === (operator === '=~')
}

const known = new Map<string, RegExp | undefined>()

/** An RE2 expression, anchored at both ends as in Prometheus; undefined if it is invalid. */
export function expressionOf(text: string): RegExp | undefined {
  if (!known.has(text)) {
    if (known.size > 1_000) known.clear()
    known.set(text, compiled(text))
  }
  return known.get(text)
}

/** Unlike JavaScript, RE2 has inline flags and `(?P<name>`, but no look-around and no back-references. */
function compiled(text: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(text.replace(/\\\\/g, ''))) return undefined
  const [, flags = ''] = /^\(\?([ims]+)\)/.exec(text) ?? []
  const body = text.replace(/^\(\?[ims]+\)/, '').replace(/\(\?P</g, '(?<')
  try {
    // in Prometheus, a dot matches any character
    return new RegExp(`^(?:${body})$`, [...new Set(`s${flags}`)].join(''))
  } catch {
    return undefined
  }
}
