// The tool that compares ours with Tempo: that it sees what differs, and nothing else.
import { describe, expect, it } from 'vitest'
import type { Answered } from '../../conformance/traceql/ask'
import { corpus, corpusSeconds } from '../../conformance/traceql/data/corpus'
import { exportRequest } from '../../conformance/traceql/data/trace'
import { difference } from '../../conformance/traceql/judge'
import { normal } from '../../conformance/traceql/normal'
import { allQuestions } from '../../conformance/traceql/questions/all'
import type { Shape } from '../../conformance/traceql/questions/question'

const answered = (answer: unknown, starts: string[] = []): Answered => ({ status: 200, answer, said: '', starts })
const refused = (status: number): Answered => ({ status, answer: undefined, said: 'no', starts: [] })
const compared = (shape: Exclude<Shape, 'refused'>, tempo: object, ours: object) =>
  difference(shape, answered(normal[shape](tempo)), answered(normal[shape](ours)))

const trace = (id: string, more: object = {}) => ({
  traceID: id,
  rootServiceName: 'shop',
  startTimeUnixNano: '1',
  spanSets: [
    {
      matched: 1,
      spans: [
        {
          spanID: 'ab',
          durationNanos: '5',
          attributes: [
            { key: 'b', value: { intValue: 1 } },
            { key: 'a', value: { stringValue: '1' } },
          ],
        },
      ],
    },
  ],
  ...more,
})

describe('searches', () => {
  it('are the same in another order, with other zeros, and with statistics', () => {
    const ours = trace('00ff', { durationMs: 0, serviceStats: {}, afn: { tier: 'errors' } })
    ours.spanSets[0]!.spans[0]!.attributes.reverse()
    expect(
      compared('search', { traces: [trace('ff'), trace('ee')], metrics: {} }, { traces: [trace('ee'), ours] }),
    ).toBe(undefined)
  })

  it.each([
    ['a trace', { traces: [trace('ff')] }, { traces: [] }, /^1 in Tempo, 0 in ours; /],
    [
      'a count',
      { traces: [trace('ff')] },
      { traces: [trace('ff', { spanSets: [{ matched: 2 }] })] },
      /matched is 1 in Tempo and 2 in ours/,
    ],
    ['a trace that comes twice', { traces: [trace('ff')] }, { traces: [trace('ff'), trace('ff')] }, /again/],
  ])('differ by %s', (_, tempo, ours, message) => expect(compared('search', tempo, ours)).toMatch(message))

  it('have the newest first where Tempo has', () => {
    expect(difference('search', answered({}, ['3', '2']), answered({}, ['2', '3']))).toMatch(/newest first/)
    expect(difference('search', answered({}, ['2', '3']), answered({}, ['3', '2']))).toBe(undefined)
  })
})

describe('numbers', () => {
  const series = (value: number, labels = [{ key: 'a', value: { intValue: '1' } }]) => ({
    series: [{ labels, samples: [{ timestampMs: '1000', ...(value !== 0 && { value }) }] }],
  })

  it.each([
    [0.3, 0.1 + 0.2, undefined],
    [1, 1 + 1e-8, /1 in Tempo and 1.00000001 in ours/],
  ])('%d and %d', (tempo, ours, message) => {
    const found = compared('series', series(tempo), series(ours))
    if (message) expect(found).toMatch(message)
    else expect(found).toBe(undefined)
  })

  it('of labels of other types differ', () => {
    const text = [{ key: 'a', value: { stringValue: '1' } }]
    expect(compared('series', series(1), series(1, text as never))).toMatch(/absent/)
  })

  it('that are left out are 0', () => {
    expect(compared('instant', { series: [{ labels: [] }] }, { series: [{ labels: [], value: 0 }] })).toBe(undefined)
  })
})

it('wants what is refused to be refused by both', () => {
  expect(difference('refused', refused(400), refused(400))).toBe(undefined)
  expect(difference('refused', refused(400), answered({}))).toMatch(/400 by Tempo and 200 by ours/)
  expect(difference('search', answered({}), refused(500))).toMatch(/200 by Tempo and 500 by ours/)
})

describe('the corpus', () => {
  it('is the same each time, and whole', () => {
    const traces = corpus(7)
    expect(traces).toEqual(corpus(7))
    expect(traces).toHaveLength(5_000)
    expect(new Set(traces.map(({ id }) => id)).size).toBe(5_000)
    const spans = traces.flatMap(trace => trace.spans)
    const sent = [false, true].flatMap(late => exportRequest(traces, 0n, late).resourceSpans).flatMap(r => r.scopeSpans)
    expect(sent.reduce((sum, scope) => sum + scope.spans.length, 0)).toBe(spans.length)
    expect(spans.every(({ at }) => at >= 0 && at <= corpusSeconds * 1e9)).toBe(true)
  }, 30_000)
})

it('has a list in which every question stands once', () => {
  const keys = allQuestions(['00ab', 'cd']).map(({ shape, path, text }) => `${shape} ${path} ${text}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThan(500)
})
