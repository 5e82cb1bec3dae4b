import type { Span } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { Doubles } from '../../../src/llm/doubles'

interface Ended {
  context: { spanId: string }
  of?: string[]
}

/** A live span as far as it is looked at. */
function live(spanId: string, operation?: string, recording = true): Span {
  return {
    spanContext: () => ({ spanId }),
    isRecording: () => recording,
    attributes: operation ? { 'gen_ai.operation.name': operation } : {},
  } as unknown as Span
}
const ended = (spanId: string): Ended => ({ context: { spanId } })
const create = () =>
  new Doubles<Ended>((theirs, ours) => ({ context: theirs.context, of: [theirs.context.spanId, ours.context.spanId] }))
const united = (theirs: string, ours: string) => ({ context: { spanId: theirs }, of: [theirs, ours] })

describe('a call that is traced twice', () => {
  it.each([
    ['theirs ends last', ['ours', 'theirs']],
    ['ours ends last', ['theirs', 'ours']],
  ])('is one span when both have ended: %s', (_, order) => {
    const doubles = create()
    doubles.pair(live('theirs', 'chat'), live('ours'))
    const [first, second] = order as [string, string]
    expect(doubles.take(ended(first))).toEqual([])
    expect(doubles.take(ended(second))).toEqual([united('theirs', 'ours')])
    expect(doubles.release()).toEqual([])
  })

  it('with retries the last attempt is the call, and those before it stay', () => {
    const doubles = create()
    doubles.pair(live('theirs', 'chat'), live('first'))
    expect(doubles.take(ended('first'))).toEqual([])
    doubles.pair(live('theirs', 'chat'), live('second'))
    doubles.take(ended('second'))
    expect(doubles.take(ended('theirs'))).toEqual([ended('first'), united('theirs', 'second')])
  })

  it('is taken apart when somebody flushes and one half has not ended', () => {
    const doubles = create()
    doubles.pair(live('theirs', 'chat'), live('ours'))
    doubles.take(ended('ours'))
    expect(doubles.release()).toEqual([ended('ours')])
    expect(doubles.take(ended('theirs'))).toEqual([ended('theirs')])
  })
})

it.each([
  ['an agent', live('other', 'invoke_agent')],
  ['a request of the app', live('other')],
  ['a span that has ended', live('other', 'chat', false)],
  ['nothing', undefined],
])('%s above a call is no double of it', (_, active) => {
  const doubles = create()
  doubles.pair(active, live('ours'))
  expect(doubles.take(ended('ours'))).toEqual([ended('ours')])
})

it('holds a bounded number of calls', () => {
  const doubles = create()
  for (let n = 0; n < 10_000; n++) doubles.pair(live(`theirs ${n}`, 'chat'), live(`ours ${n}`))
  expect(doubles.take(ended('ours 0'))).toEqual([ended('ours 0')])
  doubles.take(ended('ours 9999'))
  expect(doubles.take(ended('theirs 9999'))).toEqual([united('theirs 9999', 'ours 9999')])
})
