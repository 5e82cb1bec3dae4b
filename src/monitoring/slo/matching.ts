/** Conditions on attributes, judged in this process as Prometheus judges them. */
import type { Matcher, Matchers } from './spec'

/** @param values by attribute; one that is missing is '' */
export const matchesAll = (matchers: Matchers, values: Readonly<Record<string, string>>): boolean =>
  matchers.every(matcher => matches(matcher, values[matcher.attribute] ?? ''))

export function matches({ operator, value }: Matcher, actual: string): boolean {
  if (operator === '=') return actual === value
  if (operator === '!=') return actual !== value
  return (expressionOf(value)?.test(actual) ?? false) === (operator === '=~')
}

const known = new Map<string, RegExp | undefined>()

/** An expression of RE2, anchored at both ends as in Prometheus; undefined where it is none, or one that RE2 does not know. */
export function expressionOf(text: string): RegExp | undefined {
  if (!known.has(text)) {
    if (known.size > 1_000) known.clear()
    known.set(text, compiled(text))
  }
  return known.get(text)
}

/** RE2 knows flags in the text and named groups with a P, and neither look-around nor references. */
function compiled(text: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(text.replace(/\\\\/g, ''))) return undefined
  const [, flags = ''] = /^\(\?([ims]+)\)/.exec(text) ?? []
  const body = text.replace(/^\(\?[ims]+\)/, '').replace(/\(\?P</g, '(?<')
  try {
    // in Prometheus a dot is any character
    return new RegExp(`^(?:${body})$`, [...new Set(`s${flags}`)].join(''))
  } catch {
    return undefined
  }
}
