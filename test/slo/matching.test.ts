import { describe, expect, it } from 'vitest'
import { expressionOf, matchesAll } from '../../src/monitoring/slo/matching'
import type { Matcher } from '../../src/monitoring/slo/spec'

const one = (operator: Matcher['operator'], value: string): Matcher => ({ attribute: 'a', operator, value })

describe('conditions on attributes', () => {
  // read in Prometheus' documentation of selectors: anchored, and a label that is missing is ''
  it.each([
    ['=', 'x', { a: 'x' }, true],
    ['=', '', {}, true],
    ['!=', '', {}, false],
    ['=~', '5..', { a: '503' }, true],
    ['=~', '5..', { a: '5030' }, false],
    ['=~', '.*', {}, true],
    ['=~', 'a|b', { a: 'ab' }, false],
    ['=~', '(?i)timeout', { a: 'TimeOut' }, true],
    ['=~', '.+', { a: 'two\nlines' }, true],
    ['!~', '5..', { a: '200' }, true],
  ] as const)('%s "%s" judges %o as Prometheus does', (operator, value, attributes, expected) => {
    expect(matchesAll([one(operator, value)], attributes)).toBe(expected)
  })

  it.each(['(', 'a(?=b)', 'a(?<!b)', '(a)\\1', '[z-a]'])('%s is no expression of RE2', text => {
    expect(expressionOf(text)).toBeUndefined()
  })
})
