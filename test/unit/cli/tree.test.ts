// The tree of a trace in the terminal, where senders or agents go to extremes.
import { expect, it } from 'vitest'
import { duration } from '../../../src/cli/local/terminal-format'
import { treeLines } from '../../../src/cli/local/tree'

const id = (number: number): string => number.toString(16).padStart(16, '0')

/** @param parents of each span its parent's index; undefined for a root */
function treeOf(parents: readonly (number | undefined)[]): string[] {
  const spans = parents.map((parent, index) => ({
    spanId: id(index + 1),
    ...(parent !== undefined && { parentSpanId: id(parent + 1) }),
    name: `step ${index}`,
    startTimeUnixNano: String(index),
    endTimeUnixNano: String(index),
  }))
  return treeLines({ trace: { resourceSpans: [{ scopeSpans: [{ spans }] }] } }).slice(1)
}

it('keeps the names of spans that are far down, and says how far', () => {
  const lines = treeOf(Array.from({ length: 5_000 }, (_, index) => (index === 0 ? undefined : index - 1)))
  expect(lines).toHaveLength(5_000)
  expect(lines.filter((line, index) => !line.includes(`step ${index} `))).toEqual([])
  expect(lines[8]).toMatch(/^ {21}└─ step 8 /)
  expect(lines[9]).toMatch(/^…9 {22}└─ step 9 /)
  expect(lines[4_999]).toMatch(/^…4999 +└─ step 4999 /)
})

it('shows every span of a circle once', () => {
  const lines = treeOf([2, 0, 1, 3, undefined, 4])
  expect(lines.map(line => /step \d/.exec(line)?.[0]).sort()).toEqual([0, 1, 2, 3, 4, 5].map(at => `step ${at}`))
})

it('says another duration than the list, which has whole milliseconds', () => {
  for (const ms of [10.96, 509.7, 999.99, 1_304.9, 1_305.4, 59_999.9, 60_500.5])
    expect(duration(ms)).toBe(duration(Math.trunc(ms)))
  expect([0.0004, 0.98, 9.79].map(duration)).toEqual(['0 µs', '980 µs', '9.7 ms'])
})

it('calls a stream without token counts unpriced, whose model has a price, or keeps to itself how to get them', () => {
  const call = (more: { key: string; value: object }[]) =>
    treeLines({
      trace: {
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    spanId: id(1),
                    name: 'chat gpt-5-mini',
                    startTimeUnixNano: '1',
                    endTimeUnixNano: '2',
                    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }, ...more],
                  },
                ],
              },
            ],
          },
        ],
      },
    })[1]
  const stream = { key: 'gen_ai.request.stream', value: { boolValue: true } }
  const tokens = { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } }
  expect(call([stream])).toContain('tokens unknown (to request them, set AFN_INCLUDE_USAGE=on)')
  expect(call([])).toMatch(/tokens unknown$/)
  expect(call([stream, tokens])).toMatch(/unpriced$/)
})
