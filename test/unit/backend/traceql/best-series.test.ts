// Which series topk() and bottomk() keep of those whose values are equal: as Tempo does, the same ones each time.
import { expect, it } from 'vitest'
import { best } from '../../../../src/backend/traceql/metrics/best'
import { type Label, setOf } from '../../../../src/backend/traceql/metrics/series'

const kept = (type: 'topk' | 'bottomk', limit: number, values: readonly Label['value'][]) => {
  const set = setOf(values.map(value => ({ labels: [{ key: 'a', value }], values: [7], exemplars: [] })))
  return [...best(type, limit, set).values()].map(({ labels }) => labels[0]!.value)
}

it.each([
  [[{ stringValue: 'b' }, { stringValue: 'a' }, { stringValue: 'c' }], { stringValue: 'a' }, { stringValue: 'c' }],
  // without a sign -1 is the greatest
  [[{ intValue: '3' }, { intValue: '-1' }, { intValue: '9' }], { intValue: '-1' }, { intValue: '3' }],
  [[{ doubleValue: 1.5 }, { doubleValue: 2 }, { intValue: '9' }], { doubleValue: 2 }, { intValue: '9' }],
  [[{ boolValue: false }, { boolValue: true }, { intValue: '9' }], { boolValue: true }, { intValue: '9' }],
  [[{ stringValue: 'b' }, { boolValue: true }], { boolValue: true }, { stringValue: 'b' }],
])('the limit of series keeps the best of %j', (values, first, last) => {
  expect(kept('topk', 1, values)).toEqual([first])
  expect(kept('bottomk', 1, values)).toEqual([last])
})

it('the limit of series changes nothing where there are no more', () => {
  const values = [{ stringValue: 'a' }, { stringValue: 'b' }]
  expect(kept('topk', 2, values)).toEqual(values)
})
