// The user's own model between redaction and batching: what it finds goes, and what it did not get does not leave.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WaitingRoom } from '../../../src/app/llm/spans/waiting-room'
import { NerStage } from '../../../src/app/sdk/ner'
import type { Ner } from '../../../src/app/sdk/ner-model'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { createRedactor } from '../../../src/shared/redact'

const redactor = createRedactor({ mode: 'pseudonym', hmac: text => text.padEnd(16, '0').replace(/[^0-9a-f]/g, 'e') })
const failed = '[REDACTION_FAILED]'

/** Names are what begins with a capital Z. */
const model: Ner = async texts =>
  texts.map(text =>
    [...text.matchAll(/Z\w+/g)].map(({ index, 0: name }) => ({ start: index, end: index + name.length, type: 'NAME' })),
  )

const span = (name: string, content?: string) =>
  ({
    links: [],
    name,
    attributes: { other: 'Zoe', ...(content && { 'gen_ai.input.messages': content }) },
    events: content
      ? [
          { name: 'gen_ai.user.message', attributes: { content } },
          { name: 'said', attributes: { text: 'Zoe' } },
        ]
      : [],
  }) as unknown as SpanCopy

function stage(ner: Ner) {
  const left: SpanCopy[] = []
  const next = { add: (one: SpanCopy) => left.push(one), flush: async () => {} }
  return { left, stage: new NerStage(ner, redactor, next, new WaitingRoom()) }
}

const contentOf = ({ attributes, events }: SpanCopy) => [
  attributes['gen_ai.input.messages'],
  events[0]?.attributes?.content,
]

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => vi.restoreAllMocks())

it('a model of the user masks what it finds in content, and our masks and all else stay', async () => {
  const { left, stage: through } = stage(model)
  const live = span('a', '[{"content":"Zoe and Zack met [NAME:0123456789abcdef]"}]')
  const before = structuredClone(live)
  through.add(Object.assign(span(''), live))
  through.add(span('b'))
  // what has no content does not wait for the model
  expect(left.map(({ name }) => name)).toEqual(['b'])
  await through.flush()
  expect(left.map(({ name }) => name)).toEqual(['b', 'a'])
  const [masked, event] = contentOf(left[1]!)
  expect(masked).toMatch(
    /^\[\{"content":"\[NAME:[\da-f]{16}\] and \[NAME:[\da-f]{16}\] met \[NAME:0123456789abcdef\]"\}\]$/,
  )
  expect(event).toBe(masked)
  expect(left[1]!.attributes.other).toBe('Zoe')
  expect(left[1]!.events[1]!.attributes).toEqual({ text: 'Zoe' })
  expect(live).toEqual(before)
})

it.each<[string, Ner]>([
  [
    'throws',
    () => {
      throw new Error('no model')
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('no model')
    },
  ],
  ['answers too little', async () => []],
  ['answers something else', (async texts => texts.map(() => [{ start: 0, end: 9_999, type: 'NAME' }])) as Ner],
])('a model that %s leaves nothing of the content, and the span goes on', async (_, ner) => {
  // biome-ignore format: a table
  const { errors } = redactor.counts
  const { left, stage: through } = stage(ner)
  through.add(span('a', 'hello'))
  await through.flush()
  expect(left.map(contentOf)).toEqual([[failed, failed]])
  expect(left[0]!.attributes.other).toBe('Zoe')
  expect(redactor.counts.errors).toBe(errors + 2)
})

it('a model that never answers is not waited for', async () => {
  vi.useFakeTimers()
  let isAborted = false
  const { left, stage: through } = stage((_, signal) => new Promise(() => signal.addEventListener('abort', () => { isAborted = true }))) // biome-ignore format: one line
  through.add(span('a', 'hello'))
  const flushed = through.flush()
  await vi.runAllTimersAsync()
  vi.useRealTimers()
  await flushed
  expect(left.map(contentOf)).toEqual([[failed, failed]])
  expect(isAborted).toBe(true)
})

it('a process that ends at once takes the spans along without their content, once', async () => {
  let answer = (_: never[][]) => {}
  const { left, stage: through } = stage(() => new Promise(resolve => { answer = resolve })) // biome-ignore format: one line
  through.add(span('a', 'hello'))
  const flushed = through.flush()
  await new Promise(resolve => setImmediate(resolve))
  through.drainNow()
  expect(left.map(contentOf)).toEqual([[failed, failed]])
  answer([[], []])
  await flushed
  expect(left).toHaveLength(1)
})
