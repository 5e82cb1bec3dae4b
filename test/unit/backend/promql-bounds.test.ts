// What a query of PromQL may cost before it is asked.

import { describe, expect, it } from 'vitest'
import { selectorsIn } from '../../../src/backend/api/prometheus/parameters'
import { matchesNothing } from '../../../src/backend/promql/empty-match'
import { parse } from '../../../src/backend/promql/parse'
import { random } from '../llm/random'

describe('whether an expression matches nothing at all is said', () => {
  it.each([
    ['(|)'.repeat(1_000) + 'x', false],
    ['(?:a?|b?)'.repeat(1_000), true],
    ['((((a?){1000}){1000}){1000}){1000}', true],
    ['((((a){1000}){1000}){1000}){1000}', false],
    ['('.repeat(10_000), false],
  ])('at once, though an engine that tries every way would not end (%#)', (expression, expected) => {
    expect(matchesNothing(expression)).toBe(expected)
  })

  it.each([
    ['(?i)', true],
    ['(?i)x*', true],
    ['(?i:a)?', true],
    ['(?P<name>a|)', true],
    ['\\Q\\E', true],
    ['\\Qa*\\E', false],
    ['\\pL*', false],
    ['\\p{Greek}*', true],
    ['\\x{41}*', true],
    ['\\A\\z', true],
  ])('of what RE2 alone has, as %s', (expression, expected) => {
    expect(matchesNothing(expression)).toBe(expected)
  })

  it('as the engine says, of expressions by chance', () => {
    const pieces = ['a', '.', '[a-z]', '[^\\]a]', '\\d', '\\.', '(', '(?:', ')', '|', '*', '+', '?', '??', '{0}', '{2}', '{0,3}', '{1,}?', '^', '$'] // biome-ignore format: a table
    let compared = 0
    for (let seed = 1; compared < 3_000; seed++) {
      const dice = random(seed)
      const expression = Array.from({ length: 1 + dice.below(8) }, () => pieces[dice.below(pieces.length)]).join('')
      // what RE2 refuses, or reads in another way, has no answer to compare with
      if (/[*+?}][*+{]|\?\?\?|[*+}]\?\?|[\^$|(][*+?{]/.test(expression)) continue
      let engine: RegExp
      try {
        new RegExp(expression)
        engine = new RegExp(`^(?:${expression})$`)
      } catch {
        continue
      }
      compared++
      expect(matchesNothing(expression), expression).toBe(engine.test(''))
    }
  })
})

it.each([
  ['more than 32 KiB', `{a="${'x'.repeat(32_768)}"}`, 'the limit is 32768'],
  ['brackets by the thousand', '('.repeat(8_000) + ')'.repeat(8_000), 'levels deep'],
  ['aggregations in aggregations, again and again', `${'sum('.repeat(90)}a${')'.repeat(90)}+`.repeat(30), 'more than'],
  ['signs by the thousand', '-'.repeat(16_000), 'more than'],
  ['operators without anything between them', ' or ---1'.repeat(200), 'operators and commas in 1600 characters'],
  ['comparisons by the hundred', `a${'<a'.repeat(600)}`, 'operators and commas'],
  ['arguments by the hundred', `abs(a${',a'.repeat(600)})`, 'operators and commas'],
  ['quotes that never end', 'x + "\\"\\"\\"'.repeat(1_000), 'unexpected'],
])('a query of %s is refused before the grammar reads it', (_, query, words) => {
  expect(() => parse(query)).toThrow(words)
})

it('a long query may have as many brackets, operators and commas as what people write', () => {
  const budget = '(sum by (job, code) (rate(http_requests_total{job="shop",code=~"5.."}[30d])) / 2) > 0.1'
  expect(() => parse(Array(120).fill(budget).join(' and '))).not.toThrow()
})

it('a query is refused at the place where it is none, which an editor would mend', () => {
  expect(() => parse('sum(a) b')).toThrow('1:8: parse error: unexpected "b"')
  expect(() => parse(`${'a'.repeat(10_000)} ! b`)).toThrow('1:10002: parse error: unexpected "!"')
  expect(() => parse('histogram(a)')).toThrow('1:10: parse error: unknown function with name "histogram"')
})

it('a question for series has at most twenty selectors, one for values fifty', () => {
  const selectors = (count: number) => new URLSearchParams(Array.from({ length: count }, () => ['match[]', 'up']))
  expect(selectorsIn(selectors(20))).toHaveLength(20)
  expect(() => selectorsIn(selectors(21))).toThrow('more than 20')
  const different = (count: number) => Array.from({ length: count }, (_, n) => `up${n}`).join(' or ')
  expect(() => parse(different(51))).toThrow('more than 50 different selectors')
  expect(() => parse(Array(251).fill('up').join(' or '))).toThrow('250 in total')
  expect(() => parse(`{${Array.from({ length: 201 }, (_, n) => `a${n}=~"x.*"`)}}`)).toThrow('200 label matchers')
})
