import { expect, it } from 'vitest'
import { SeriesNode } from '../../../../../src/app/llm/report/metrics/series'

it('the attributes of a series are the same object for the same values, and have none without a value', () => {
  const root = SeriesNode.root()
  const chat = root.with('operation', 'chat')
  expect(root.with('operation', 'chat').with('model', undefined)).toBe(chat)
  expect(chat.with('port', 443).attributes).toEqual({ operation: 'chat', port: 443 })
  expect(chat.with('port', 443).attributes).toBe(chat.with('port', 443).attributes)
})

it('a limiter has room for so many values, and one for all others', () => {
  const root = SeriesNode.root()
  const first = root.with('n', -1)
  const made = new Set(Array.from({ length: 30_000 }, (_, n) => root.with('n', n).attributes))
  expect(made.size).toBe(20_000)
  expect([...made].at(-1)).toEqual({ 'otel.metric.overflow': true })
  expect(first.with('more', 1).with('and more', 2).attributes).toEqual({ 'otel.metric.overflow': true })
  expect(root.with('n', -1)).toBe(first)
})
