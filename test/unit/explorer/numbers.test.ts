// What the chart and the table of a query say of its numbers.
import { expect, it } from 'vitest'
import { numbersOf } from '../../../src/backend/explorer/traceql/numbers'

it.each([
  ['{} | quantile_over_time(duration, .95) by (resource.service.name)', '1.5 s', false, true],
  ['{} | max_over_time(span:duration)', '1.5 s', false, false],
  ['{} | avg_over_time(traceDuration)', '1.5 s', false, false],
  ['{} | sum_over_time(span.afn.llm.cost.total)', '$1.50', true, false],
  ['{} | avg_over_time(span.gen_ai.usage.input_tokens)', '1.5', false, false],
  ['{} | rate() by (status)', '1.5', false, false],
  ['{ name = "x" } | count_over_time()', '1.5', true, false],
  ['{} | rate() | topk(5)', '1.5', false, false],
])('a unit is missing, or quantiles are added up: %s', (query, text, addUp, zeroIsNothing) => {
  const numbers = numbersOf(query)
  expect({ ...numbers, format: numbers.format(1.5) }).toEqual({ format: text, addUp, zeroIsNothing })
})
