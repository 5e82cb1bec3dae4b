// The conversation of a large request, read from its end.
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { lastMessages } from '../../../src/app/guard/last-messages'
import { protocolAt } from '../../../src/app/llm/providers/paths'
import { noHeader } from '../../../src/app/llm/providers/protocol'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { Random } from '../../support/random'
import { type Shape, shapes, type Turn } from './agents'
import { call, excused, goodRun, loopOf, TOOLS, times } from './runs'
import { watch } from './watch'

const read = (body: string | Uint8Array) => [...lastMessages(body)].filter(one => one !== undefined).reverse()
const both = (text: string) => [read(text), read(Buffer.from(text))]

describe('messages from the end', () => {
  const WORDS = [
    '"',
    '\\',
    '\\\\"',
    '[{',
    '}]',
    ',',
    ':',
    '\u2028',
    'é',
    '日本',
    '😀',
    '\n',
    '{"role":"user"}',
    ' plain ',
    'null',
  ]

  it('are those of the request, whatever their texts are made of, and whatever stands around the list', () => {
    const next = new Random(12)
    const text = () => times(next.below(12), () => next.pick(WORDS)).join('')
    const value = (depth = 0): unknown => {
      const kind = next.below(depth > 3 ? 4 : 7)
      if (kind === 4) return times(next.below(4), () => value(depth + 1))
      if (kind > 4) return Object.fromEntries(times(next.below(4), n => [`${text()}${n}`, value(depth + 1)]))
      return [text(), next.below(1e6) / 7 - 1e5, next.below(2) === 0, null][kind]
    }
    for (let n = 0; n < 500; n++) {
      const messages = times(1 + next.below(6), at => ({ role: 'user', content: value(), at }))
      const more = [
        ['messages', messages],
        ['tools', times(next.below(3), () => ({ type: 'function', function: value() }))],
        ['stop', [text()]],
        ['model', text()],
        ['metadata', value()],
        ['temperature', -1.5e-7],
        ['stream', false],
      ] as const
      const request = Object.fromEntries(more.toSorted(() => next.below(3) - 1))
      const json = JSON.stringify(request, null, next.below(2) * 2)
      for (const found of both(json)) expect(found, json).toEqual(JSON.parse(JSON.stringify(messages)))
    }
  })

  it('have a digest in the place of a long text: equal texts stay equal, and others do not', () => {
    const long = (end: string) => 'x"\\é😀'.repeat(20_000) + end
    const contentsOf = (...contents: string[]) =>
      both(JSON.stringify({ messages: contents.map(content => ({ role: 'user', content })) })).map(found =>
        found.map(({ content }) => String(content)),
      )
    for (const [a, b, c] of contentsOf(long('a'), long('b'), long('a'))) {
      expect(a).toBe(c)
      expect(a).not.toBe(b)
      expect(a).toMatch(/^x…\[cut from \d+ bytes, sha256 [0-9a-f]{64} over \d+\]$/)
    }
    // not even a change in its middle, or of a half of a pair
    for (const [a, b] of contentsOf(`${long('a')}${long('a')}`, `${long('b')}${long('a')}`)) expect(a).not.toBe(b)
  })

  it('end before one that is too large to be parsed in one go, and where the request is no JSON', () => {
    const large = { role: 'tool', content: times(20_000, n => n) }
    const last = { role: 'user', content: 'a' }
    expect(both(JSON.stringify({ messages: [last, large, last] }))).toEqual([[last], [last]])
    for (const text of [
      '',
      'x',
      '}',
      ']}',
      '{"a":[1,}',
      '"}',
      '{"messages":[{"role":"a"}x]}',
      '\\"}',
      '[]',
      `${'\\'.repeat(99)}"]}`,
    ])
      expect(
        both(text).every(found => found.length <= 1),
        text,
      ).toBe(true)
  })

  it('are read piece by piece', () => {
    const content = 'a "quoted" text\n'.repeat(300_000)
    const pieces = [...lastMessages(JSON.stringify({ messages: [{ role: 'user', content }] }))]
    expect(pieces.length).toBeGreaterThan(100)
  })
})

/** A request with so much before the run, and as much in each result, as an agent has after an hour. */
describe.each(Object.entries(shapes))('a large request by %s', (_, shape) => {
  const FILL = 'Read this "file" first:\n'.repeat(50_000)

  async function refusalOf(shape: Shape, turns: readonly Turn[], asBytes: boolean): Promise<Error | undefined> {
    const url = new URL(shape.url)
    const protocol = protocolAt(url.pathname)!
    const reader = protocols[protocol]
    const request = shape.request(FILL, turns)
    const text = JSON.stringify({
      ...request,
      tools: times(30, n => ({ type: 'function', name: `t${n}`, parameters: { n } })),
    })
    expect(text.length).toBeGreaterThan(1_000_000)
    const body = asBytes ? Buffer.from(text) : text
    const parsed = reader.request(JSON.parse(text), url, noHeader)!
    const { provider } = reader
    const admission = watch().open({ protocol, reader, provider, url, parsed, body, context: ROOT_CONTEXT })
    return admission?.decision
  }

  const long = (turn: Turn, n: number): Turn =>
    n % 2 === 0 || !turn.calls
      ? turn
      : {
          ...turn,
          calls: turn.calls.map(one => ({ ...one, result: `${JSON.stringify(one.result)} ${FILL.slice(0, 200_000)}` })),
        }

  it('has its loop found within three repetitions, in each of ten', async () => {
    const next = new Random(38)
    for (let n = 0; n < 10; n++) {
      const cycle = loopOf(next, n % 5).map(turn => long(turn, n >> 1))
      const run = times(next.below(40), at => call(next.pick(TOOLS), { at }, `found ${at}`))
      const looped = times(3, () => cycle.map(turn => excused(next, turn))).flat()
      expect(await refusalOf(shape, [...run, ...looped.slice(0, -1)], n % 4 < 2), `loop ${n}`).toBeUndefined()
      expect(await refusalOf(shape, [...run, ...looped], n % 4 < 2), `loop ${n}`).toMatchObject({ repetitions: 3 })
    }
  })

  it('is left alone in each of twenty runs that get on', async () => {
    const next = new Random(501)
    for (let n = 0; n < 20; n++) {
      const run = times(1 + next.below(4), () => [
        ...goodRun(next, next.below(9)).map(turn => long(turn, n)),
        { text: 'Done.', reply: 'Go on.' },
      ]).flat()
      expect(await refusalOf(shape, run, n % 2 === 0), `run ${n}`).toBeUndefined()
    }
  })

  it('is counted back as far as 128 messages go', async () => {
    const stuck = times(30, () => call('search', { q: 'a' }, 'nothing'))
    expect(await refusalOf(shape, stuck, false)).toMatchObject({ repetitions: 30 })
  })
})
