// What a query of TraceQL may cost before it is asked.
import { expect, it } from 'vitest'
import { parse } from '../../../../src/backend/traceql/parse'

it.each([
  ['digits before a unit that is none', `{ .a = ${'1'.repeat(100_000)}n }`, 'does not fit into 64 bits'],
  ['comments that do not end', '/* '.repeat(40_000), 'the comment is not closed'],
  ['numbers with points between them', `{ .a = ${'1.'.repeat(60_000)}1 }`, 'expected'],
  ['signs before a number', `${'-'.repeat(100_000)}1`, 'nested more than 100 levels deep'],
  ['stages', `{}${'|{}'.repeat(40_000)}`, 'more than 200 stages'],
  ['names', `{} | select(${'span.a, '.repeat(10_000)}span.b)`, 'more than 200 stages and list items'],
  ['quantiles', `{} | quantile_over_time(duration${', .5'.repeat(10_000)})`, 'more than 200 stages and list items'],
  ['questions joined by their descendants', '{}!>>'.repeat(1_000) + '{}', 'more than 21 queries'],
  ['sums of rates', '({} | rate())+'.repeat(1_000) + '({} | rate())', 'more than 21 queries'],
])('a query of %s by the thousand is refused', (_, text, words) => {
  expect(() => parse(text)).toThrow(words)
})

it('what is wrong is shown as far as somebody reads it', () => {
  expect(() => parse('x'.repeat(100_000))).toThrow(/^.{200,400}$/)
})
